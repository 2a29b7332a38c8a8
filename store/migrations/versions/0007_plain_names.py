"""Tables and columns by the names that the code uses: users, accommodations, muted kinds of alert."""

from alembic import op

revision = "0007"
down_revision = "0006_arrivals"
branch_labels = None
depends_on = None

COLUMNS = (
    ("room_teachers", "person_id", "user_id"),
    ("participants", "exemptions", "accommodations"),
    ("participants", "adjusted_by", "accommodated_by"),
    ("rooms", "quietened", "muted"),
)


def upgrade() -> None:
    """Rename; SQLite and PostgreSQL follow in whatever refers to the old names."""
    op.drop_index("ix_room_teachers_person_id", "room_teachers")
    op.rename_table("people", "users")
    for table, old, new in COLUMNS:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")
    op.create_index("ix_room_teachers_user_id", "room_teachers", ["user_id"])


def downgrade() -> None:
    """Give the old names back."""
    op.drop_index("ix_room_teachers_user_id", "room_teachers")
    for table, old, new in COLUMNS:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {new} TO {old}")
    op.rename_table("users", "people")
    op.create_index("ix_room_teachers_person_id", "room_teachers", ["person_id"])
