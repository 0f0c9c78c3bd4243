"""The blind index: filled from the log by whoever owns it, told again after a rotation, and empty of the erased."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Any

import asyncpg
import pytest
from typing_extensions import override

from domain.kernel.actor import Actor, Role
from domain.kernel.words import ActorId, OdsCode
from projections.engine.positions import STOPPED
from service.reading.opening import Opening
from service.reading.searching import SearchUnavailableError
from service.store.sealing import Opener
from service.store.sealing.numbers import NAME
from service.vault.blind_index import BlindIndex, NotAnNhsNumberError, normalised
from service.vault.keyring import KekMissingError, Keyring
from tests.service.vault.indexed import Index, hasty, pairs
from tests.support.chronicle import a_chronicle, named
from tests.support.golden_events import TEST_KEK
from tests.support.running.postgres import EMBEDDED, Server

MANAGER = Actor(ActorId(named("me")), OdsCode("ZZ1"), frozenset({Role.PATIENT_SAFETY_MANAGER}))
NUMBER, OTHER = "9990000077", "9990000085"


@pytest.fixture
async def index(servers: dict[int, Server]) -> AsyncIterator[Index]:
    """Three people with two numbers in two cases, and somebody of another organisation with one of them."""
    async with a_chronicle(servers[EMBEDDED]) as chronicle:
        made = Index(chronicle)
        await made.report("one")
        await made.report("two")
        await made.report("elsewhere", provider="ZZ2")
        await made.add("pat", "one", NUMBER)
        await made.add("sam", "one", OTHER)
        await made.add("pat again", "two", NUMBER)
        await made.add("nobody known", "two", None)
        await made.add("stranger", "elsewhere", NUMBER, provider="ZZ2")
        yield made


async def test_people_are_found_by_number_in_every_case_of_the_organisation_and_of_no_other(index: Index) -> None:
    await index.told()

    assert await index.found(NUMBER) == pairs(("pat", "one"), ("pat again", "two"))
    assert await index.found(OTHER) == pairs(("sam", "one"))
    assert await index.found(NUMBER, organisation="ZZ2") == pairs(("stranger", "elsewhere"))
    assert await index.found("9990000093") == []


async def test_the_index_goes_on_from_where_it_was(index: Index) -> None:
    await index.told()
    await index.add("late", "two", OTHER)

    await index.told()

    assert await index.found(OTHER) == pairs(("sam", "one"), ("late", "two"))
    assert len(await index.rows()) == 5


async def test_the_database_holds_digests_and_no_number(index: Index) -> None:
    await index.told()
    owner = await index.chronicle.database.owner()
    digests = {row[0] for row in await owner.fetch("select digest from vault.nhs_numbers")}

    assert digests == {BlindIndex(index.secret).digest(number) for number in (NUMBER, OTHER)}
    assert BlindIndex(b"o" * 32).digest(NUMBER) not in digests
    assert all(NUMBER.encode() not in digest for digest in digests)


async def test_erasing_somebody_takes_them_out_of_the_index(index: Index) -> None:
    await index.told()

    await index.erase("pat")
    await index.told()

    assert await index.found(NUMBER) == pairs(("pat again", "two"))
    assert named("pat") not in {person for person, _, _ in await index.rows()}


async def test_somebody_who_was_erased_does_not_come_back_when_the_index_is_told_again(index: Index) -> None:
    await index.told()
    await index.erase("pat")
    index.secret = b"n" * 32

    await index.told()

    assert await index.found(NUMBER) == pairs(("pat again", "two"))


async def test_an_erasure_between_opening_and_writing_is_not_undone(index: Index) -> None:
    class ErasedMeanwhile(Opening):
        @override
        async def of(self, secrets: Iterable[Any]) -> Any:
            words = await super().of(known := list(secrets))
            if known:
                await index.erase("pat")
            return words

    opening = ErasedMeanwhile(index.chronicle.ledger, Opener(Keyring(TEST_KEK)))
    async with index.kept(opening=opening):
        await index.until_told()
    await index.told()  # with the erasure, which came meanwhile

    assert named("pat") not in {person for person, _, _ in await index.rows()}
    assert await index.found(OTHER) == pairs(("sam", "one"))


async def test_a_renewed_key_has_the_index_told_again_while_it_runs(index: Index) -> None:
    async with index.kept():
        await index.until_told()
        before = BlindIndex(index.secret).digest(NUMBER)
        index.secret = b"n" * 32

        assert await index.found(NUMBER) == pairs(("pat", "one"), ("pat again", "two"))

    owner = await index.chronicle.database.owner()
    assert before not in {row[0] for row in await owner.fetch("select digest from vault.nhs_numbers")}


async def test_nothing_is_said_to_be_absent_before_the_index_is_told(index: Index) -> None:
    with pytest.raises(SearchUnavailableError):
        await hasty(index).find(MANAGER, NUMBER)
    await index.told()
    await index.add("late", "two", OTHER)
    with pytest.raises(SearchUnavailableError):
        await hasty(index).find(MANAGER, NUMBER)


async def test_an_index_under_another_key_does_not_answer(index: Index) -> None:
    await index.told()
    index.secret = b"n" * 32

    with pytest.raises(SearchUnavailableError):
        await hasty(index).find(MANAGER, NUMBER)


async def test_an_index_that_stopped_does_not_answer(index: Index) -> None:
    await index.told()
    owner = await index.chronicle.database.owner()
    await owner.execute("update projections.positions set status = 'stopped' where name = $1", NAME)

    with pytest.raises(SearchUnavailableError):
        await index.search.find(MANAGER, NUMBER)


async def test_a_key_that_is_out_of_reach_is_waited_for_and_nothing_is_passed_over(index: Index) -> None:
    class OutOfReach(Opening):
        away = True

        @override
        async def of(self, secrets: Iterable[Any]) -> Any:
            if self.away:
                raise KekMissingError("kek-9")
            return await super().of(secrets)

    opening = OutOfReach(index.chronicle.ledger, Opener(Keyring(TEST_KEK)))
    async with index.kept(opening=opening):
        await asyncio.sleep(0.2)
        assert await index.rows() == []
        opening.away = False
        await index.until_told()

    assert await index.found(OTHER) == pairs(("sam", "one"))


async def test_a_damaged_value_stops_the_index_where_it_is_and_says_nothing_of_it(index: Index) -> None:
    owner = await index.chronicle.database.owner()
    await owner.execute("alter table vault.keys disable trigger user")
    await owner.execute("update vault.keys set wrapped = $1 where about = $2", b"\x01" + bytes(60), named("sam"))

    async with index.kept() as task, asyncio.timeout(10):
        await task

    row = await owner.fetchrow("select status, position, message from projections.positions where name = $1", NAME)
    assert row is not None
    assert (row["status"], row["message"]) == (STOPPED, "BoxDamagedError after position 0")


async def test_one_process_keeps_the_index_at_a_time(index: Index) -> None:
    async with index.kept(), index.kept():
        await index.until_told()
        await index.add("late", "two", OTHER)
        await index.until_told()

    assert len(await index.rows()) == 5


async def test_the_projector_fills_the_index_and_reads_nothing_of_it(index: Index) -> None:
    projector = await index.chronicle.database.projector()

    for statement in ("select * from vault.nhs_numbers", "delete from vault.nhs_numbers", "select vault.destroy(1)"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await projector.execute(statement)


@pytest.mark.parametrize("written", [NUMBER, "999 000 0077", "999-000-0077"])
def test_a_number_is_the_same_however_it_is_grouped(written: str) -> None:
    assert normalised(written) == NUMBER
    assert BlindIndex(b"s" * 32).digest(written) == BlindIndex(b"s" * 32).digest(NUMBER)


@pytest.mark.parametrize("written", ["", "999000007", "99900000777", "999000007x", "\uff19990000077", "999.000.0077"])
def test_what_is_no_number_has_no_digest_and_is_not_repeated(written: str) -> None:
    with pytest.raises(NotAnNhsNumberError) as refused:
        BlindIndex(b"s" * 32).digest(written)

    assert not written or written not in str(refused.value)


def test_the_name_of_the_key_gives_nothing_away() -> None:
    one, other = BlindIndex(b"s" * 32), BlindIndex(b"o" * 32)

    assert one.name != other.name
    assert (b"s" * 32).hex()[:8] not in one.name
    assert one.name == BlindIndex(b"s" * 32).name
