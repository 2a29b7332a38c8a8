"""When a room went on, and when each student and phone was connected and seen; nothing is known of the time before."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "attendance",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("room_id", sa.String(32), nullable=False),
        sa.Column("participant_id", sa.String(32)),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("began_at", moment, nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attendance"),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name="fk_attendance_room_id_rooms", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participants.id"],
            name="fk_attendance_participant_id_participants",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_attendance_room_began", "attendance", ["room_id", "began_at"])
    op.create_index("ix_attendance_participant_id", "attendance", ["participant_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("attendance")
