"""What stays of a room's people and alerts once they are deleted: counts, no names."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; of rooms that were emptied before, nothing is known."""
    op.create_table(
        "room_summaries",
        sa.Column(
            "room_id",
            sa.String(32),
            sa.ForeignKey("rooms.id", name="fk_room_summaries_room_id_rooms", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("students", sa.Integer, nullable=False),
        sa.Column("kinds", sa.JSON, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("room_summaries")
