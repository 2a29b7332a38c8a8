"""What Alembic runs around the revisions; the connection comes from store/database/migrate.py."""

from alembic import context

from store import alerts, attendance, desk, evidence, faces, messages, rooms, summaries, users
from store.delivery import notices, outbox
from store.session import Base

ALL_TABLES = (alerts, attendance, desk, evidence, faces, messages, notices, outbox, summaries, users, rooms)
"""Imported so that the metadata below knows every table."""

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    compare_type=True,
    render_as_batch=connection.dialect.name == "sqlite",  # SQLite changes a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
