"""Photos that teachers gave to compare students with: the numbers of the face alone."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "reference_photos",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("room_id", sa.String(32), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("given_by", sa.Integer, nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reference_photos"),
        sa.ForeignKeyConstraint(
            ["room_id"], ["rooms.id"], name="fk_reference_photos_room_id_rooms", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("room_id", "key", name="uq_reference_photos_room_id"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("reference_photos")
