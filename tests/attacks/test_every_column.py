"""Editing any stored column is found: every column of every table of the ledger, its proof and its vault, from the catalogue.

A new column, or a new table, fails here until it is covered.
"""

import asyncio
from typing import Final

import pytest

from tests.support.proof.attacked import Attacked

SCHEMAS: Final = ("ledger", "proof", "vault")

NO_EVIDENCE: Final = {
    "vault.nhs_numbers": "an index, told again from the ledger at any time",
    "vault.keyrings": "which processes run at the moment",
    "vault.retired_keks": "which keys wrap nothing any more: only ever refuses",
    "proof.conflicts": "any row at all is an alarm: what a witness answered is not signed",
}
"""Tables that nothing is proved by, and why."""

CHANGES: Final = {
    "bytea": "case when length({c}) = 0 then '\\x01'::bytea else set_byte({c}, length({c}) / 2, get_byte({c}, length({c}) / 2) # 1) end",
    "text": "{c} || 'x'",
    "text[]": "{c} || array['x']",
    "uuid": "overlay({c}::text placing (case when substr({c}::text, 36) = '0' then '1' else '0' end) from 36)::uuid",
    "bigint": "coalesce({c}, 0) + 1000000",
    "integer": "{c} + 1",
    "smallint": "{c} + 1",
    "boolean": "not {c}",
    "timestamp with time zone": "{c} + interval '1 microsecond'",
}
"""How a value of each type is changed, as little as may be."""

BOUNDED: Final = {"proof.checkpoints.made_at", "proof.cosignatures.made_at", "proof.origins.made_at"}
"""When the proof itself was made is signed by nobody: it is bounded by what is, and a change beyond that is found."""


async def _columns(attacked: Attacked) -> list[tuple[str, str, str]]:
    connection = await attacked.database.connect("superuser")
    rows = await connection.fetch(
        "select n.nspname || '.' || c.relname, a.attname, format_type(a.atttypid, null) from pg_attribute a"
        " join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname = any($1) and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped order by 1, a.attnum",
        SCHEMAS,
    )
    await connection.close()
    return [(row[0], row[1], row[2]) for row in rows]


async def test_an_untouched_ledger_holds(attacked: Attacked) -> None:
    async with attacked.attack() as connection:
        report = await attacked.verified(connection)

    assert report.text().endswith("EVERYTHING HOLDS\n")
    assert any("unprotected tail: 2 events over" in line for line in report.lines)


async def test_a_change_of_any_column_of_any_row_is_found(attacked: Attacked) -> None:
    columns = [each for each in await _columns(attacked) if each[0] not in NO_EVIDENCE]
    assert len(columns) > 60

    missed = [f"{table}.{name}" for table, name, kind in columns if not await _found(attacked, table, name, kind)]

    assert missed == []


async def _found(attacked: Attacked, table: str, name: str, kind: str) -> bool:
    """Change the column in one row in the middle of what is protected."""
    change = CHANGES[kind].format(c=name)
    if f"{table}.{name}" in BOUNDED:
        change = f"{name} + interval '10 years'"
    constraints = await _constraints(attacked, table)
    dropped = [f"alter table {table} drop constraint {each} cascade" for each in constraints]
    where = f"ctid = (select ctid from {table} {_PROTECTED.get(table, '')} limit 1)"
    async with attacked.attack(*dropped) as connection:
        assert await connection.execute(f"update {table} set {name} = {change} where {where}") == "UPDATE 1", table
        report = await attacked.verified(connection)
    return report.code == 1


_PROTECTED: Final = {
    "ledger.events": "where correlation is not null",
    "ledger.keys": "where first_position between 5 and 100 order by first_position desc",
    "ledger.streams": "where stream = (select stream from ledger.events where position = 30)",
    "vault.keys": "where wrapped <> ''",
}


async def _constraints(attacked: Attacked, table: str) -> list[str]:
    connection = await attacked.database.connect("superuser")
    rows = await connection.fetch(
        "select conname from pg_constraint where conrelid = $1::text::regclass and contype <> 'n'", table
    )
    await connection.close()
    return [row[0] for row in rows]


@pytest.mark.parametrize("table", sorted(NO_EVIDENCE))
def test_a_table_that_proves_nothing_exists(table: str, attacked: Attacked) -> None:
    assert table in {each[0] for each in asyncio.run(_columns(attacked))}
