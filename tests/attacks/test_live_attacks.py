"""Attacks on the live ledger by somebody who may do everything to its database: each is found, and named for what it is."""

from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from service.proof.offline.damage import first_of
from tests.support.proof.attacked import FIRST, SECOND, Attacked
from tests.support.proof.reflected import tables_of, unconstrained

LATE: Final = 200
"""A position between the two checkpoints."""

SAY_NOTHING_BY_BEING_GONE: Final = {"proof.cosignatures"}
"""Who had a witness sign can do without: the auditor asks for the witness (`--witness`, or the checkpoint they hold)."""

_COPY: Final = (
    "insert into ledger.events select {position}, stream, version + {versions}, gen_random_uuid(), type, payload,"
    " organisation, actor, correlation, causation, effective_at, recorded_at, editions, build"
    " from ledger.events where position = {of}"
)


@dataclass(frozen=True)
class Attack:
    """What is done, and what must be said of it first."""

    name: str
    kind: str
    position: int | None
    statements: tuple[str, ...]
    brought: dict[str, Any] = field(default_factory=dict)


def _free(*tables: str) -> tuple[str, ...]:
    """Constraints go first: whoever may do everything is not stopped by them."""
    return tuple(f"alter table {table} drop constraint {table.split('.')[1]}_pkey cascade" for table in tables)


_SHIFT: Final = tuple(
    f"update ledger.{table} set {column} = {column} + 1 where {column} >= {LATE}"
    for table, column in (
        ("events", "position"),
        ("keys", "first_position"),
        ("keys", "last_position"),
        ("stream_cases", "position"),
    )
)

