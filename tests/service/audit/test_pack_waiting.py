"""A pack waits a while for its checkpoint and for its turn, and is then sent away with the time to come again."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from domain.kernel.actor import Role
from service.policy import read_policy
from service.reading.audit.packs.door import Packs
from service.reading.audit.packs.finding import PackFinder
from service.reading.audit.packs.making import AT_ONCE, PackMaker, PacksBusyError
from service.reading.audit.packs.plan import Pin
from service.reading.queries import Queries
from service.reading.sight import sight_of
from tests.service.audit.packed import CASE, Marked
from tests.support.chronicle import named
from tests.support.desks import an_order
from tests.support.proof.plain_proofs import PlainProofs

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_checkpoint_that_comes_in_time_is_waited_for(marked: Marked) -> None:
    proofs = PlainProofs(marked.chronicle.ledger)
    marked.stand.app.state.packs = Packs(marked.chronicle.queries, proofs, read_policy())

    asked = asyncio.create_task(marked.ask(str(CASE)))
    await asyncio.sleep(0.2)
    assert not asked.done()
    await proofs.cut()
    assert (await asked).status_code == 200


async def test_one_that_does_not_come_is_said_with_the_time_to_ask_again(marked: Marked) -> None:
    proofs, queries = PlainProofs(marked.chronicle.ledger), marked.chronicle.queries
    await proofs.cut()
    await marked.chronicle.record(marked.chronicle.report("unproven"), cases=[named("unproven")])
    packs = Packs(queries, proofs, read_policy())
    packs.finder = PackFinder(queries, proofs, patience_seconds=0.1)
    marked.stand.app.state.packs = packs

    answer = await marked.ask(str(named("unproven")))
    assert (answer.status_code, answer.json()["code"]) == (503, "service.not-yet-visible")
    assert answer.headers["Retry-After"] == "1"
    assert (await marked.ask(str(CASE))).status_code == 200, "what is covered is given"
    assert (await marked.ask(str(CASE), as_known_at=10**6)).status_code == 503, "no pin ahead of the log"


async def test_who_finds_every_place_taken_is_sent_away(marked: Marked) -> None:
    queries, proofs = marked.chronicle.queries, PlainProofs(marked.chronicle.ledger)
    await proofs.cut()
    packs = Packs(queries, proofs, read_policy())
    packs.maker = _impatient(queries, proofs)
    marked.stand.app.state.packs = packs
    sight = sight_of(an_order(Role.AUDITOR).actor)
    found = await packs.finder.case(sight, CASE)
    assert found is not None
    plan = await packs.finder.plan(found, sight, Pin())
    assert plan is not None

    async with AsyncExitStack() as held:
        for _ in range(AT_ONCE):
            await held.enter_async_context(packs.maker.place())
        with pytest.raises(PacksBusyError):
            await held.enter_async_context(packs.maker.made(plan))
        answer = await marked.ask(str(CASE), Role.AUDITOR)
        assert (answer.status_code, answer.json()["code"]) == (503, "service.overloaded")
    assert (await marked.ask(str(CASE), Role.AUDITOR)).status_code == 200


def _impatient(queries: Queries, proofs: PlainProofs) -> PackMaker:
    return PackMaker(
        queries.ledger,
        queries.codec,
        opening=queries.opening,
        proofs=proofs,
        policy=read_policy(),
        patience_seconds=0.05,
    )
