"""Alembic runs this to apply migrations on the connection that `Database.upgrade` hands over."""

from alembic import context

from watcher.store.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
context.run_migrations()
