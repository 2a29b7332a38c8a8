"""A student's raised hand, or break, so that a restart of the server forgets neither."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nobody's hand is up."""
    op.add_column("participants", sa.Column("hand", sa.JSON))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("participants", "hand")
