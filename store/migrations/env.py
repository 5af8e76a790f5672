"""How alembic reaches the database: over the connection that `Database.migrate` hands it."""

from alembic import context
from sqlmodel import SQLModel

import store  # noqa: F401  (fills the metadata)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
