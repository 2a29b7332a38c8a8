"""What is judged otherwise for one student, the neutral pose, and the kinds of alert that a room has quietened."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; whoever was there before has nothing in them."""
    op.add_column("participants", sa.Column("exemptions", sa.JSON, nullable=False, server_default="[]"))
    op.add_column("participants", sa.Column("adjusted_by", sa.Integer))
    op.add_column("participants", sa.Column("baseline", sa.JSON(none_as_null=True)))
    op.add_column("rooms", sa.Column("quietened", sa.JSON, nullable=False, server_default="{}"))


def downgrade() -> None:
    """Drop them."""
    for column in ("exemptions", "adjusted_by", "baseline"):
        op.drop_column("participants", column)
    op.drop_column("rooms", "quietened")
