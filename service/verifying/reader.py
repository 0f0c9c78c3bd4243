"""As whom a database is verified: as its reader; where a restored dump came without its rights, as its owner."""

import asyncpg

from service.store.connect import REFUSALS, Database, connect

CAUTION = (
    "the reader role is not here, or may not read (a dump restored without its roles and rights?): read as the owner."
    " Before anything is served, restore once more, with the roles made first: docs/backups.md"
)
_MAY_READ = """
    select bool_and(has_schema_privilege(n.oid, 'usage')) from pg_namespace n
    where n.nspname in ('ledger', 'vault', 'proof', 'access')
"""
_MAY_READ_TABLES = """
    select bool_and(has_table_privilege(c.oid, 'select')) from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('ledger', 'proof') and c.relkind = 'r'
"""


async def url_to_read(database: Database) -> tuple[str, bool]:
    """The URL to verify with, and whether it is the reader's; every transaction of a verification is read-only.

    Raises:
        OSError, asyncpg.PostgresError: nothing answers, also not the owner.
    """
    try:
        connection = await connect(database.reader, application="incident-ledger verify")
    except REFUSALS:
        return database.owner, False
    try:
        # A database that is not migrated has none of these schemas, and is told so by whoever reads it.
        may_read = all([await connection.fetchval(asked) is not False for asked in (_MAY_READ, _MAY_READ_TABLES)])
    except asyncpg.InsufficientPrivilegeError:
        may_read = False
    finally:
        await connection.close()
    return (database.reader, True) if may_read else (database.owner, False)
