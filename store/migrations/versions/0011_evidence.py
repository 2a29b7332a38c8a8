"""Capsules, the chain of each room, its checkpoints, keys and holds; nothing of this was kept before."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _make_capsules()
    _make_chain()
    op.create_table(
        "data_keys",
        sa.Column("owner", sa.String(80), nullable=False),
        sa.Column("room_id", sa.String(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("owner", name="pk_data_keys"),
        _of_room("data_keys"),
    )
    op.create_index("ix_data_keys_room_id", "data_keys", ["room_id"])
    op.create_table(
        "evidence_holds",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("room_id", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("held_by", sa.String(255), nullable=False),
        sa.Column("held_at", MOMENT, nullable=False),
        sa.Column("released_by", sa.String(255), nullable=False),
        sa.Column("released_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_evidence_holds"),
        _of_room("evidence_holds"),
    )
    op.create_index("ix_evidence_holds_room_id", "evidence_holds", ["room_id"])


def downgrade() -> None:
    """Drop them; the files of capsules cannot be opened after that."""
    for table in ("evidence_holds", "data_keys", "checkpoints", "chain_records", "chain_entries", "capsules"):
        op.drop_table(table)


def _make_capsules() -> None:
    op.create_table(
        "capsules",
        sa.Column("alert_id", sa.String(32), nullable=False),
        sa.Column("room_id", sa.String(32), nullable=False),
        sa.Column("participant_id", sa.String(32), nullable=False),
        sa.Column("incident_id", sa.String(40), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
        sa.Column("frames", sa.Integer, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("manifest_hash", sa.String(64), nullable=False),
        sa.Column("chain_index", sa.Integer),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("alert_id", name="pk_capsules"),
        _of_room("capsules"),
        _of_participant("capsules"),
    )
    op.create_index("ix_capsules_room_participant", "capsules", ["room_id", "participant_id"])
    op.create_index("ix_capsules_participant_id", "capsules", ["participant_id"])


def _make_chain() -> None:
    op.create_table(
        "chain_entries",
        sa.Column("room_id", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("commitment", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("room_id", "position", name="pk_chain_entries"),
        _of_room("chain_entries"),
    )
    op.create_table(
        "chain_records",
        sa.Column("room_id", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("participant_id", sa.String(32)),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("room_id", "position", name="pk_chain_records"),
        _of_room("chain_records"),
        _of_participant("chain_records"),
    )
    op.create_index("ix_chain_records_room_participant", "chain_records", ["room_id", "participant_id"])
    op.create_index("ix_chain_records_participant_id", "chain_records", ["participant_id"])
    op.create_table(
        "checkpoints",
        sa.Column("room_id", sa.String(32), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("room_id", "size", name="pk_checkpoints"),
        _of_room("checkpoints"),
    )


def _of_room(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=f"fk_{table}_room_id_rooms", ondelete="CASCADE")


def _of_participant(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_participant_id_participants"
    return sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name=name, ondelete="CASCADE")
