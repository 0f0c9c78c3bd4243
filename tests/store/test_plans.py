"""Every question of the ledger is answered by index from the first event on, also where statistics are young or stale."""

from typing import Any
from uuid import UUID

import pytest

from service.store.reading import questions
from tests.support.running.database import Database
from tests.support.running.ledgers import NOON

ONE = UUID(int=1)
QUESTIONS = {
    "all": (questions._ALL, (0, 500)),
    "stream": (questions._STREAM, (ONE, 0)),
    "case": (questions._CASE, (ONE, None)),
    "case until": (questions._CASE, (ONE, 7)),
    "case streams": (questions._CASE_STREAMS, (ONE,)),
    "cases": (questions._CASES, (ONE,)),
    "look": (questions._LOOK, (b"key", [ONE], [0])),
    "head": (questions._HEAD, ()),
    "position at": (questions._POSITION_AT, (NOON,)),
    "keys": (questions._KEYS, ([ONE],)),
    "keys about": (questions._KEYS_ABOUT, ([ONE],)),
}


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
async def test_a_question_is_answered_by_index(database: Database, name: str, mode: str) -> None:
    statement, values = QUESTIONS[name]
    assert scans(await plan(database, statement, values, mode)) <= {"origin"}


async def test_without_preparation_the_same_would_read_whole_tables(database: Database) -> None:
    connection = await database.reader()
    lines = await connection.fetch(f"explain {questions._ALL}", 0, 500)
    await connection.close()
    assert scans([line[0] for line in lines]) - {"origin"}


async def plan(database: Database, statement: str, values: tuple[Any, ...], mode: str) -> list[str]:
    connection = await database.reader()
    await questions.prepare(connection)
    await connection.execute(f"set plan_cache_mode = {mode}")
    lines = await connection.fetch(f"explain {statement}", *values)
    await connection.close()
    return [line[0] for line in lines]


def scans(lines: list[str]) -> set[str]:
    """The tables that a plan reads from end to end; one that has a single row does not matter."""
    return {line.split("Seq Scan on ")[1].split()[0] for line in lines if "Seq Scan on " in line}
