"""When a student's page connected for the first time; the exam's text as the page shows it."""

import sqlalchemy as sa
from alembic import op

revision = "0006_arrivals"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; whoever has a seat already counts as having come."""
    op.add_column("participants", sa.Column("arrived_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE participants SET arrived_at = joined_at")
    op.add_column("rooms", sa.Column("exam_html", sa.Text))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("rooms", "exam_html")
    op.drop_column("participants", "arrived_at")
