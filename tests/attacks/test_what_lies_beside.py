"""Changes beside the events and what was signed of them: what the signer remembers, names, erasures, reads, the tail."""

import json
from typing import Final
from uuid import UUID, uuid4

import pytest

from service.proof.offline.damage import DamageError
from service.proof.offline.report import COULD_NOT_CHECK, Report
from service.store.proofs.memory import remembered_notes
from service.verifying.live import Verification
from tests.support.proof.attacked import FIRST, SECOND, TAIL, Attacked

END: Final = SECOND + TAIL
BACK_TO_FIRST: Final = (
    "delete from proof.cosignatures",
    f"delete from proof.checkpoints where size > {FIRST}",
    f"delete from ledger.events where position > {FIRST}",
    f"delete from ledger.keys where last_position > {FIRST}",
    f"delete from ledger.stream_cases where position > {FIRST}",
    "delete from ledger.streams s where not exists (select from ledger.events e where e.stream = s.stream)",
    f"delete from proof.leaves where position > {FIRST}",
    f"delete from proof.tiles where (number + 1) * 256 > {FIRST}",
    f"delete from proof.head_buckets where size > {FIRST}",
    (
        "delete from proof.head_subjects h where kind = 'stream'"
        " and not exists (select from ledger.events e where e.stream = h.subject)"
    ),
)
"""The newest events are gone, with everything that was ever signed of them."""

READ: Final = (
    "insert into access.reads select 1, now(), actor, 'ZZ1', '{}', 'care', true, 'read', 'r', 'GET', '{}', '{}', 1, false,"
    " false, actor, null, sha256('') from ledger.actors"
)
APPENDED: Final = (
    "insert into ledger.streams values ('11111111-1111-4111-8111-111111111111', 'action', 'ZZ1')",
    (
        f"insert into ledger.events select {END + 1}, '11111111-1111-4111-8111-111111111111', 1, gen_random_uuid(), type,"
        " payload, organisation, actor, correlation, causation, effective_at, recorded_at, editions, build"
        f" from ledger.events where position = {END}"
    ),
)


async def _damages(attacked: Attacked, *statements: str, journal: frozenset[UUID] | None = None) -> list[DamageError]:
    async with attacked.attack(*statements) as connection:
        report = await attacked.verified(
            connection, held=(), remembered=remembered_notes(attacked.keys), journal=journal
        )
    return report.damages


async def _first(
    attacked: Attacked, *statements: str, journal: frozenset[UUID] | None = None
) -> tuple[str, int | None]:
    found = await _damages(attacked, *statements, journal=journal)
    assert found, "nothing was found"
    return found[0].kind, found[0].position


async def test_what_the_signer_remembers_shows_that_the_newest_events_are_gone(attacked: Attacked) -> None:
    assert await _first(attacked, *BACK_TO_FIRST) == ("truncated", FIRST + 1)


async def test_a_checkpoint_that_is_gone_is_missed_by_whoever_holds_it(attacked: Attacked) -> None:
    async with attacked.attack(f"delete from proof.checkpoints where size = {FIRST}") as connection:
        report = await attacked.verified(connection)

    assert [(each.kind, each.position) for each in report.damages] == [("missing", FIRST)]


async def test_the_newest_checkpoint_that_is_gone_is_missed_by_the_signer(attacked: Attacked) -> None:
    """It may have been stopped just then, so that this alone proves no damage; nor do the heads that it had told already."""
    gone = ("delete from proof.cosignatures", f"delete from proof.checkpoints where size = {SECOND}")
    async with attacked.attack(*gone) as connection:
        report = await attacked.verified(connection, remembered=remembered_notes(attacked.keys))

    assert report.damages == []
    assert any(f"the signer remembers, at size {SECOND}, is not in proof.checkpoints" in line for line in report.lines)


async def test_leaves_that_are_gone_at_the_end_are_missed(attacked: Attacked) -> None:
    assert await _first(attacked, f"delete from proof.leaves where position > {SECOND - 10}") == ("missing", SECOND - 9)


async def test_an_event_of_the_tail_that_nobody_asked_for_is_found(attacked: Attacked) -> None:
    assert await _first(attacked, *APPENDED) == ("inserted", END + 1)


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("delete from proof.origins", ("missing", None)),
        (
            f"insert into proof.origins select 2, origin || '/2', 0, 1, made_at from proof.origins where {FIRST} > 1",
            ("column-changed", 1),
        ),
        (
            "update ledger.events set editions = '[3:3]={framework@0123}' where position = 2",
            ("column-changed", 2),
        ),
        (
            READ,
            ("edited", None),
        ),
    ],
    ids=[
        "no name",
        "a name that nobody decided on",
        "an array from three",
        "a read",
    ],
)
async def test_it_is_found(statement: str, found: tuple[str, int | None], attacked: Attacked) -> None:
    assert await _first(attacked, statement) == found


async def test_a_key_that_was_erased_and_stands_again_is_found(attacked: Attacked) -> None:
    any_other = "(select wrapped from vault.keys where wrapped <> '' limit 1)"
    found = await _damages(attacked, f"update vault.keys set wrapped = {any_other} where wrapped = ''")

    assert any(each.position == FIRST + 1 and "stands, though it was erased" in each.sentence for each in found)


async def test_an_erasure_that_only_the_database_remembers_is_none(attacked: Attacked) -> None:
    destroyed = (
        "insert into vault.erased_before select key_id from vault.keys where wrapped <> ''",
        "update vault.keys set wrapped = '' where wrapped <> ''",
    )
    async with attacked.attack() as connection:
        keys = frozenset(row[0] for row in await connection.fetch("select key_id from vault.keys"))

    assert await _first(attacked, *destroyed, journal=frozenset()) == ("stray-row", None)
    assert await _damages(attacked, *destroyed, journal=keys) == []


async def test_a_log_that_was_gone_on_with_twice_may_leave_a_number_out(attacked: Attacked) -> None:
    """Where a state of the ledger that is lost took the number."""
    position, stream = END + 1, uuid4()
    async with attacked.attack() as connection:
        log = await connection.fetchval("select origin from proof.origins")
        told = json.dumps({"origin": f"{log}/3"}).encode()
        await connection.execute("insert into ledger.streams values ($1, 'ledger', 'ZZ1')", stream)
        await connection.execute(
            "insert into ledger.events select $1, $2, 1, gen_random_uuid(), 'ledger.resumed.v1', $3, organisation, actor, null,"
            " null, effective_at, recorded_at, '{}', build from ledger.events where position = 1",
            *(position, stream, told),
        )
        await connection.execute(
            "insert into ledger.keys select sha256('again'), body, $2, 1, $1, $1, recorded_at from ledger.keys"
            " where first_position = 1",
            *(position, stream),
        )
        await connection.execute(
            "insert into proof.origins values (3, $1, $2, $3, now())", f"{log}/3", position - 1, position
        )
        report = await attacked.verified(connection)

    assert report.damages == []


async def test_a_database_that_does_not_answer_is_no_damage(attacked: Attacked) -> None:
    connection, report = await attacked.database.connect("projector"), Report()  # whom the vault answers nothing

    await Verification(connection, attacked.trusted(), report).run()

    assert report.code == COULD_NOT_CHECK
    assert "the database did not answer everything" in report.text()
    await connection.close()
