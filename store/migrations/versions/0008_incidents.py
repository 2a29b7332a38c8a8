"""The incident to which each alert belongs; alerts from before are incidents of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column: an alert that was judged alone stays alone."""
    op.add_column("alerts", sa.Column("incident_id", sa.String(40), nullable=False, server_default=""))
    op.execute("UPDATE alerts SET incident_id = id")
    op.create_index("ix_alerts_room_incident", "alerts", ["room_id", "incident_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_alerts_room_incident", "alerts")
    op.drop_column("alerts", "incident_id")
