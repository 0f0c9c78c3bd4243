"""Editing any stored column is found: every column of every table of the ledger, its proof and its vault, from the catalogue.

A new column, or a new table, fails here until it is covered.
"""

import asyncio
from typing import Final

import pytest

from tests.support.proof.attacked import Attacked
from tests.support.proof.reflected import NO_EVIDENCE, PROTECTED, columns_of, unconstrained

CHANGES: Final = {
    "bytea": "case when length({c}) = 0 then '\\x01'::bytea else set_byte({c}, length({c}) / 2, get_byte({c}, length({c}) / 2) # 1) end",
    "text": "coalesce({c}, '') || 'x'",
    "text[]": "{c} || array['x']",
    "uuid": "overlay(coalesce({c}, gen_random_uuid())::text placing (case when substr(coalesce({c}, gen_random_uuid())::text, 36) = '0' then '1' else '0' end) from 36)::uuid",
    "bigint": "coalesce({c}, 0) + 1000000",
    "integer": "{c} + 1",
    "smallint": "{c} + 1",
    "boolean": "not {c}",
    "timestamp with time zone": "{c} + interval '1 microsecond'",
}
"""How a value of each type is changed, as little as may be."""

BOUNDED: Final = {"proof.checkpoints.made_at", "proof.cosignatures.made_at", "proof.origins.made_at"}
"""When the proof itself was made is signed by nobody: it is bounded by what is, and a change beyond that is found."""


async def test_an_untouched_ledger_holds(attacked: Attacked) -> None:
    async with attacked.attack() as connection:
        report = await attacked.verified(connection)

    assert report.text().endswith("EVERYTHING HOLDS\n")
    assert any("unprotected tail: 2 events over" in line for line in report.lines)


async def test_a_change_of_any_column_of_any_row_is_found(attacked: Attacked) -> None:
    columns = [each for each in await columns_of(attacked) if each[0] not in NO_EVIDENCE]
    assert len(columns) > 60

    missed = [f"{table}.{name}" for table, name, kind in columns if not await _found(attacked, table, name, kind)]

    assert missed == []


async def _found(attacked: Attacked, table: str, name: str, kind: str) -> bool:
    """Change the column in one row in the middle of what is protected."""
    change = CHANGES[kind].format(c=name)
    if f"{table}.{name}" in BOUNDED:
        change = f"{name} + interval '10 years'"
    where = f"ctid = (select ctid from {table} {PROTECTED.get(table, '')} limit 1)"
    async with attacked.attack(*await unconstrained(attacked, table)) as connection:
        assert await connection.execute(f"update {table} set {name} = {change} where {where}") == "UPDATE 1", table
        report = await attacked.verified(connection)
    return report.code == 1


@pytest.mark.parametrize("table", sorted(NO_EVIDENCE))
def test_a_table_that_proves_nothing_exists(table: str, attacked: Attacked) -> None:
    assert table in {each[0] for each in asyncio.run(columns_of(attacked))}
