"""Alembic's entry: always called by app.records.schema with an open connection."""

from alembic import context

from app.records.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True,
                  transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
