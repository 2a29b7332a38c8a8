"""Phones of a seat and the invitations to pair them; how a student's arm moves at desk work."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; nobody has a phone or a reference yet."""
    op.add_column("participants", sa.Column("arm_reference", sa.JSON(none_as_null=True)))
    op.create_table(
        "phones",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("room_id", sa.String(32), nullable=False),
        sa.Column("participant_id", sa.String(32), nullable=False),
        sa.Column("role", sa.String(8), nullable=False),
        sa.Column("paired_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_phones"),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name="fk_phones_room_id_rooms", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name="fk_phones_participant_id_participants", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("participant_id", "role", name="uq_phones_participant_id"),
    )
    op.create_index("ix_phones_room_id", "phones", ["room_id"])
    op.create_table(
        "phone_invitations",
        sa.Column("participant_id", sa.String(32), nullable=False),
        sa.Column("role", sa.String(8), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("participant_id", "role", name="pk_phone_invitations"),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participants.id"],
            name="fk_phone_invitations_participant_id_participants",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("token_hash", name="uq_phone_invitations_token_hash"),
        sa.UniqueConstraint("code_hash", name="uq_phone_invitations_code_hash"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("phone_invitations")
    op.drop_index("ix_phones_room_id", "phones")
    op.drop_table("phones")
    op.drop_column("participants", "arm_reference")
