"""The first tables: people, rooms and who is in them, alerts, messages."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NOT_ENDED = sa.text("state != 'ended'")


def upgrade() -> None:
    """Create them, parents first."""
    _people()
    _rooms()
    _invitations()
    _room_teachers()
    _participants()
    _messages()
    _alerts()


def downgrade() -> None:
    """Drop them, children first."""
    for table in ("alerts", "messages", "participants", "room_teachers", "invitations", "rooms", "people"):
        op.drop_table(table)


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        _moment("created_at", nullable=False),
        sa.Column("session_version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("email", name="uq_people_email"),
    )


def _rooms() -> None:
    op.create_table(
        "rooms",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("code", sa.String(6), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("exam_kind", sa.String(8), nullable=False),
        sa.Column("exam_text", sa.Text, nullable=False),
        sa.Column("exam_file", sa.LargeBinary),
        _moment("created_at", nullable=False),
        _moment("started_at"),
        _moment("ended_at"),
        sa.PrimaryKeyConstraint("id", name="pk_rooms"),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name="fk_rooms_owner_id_people"),
    )
    op.create_index("ix_rooms_owner_id", "rooms", ["owner_id"])
    op.create_index(
        "uq_rooms_open_code", "rooms", ["code"], unique=True, sqlite_where=NOT_ENDED, postgresql_where=NOT_ENDED
    )


def _invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("room_id", sa.String(32)),
        sa.Column("created_by", sa.Integer, nullable=False),
        _moment("created_at", nullable=False),
        _moment("expires_at", nullable=False),
        _moment("used_at"),
        sa.Column("used_by", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.UniqueConstraint("token_hash", name="uq_invitations_token_hash"),
        _parent("invitations", "room_id", "rooms"),
        _parent("invitations", "created_by", "people"),
        _parent("invitations", "used_by", "people", "SET NULL"),
    )


def _room_teachers() -> None:
    op.create_table(
        "room_teachers",
        sa.Column("room_id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("role", sa.String(8), nullable=False),
        _moment("joined_at", nullable=False),
        sa.PrimaryKeyConstraint("room_id", "person_id", name="pk_room_teachers"),
        _parent("room_teachers", "room_id", "rooms"),
        _parent("room_teachers", "person_id", "people"),
    )
    op.create_index("ix_room_teachers_person_id", "room_teachers", ["person_id"])


def _participants() -> None:
    op.create_table(
        "participants",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("room_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        _moment("agreed_at"),
        _moment("joined_at", nullable=False),
        _moment("left_at"),
        sa.PrimaryKeyConstraint("id", name="pk_participants"),
        sa.UniqueConstraint("room_id", "id", name="uq_participants_room_id"),
        _parent("participants", "room_id", "rooms"),
    )
    op.create_index("ix_participants_room_id", "participants", ["room_id"])


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("room_id", sa.String(32), nullable=False),
        sa.Column("client_id", sa.String(64), nullable=False),
        sa.Column("sender_kind", sa.String(8), nullable=False),
        sa.Column("sender_id", sa.String(32), nullable=False),
        sa.Column("sender_name", sa.String(60), nullable=False),
        sa.Column("to_kind", sa.String(8), nullable=False),
        sa.Column("to_id", sa.String(32)),
        sa.Column("text", sa.Text, nullable=False),
        _moment("sent_at", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint("room_id", "sender_kind", "sender_id", "client_id", name="uq_messages_once"),
        _parent("messages", "room_id", "rooms"),
    )
    op.create_index("ix_messages_room_id_id", "messages", ["room_id", "id"])


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("room_id", sa.String(32), nullable=False),
        sa.Column("participant_id", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("severity", sa.String(8), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("numbers", sa.JSON, nullable=False),
        _moment("started_at", nullable=False),
        _moment("raised_at", nullable=False),
        _moment("ended_at"),
        sa.Column("evidence", sa.String(120)),
        sa.Column("verdict", sa.String(12), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("handled_by", sa.Integer),
        _moment("handled_at"),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
        _parent("alerts", "room_id", "rooms"),
        _parent("alerts", "participant_id", "participants"),
        _parent("alerts", "handled_by", "people", "SET NULL"),
    )
    op.create_index("ix_alerts_participant_id", "alerts", ["participant_id"])
    op.create_index("ix_alerts_room_raised", "alerts", ["room_id", "raised_at"])


def _moment(name: str, nullable: bool = True) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _parent(table: str, column: str, parent: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{parent}"
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=name, ondelete=ondelete)
