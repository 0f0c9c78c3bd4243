"""A report is decided on the provider at hand: never on one that has changed, and never before a known key's answer."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from uuid import UUID

from domain.kernel.streams import organisation_stream
from domain.kernel.words import Code, OdsCode
from domain.organisation.commands.adopt_local_plan import AdoptLocalPlan
from service.handling.desk import Desk
from service.handling.identifiers import new_id
from service.handling.tasks.ground import ADOPT_LOCAL_PLAN
from service.handling.tasks.incident import REPORT_INCIDENT
from service.store.ledger import Look
from service.store.memory import MemoryLedger
from tests.support.desks import DISCOVERED, a_desk, a_report, an_order, report, system


class Counting(MemoryLedger):
    """A ledger that counts the questions it is asked."""

    looks = 0

    async def look(self, key: bytes | None, streams: Sequence[tuple[UUID, int]]) -> Look:
        self.looks += 1
        return await super().look(key, streams)


async def another_desk(desk: Desk) -> Desk:
    """Another process on the same ledger."""
    return Desk(desk.ledger, desk.book, desk.policy, desk.time)


async def adopt(desk: Desk) -> None:
    plan = AdoptLocalPlan(plan=Code("zz1-plan-2026"), from_on=(DISCOVERED - timedelta(days=30)).date(), to_on=None)
    await desk.change(system("ZZ1"), ADOPT_LOCAL_PLAN, lambda _pen: plan, stream=organisation_stream(OdsCode("ZZ1")))


async def test_an_ordinary_report_asks_the_ledger_nothing_before_it_is_appended() -> None:
    ledger = Counting()
    desk = await a_desk(ledger)
    await report(desk, an_order(key="k-1"), "R-1")
    asked = ledger.looks

    await report(desk, an_order(key="k-2"), "R-2")

    assert ledger.looks == asked


async def test_a_report_is_never_decided_on_a_provider_that_another_process_has_changed() -> None:
    desk = await a_desk()
    await report(desk, an_order(), "R-1")
    await adopt(await another_desk(desk))

    receipt = await report(desk, an_order(), "R-2")

    [first, *_] = await desk.ledger.read_stream(receipt.stream)
    assert any(edition.startswith("zz1-plan-2026@") for edition in first.editions)


async def test_a_known_key_gives_its_answer_even_where_the_command_would_be_refused_now() -> None:
    desk = await a_desk()
    first = await report(desk, an_order(key="k"), "R-1")

    again = await desk.begin(an_order(key="k"), REPORT_INCIDENT, a_report(provider="ZZ9"), stream=new_id())

    assert again.replayed
    assert again.id == first.id


class Interrupted(MemoryLedger):
    """A ledger in which somebody else does something right after the next question is answered."""

    meanwhile: Callable[[], Awaitable[None]] | None = None

    async def look(self, key: bytes | None, streams: Sequence[tuple[UUID, int]]) -> Look:
        found = await super().look(key, streams)
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            await meanwhile()
        return found


async def test_a_report_is_never_decided_on_a_provider_that_changed_after_it_was_looked_up() -> None:
    ledger = Interrupted()
    desk = await a_desk(ledger)
    new_process, other = await another_desk(desk), await another_desk(desk)
    ledger.meanwhile = lambda: adopt(other)

    receipt = await report(new_process, an_order(), "R-1")

    [first, *_] = await desk.ledger.read_stream(receipt.stream)
    assert any(edition.startswith("zz1-plan-2026@") for edition in first.editions)