ATTACKS: Final = (
    Attack("edit a payload", "edited", LATE, (f"update ledger.events set payload = '{{}}' where position = {LATE}",)),
    Attack("edit an actor", "edited", 7, ("update ledger.events set actor = stream where position = 7",)),
    Attack(
        "date back",
        "edited",
        LATE,
        (
            f"update ledger.events set recorded_at = recorded_at - interval '9 days' where position = {LATE}",
            (
                f"update ledger.keys set recorded_at = recorded_at - interval '9 days'"
                f" where {LATE} between first_position and last_position"
            ),
        ),
    ),
    Attack("delete in the middle", "missing", LATE, (f"delete from ledger.events where position = {LATE}",)),
    Attack(
        "delete in the middle with all that speaks of it",
        "missing",
        LATE,
        (
            f"delete from ledger.keys where {LATE} between first_position and last_position",
            f"delete from ledger.events where position = {LATE}",
            f"delete from proof.leaves where position = {LATE}",
        ),
    ),
    Attack(
        "delete the newest", "truncated", SECOND - 9, (f"delete from ledger.events where position > {SECOND - 10}",)
    ),
    Attack(
        "insert and renumber what follows",
        "inserted",
        LATE,
        (*_free("ledger.events"), *_SHIFT, _COPY.format(position=LATE, versions=90, of=LATE - 1)),
    ),
    Attack(
        "insert beside", "inserted", LATE, (*_free("ledger.events"), _COPY.format(position=LATE, versions=90, of=5))
    ),
    Attack(
        "insert before the first",
        "inserted",
        1,
        (
            "alter table ledger.events drop constraint events_position_check",
            _COPY.format(position="-3", versions=90, of=5),
        ),
    ),
    Attack(
        "reorder",
        "reordered",
        LATE,
        (
            *_free("ledger.events"),
            f"update ledger.events set position = {2 * LATE + 30} - position where position in ({LATE}, {LATE + 30})",
        ),
    ),
    Attack("renumber", "renumbered", LATE, (f"update ledger.events set position = 5000 where position = {LATE}",)),
    Attack(
        "renumber far", "renumbered", LATE, (f"update ledger.events set position = 10 ^ 15 where position = {LATE}",)
    ),
    Attack(
        "swap two payloads",
        "payload-changed",
        LATE,
        (
            (
                "update ledger.events e set payload = o.payload from ledger.events o"
                f" where (e.position, o.position) in (({LATE}, {LATE + 7}), ({LATE + 7}, {LATE}))"
            ),
        ),
    ),
    Attack(
        "change a stored leaf",
        "column-changed",
        LATE,
        (f"update proof.leaves set hash = sha256(hash) where position = {LATE}",),
    ),
    Attack(
        "change an event with its stored leaf",
        "edited",
        LATE,
        (
            f"update ledger.events set build = 'x' where position = {LATE}",
            f"update proof.leaves set hash = sha256(hash) where position = {LATE}",
        ),
    ),
    Attack(
        "forge a root",
        "column-changed",
        FIRST,
        (f"update proof.checkpoints set root = sha256(root) where size = {FIRST}",),
    ),
    Attack(
        "forge a note",
        "forged-signature",
        FIRST,
        (
            f"update proof.checkpoints set note = replace(note, E'\\n{FIRST}\\n', E'\\n{FIRST - 1}\\n') where size = {FIRST}",
        ),
    ),
    Attack(
        "forge the heads",
        "forged-signature",
        FIRST,
        (
            f"update proof.checkpoints set heads_note = replace(heads_note, E'\\n{FIRST}\\n', E'\\n9\\n') where size = {FIRST}",
        ),
    ),
    Attack(
        "forge a cosignature",
        "forged-signature",
        None,
        ("update proof.cosignatures set line = left(line, -6) || 'AAAA' || right(line, 2)",),
    ),
    Attack(
        "claim that a witness dissents",
        "forked",
        None,
        ("insert into proof.conflicts values ('o', 'w', 1, 'n', 409, 'a')",),
    ),
    Attack(
        "forget a stream",
        "missing",
        5,
        ("delete from ledger.streams where stream = (select stream from ledger.events where position = 5)",),
    ),
    Attack("forget a request", "missing", 5, ("delete from ledger.keys where first_position = 5",)),
    Attack(
        "forget a claim",
        "missing",
        7,
        ("delete from ledger.claims where stream = (select stream from ledger.events where position = 7)",),
    ),
    Attack("forget an actor", "missing", 1, ("delete from ledger.actors",)),
    Attack("forget a key", "missing", 12, ("delete from vault.keys where wrapped <> ''",)),
    Attack("destroy a key", "missing", None, ("update vault.keys set wrapped = ''",)),
    Attack("forget an erasure", "missing", None, ("delete from vault.erased_before",)),
    Attack("take a stream out of a case", "edited", 5, ("delete from ledger.stream_cases where position = 5",)),
    Attack(
        "put a stream into a case",
        "edited",
        17,
        (
            (
                "insert into ledger.stream_cases"
                " select stream, gen_random_uuid(), position from ledger.events where position = 17"
            ),
        ),
    ),
    Attack(
        "let a stream join a case a little earlier",
        "column-changed",
        4,
        ("update ledger.stream_cases set position = 4 where position = 5",),
    ),
    Attack(
        "delete in the middle and renumber what follows",
        "missing",
        LATE,
        (
            *_free("ledger.events"),
            f"delete from ledger.keys where {LATE} between first_position and last_position",
            f"delete from ledger.events where position = {LATE}",
            *(each.replace("+ 1", "- 1") for each in _SHIFT),
        ),
    ),
    Attack(
        "claim a reference",
        "column-changed",
        None,
        ("insert into ledger.claims select sha256('x'), stream from ledger.streams limit 1",),
    ),
    Attack(
        "add a second origin",
        "column-changed",
        None,
        ("alter table ledger.origin drop constraint origin_pkey", "insert into ledger.origin values (false)"),
    ),
)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
async def test_an_attack_is_found_and_named(attack: Attack, attacked: Attacked) -> None:
    async with attacked.attack(*attack.statements) as connection:
        report = await attacked.verified(connection, **attack.brought)

    first = first_of(report.damages)
    assert (first.kind, first.position) == (attack.kind, attack.position), report.text()
    assert report.code == 1


async def test_a_row_taken_out_of_any_table_is_found(attacked: Attacked) -> None:
    missed = []
    for table, taken in (await tables_of(attacked)).items():
        async with attacked.attack(*await unconstrained(attacked, table)) as connection:
            where = f"ctid = (select ctid from {table} {taken} limit 1)"
            assert await connection.execute(f"delete from {table} where {where}") == "DELETE 1", table
            if (await attacked.verified(connection)).code != 1:
                missed.append(table)

    assert set(missed) == SAY_NOTHING_BY_BEING_GONE


async def test_a_row_that_stands_twice_in_any_table_is_found(attacked: Attacked) -> None:
    missed = []
    for table, taken in (await tables_of(attacked)).items():
        async with attacked.attack(*await unconstrained(attacked, table)) as connection:
            assert (
                await connection.execute(f"insert into {table} select * from {table} {taken} limit 1") == "INSERT 0 1"
            )
            if (await attacked.verified(connection)).code != 1:
                missed.append(table)

    assert set(missed) == set()
