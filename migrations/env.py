"""Runs the migrations on the connection that `service.store.migrate` hands over; there is no other way in."""

from typing import Final

from alembic import context

_ATTRIBUTES: Final = context.config.attributes

if "connection" not in _ATTRIBUTES:
    raise RuntimeError("migrations are run by: incident-ledger migrate")

context.configure(
    connection=_ATTRIBUTES["connection"],
    version_table_schema=_ATTRIBUTES["version_table_schema"],
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
