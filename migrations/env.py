"""Alembic's entry: run the steps on the connection that hallway migrate opened."""

from __future__ import annotations

from alembic import context

import hallway.models  # noqa: F401  (fills the metadata)
from groundwork.database import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
