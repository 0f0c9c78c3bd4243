"""The tables of the ledger, its proof and its vault as the catalogue of the database knows them."""

from typing import Final

from tests.support.proof.attacked import Attacked

SCHEMAS: Final = ("ledger", "proof", "vault")

NO_EVIDENCE: Final = {
    "vault.nhs_numbers": "an index, told again from the ledger at any time",
    "vault.keyrings": "which processes run at the moment",
    "vault.retired_keks": "which keys wrap nothing any more: only ever refuses",
    "proof.conflicts": "any row at all is an alarm: what a witness answered is not signed",
}
"""Tables that nothing is proved by, and why."""

PROTECTED: Final = {
    "ledger.events": "where correlation is not null",
    "ledger.keys": "where first_position between 5 and 100",
    "ledger.streams": "where stream = (select stream from ledger.events where position = 30)",
    "vault.keys": "where wrapped <> ''",
}
"""Which row of a table is taken: one under a checkpoint, and one that is not destroyed."""


async def columns_of(attacked: Attacked) -> list[tuple[str, str, str]]:
    """Every column: its table, its name and its type."""
    connection = await attacked.database.connect("superuser")
    rows = await connection.fetch(
        "select n.nspname || '.' || c.relname, a.attname, format_type(a.atttypid, null) from pg_attribute a"
        " join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname = any($1) and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped order by 1, a.attnum",
        SCHEMAS,
    )
    await connection.close()
    return [(row[0], row[1], row[2]) for row in rows]


async def tables_of(attacked: Attacked) -> dict[str, str]:
    """Every table that something is proved by, and which row of it is taken."""
    tables = {table for table, _, _ in await columns_of(attacked)} - NO_EVIDENCE.keys()
    return {table: PROTECTED.get(table, "") for table in sorted(tables)}


async def unconstrained(attacked: Attacked, table: str) -> list[str]:
    """What takes away whatever keeps the rows of a table in order: whoever may do everything is not stopped by it."""
    connection = await attacked.database.connect("superuser")
    rows = await connection.fetch(
        "select format('alter table %s drop constraint %I cascade', conrelid::regclass, conname) from pg_constraint"
        " where conrelid = $1::text::regclass and contype <> 'n'",
        table,
    )
    await connection.close()
    return [row[0] for row in rows]
