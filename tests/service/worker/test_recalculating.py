"""Cases are told of a changed calendar: once, in order, whatever passes by itself, and only those that it may move."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.incident.commands.decide_threshold import DecideThreshold
from domain.incident.commands.enter_in_error import EnterInError
from domain.incident.duty_events import DutyExtended, DutyOpened, DutyPaused, DutyRedated, DutyResumed, DutySetAside
from domain.incident.events import IncidentNotified
from domain.incident.held_duties import HeldDuty
from domain.kernel.actor import Actor, Role
from domain.kernel.personal import Personal
from domain.kernel.streams import Kind
from domain.kernel.words import ActorId, Code, DecisionId, DutyId, OdsCode
from domain.kernel.working_days import Calendar
from domain.policy.clocks import end_of_day, local_day
from domain.policy.edition import Unit
from domain.policy.library import Policy
from domain.policy.questions import Outcome, Question
from projections.engine.positions import OutdatedError
from projections.engine.queries import NotYetToldError, ReadModels
from service.handling.desk import Desk
from service.handling.identifiers import new_id
from service.handling.refusals import TooContended
from service.handling.tasks.incident import BRING_DUTIES_UP_TO_DATE, DECIDE_THRESHOLD, ENTER_IN_ERROR
from service.reading.queries import ReadModelsUnavailableError
from service.store.codec import Codec, rewrite_secrets
from service.store.ledger import LedgerBusyError
from service.worker.feed import LedgerFeed
from service.worker.recalculating import Affected, Recalculator, ToldClocks
from tests.support.chronicle import Chronicle, a_chronicle, named, opened_duty
from tests.support.decisions import NOON
from tests.support.desks import DISCOVERED, a_desk, an_order, report
from tests.support.read_models.projections import envelope
from tests.support.running.postgres import EMBEDDED, Server
from tests.support.sample_events import sample
from tests.support.small_policy import small_policy

SYSTEM = ActorId(UUID(int=1))
PLAIN = small_policy()


def with_holiday(version: str) -> Policy:
    """The day after the start of each clock is a bank holiday; so are two more, lest it be at a weekend anyway."""
    first = local_day(DISCOVERED) + timedelta(days=1)
    days = frozenset(first + timedelta(days=number) for number in range(3))
    return replace(PLAIN, calendar=Calendar(Code(version), days))


PROCLAIMED = with_holiday("proclaimed")


class CountedDesk(Desk):
    """A desk that says which cases were told, and how many at once; the first of the tellings meet trouble."""

    ahead: list[Exception]
    told: list[UUID]
    at_once = most_at_once = 0

    async def change(self, order: Any, task: Any, make: Any, **more: Any) -> Any:
        """As at any desk."""
        if task is not BRING_DUTIES_UP_TO_DATE:
            return await super().change(order, task, make, **more)
        if self.ahead:
            raise self.ahead.pop(0)
        self.told.append(more["stream"])
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        try:
            return await super().change(order, task, make, **more)
        finally:
            self.at_once -= 1


class Listed:
    """Clocks of which it is known that they are affected; the first questions meet trouble."""

    def __init__(self, *cases: UUID, trouble: Sequence[Exception] = ()) -> None:
        self.cases = cases
        self.trouble = [*trouble]
        self.asked: list[tuple[Code, int]] = []

    async def affected_by(self, calendar: Calendar, *, since: int) -> Sequence[Affected]:
        """All of them."""
        if self.trouble:
            raise self.trouble.pop(0)
        self.asked.append((calendar.version, since))
        return [Affected(case, OdsCode("ZZ1")) for case in self.cases]


def desk_with(policy: Policy, plain: Desk, *trouble: Exception) -> CountedDesk:
    desk = CountedDesk(plain.ledger, plain.book, policy, plain.time)
    desk.ahead, desk.told = [*trouble], []
    return desk


async def never_events(*references: str) -> tuple[Desk, list[UUID]]:
    """Cases of which each owes P-TELL within two working days, by the calendar without the holiday."""
    desk = desk_with(PLAIN, await a_desk())
    cases = []
    for reference in references:
        case = (await report(desk, an_order(), reference)).stream
        await desk.change(an_order(), DECIDE_THRESHOLD, a_never_event, stream=case)
        cases.append(case)
    return desk, cases


def a_never_event(pen: Any) -> DecideThreshold:
    return DecideThreshold(
        decision=DecisionId(new_id()),
        question=Question.NEVER_EVENT,
        outcome=Outcome.MET,
        criteria=(Code("criterion"),),
        reasons=pen.narrative("A swab was left behind."),
        rests_on=(),
        edition=Code("psirf-2022"),
        identified_at=DISCOVERED,
        decider=None,
    )


async def clock_of(desk: Desk, case: UUID) -> HeldDuty:
    own = next(loaded for loaded in await desk.load_case(case) if loaded.kind is Kind.INCIDENT)
    duties: Iterable[HeldDuty] = own.aggregate.duties.values()
    return next(duty for duty in duties if duty.terms.rule == "P-TELL")


async def redatings(desk: Desk, case: UUID) -> int:
    own = next(loaded for loaded in await desk.load_case(case) if loaded.kind is Kind.INCIDENT)
    return sum(isinstance(fact, DutyRedated) for fact in own.facts)


async def sweep(desk: Desk, *cases: UUID) -> None:
    async with asyncio.timeout(20):
        await Recalculator(desk, Listed(*cases), SYSTEM).run()


async def test_a_clock_is_dated_by_the_new_calendar_and_its_original_moment_is_kept() -> None:
    plain, [case] = await never_events("R-1")
    desk = desk_with(PROCLAIMED, plain)

    await sweep(desk, case)

    clock = await clock_of(desk, case)
    expected = PROCLAIMED.calendar.add_working_days(local_day(DISCOVERED), 2)
    assert (clock.due_at, clock.calendar) == (end_of_day(expected), "proclaimed")
    assert clock.terms.due_at == end_of_day(PLAIN.calendar.add_working_days(local_day(DISCOVERED), 2))
    assert clock.terms.due_at != clock.due_at


async def test_going_through_them_again_records_nothing_and_neither_do_two_at_the_same_time() -> None:
    plain, [case] = await never_events("R-1")
    one, other = desk_with(PROCLAIMED, plain), desk_with(PROCLAIMED, plain)

    await asyncio.gather(sweep(one, case), sweep(other, case))
    await sweep(one, case)

    assert await redatings(plain, case) == 1


async def test_a_calendar_that_comes_back_is_followed_again() -> None:
    plain, [case] = await never_events("R-1")

    for number in range(1, 5):
        await sweep(desk_with(PROCLAIMED if number % 2 else PLAIN, plain), case)
        assert await redatings(plain, case) == number


async def test_cases_are_told_one_after_the_other_in_the_order_of_the_clocks() -> None:
    plain, [first, second, third] = await never_events("R-1", "R-2", "R-3")
    desk = desk_with(PROCLAIMED, plain)

    await sweep(desk, second, third, first)

    assert (desk.told, desk.most_at_once) == ([second, third, first], 1)


@pytest.mark.parametrize("trouble", [TooContended(), LedgerBusyError()], ids=["a crowd", "a rush"])
async def test_a_case_is_told_whatever_passes_by_itself(trouble: Exception) -> None:
    plain, [case] = await never_events("R-1")

    await sweep(desk_with(PROCLAIMED, plain, trouble, trouble), case)

    assert await redatings(plain, case) == 1


@pytest.mark.parametrize(
    "trouble",
    [NotYetToldError(9, 8), OutdatedError("timeliness"), ReadModelsUnavailableError()],
    ids=["not told yet", "not built", "away"],
)
async def test_the_clocks_are_asked_until_they_can_say_how_they_stand_at_the_start(trouble: Exception) -> None:
    plain, [case] = await never_events("R-1")
    desk = desk_with(PROCLAIMED, plain)
    clocks = Listed(case, trouble=[trouble])
    head = (await desk.ledger.head()).position

    async with asyncio.timeout(20):
        await Recalculator(desk, clocks, SYSTEM).run()

    assert clocks.asked == [("proclaimed", head)]
    assert await redatings(plain, case) == 1


async def test_a_case_that_was_entered_in_error_meanwhile_stops_nothing() -> None:
    plain, [wrong, right] = await never_events("R-1", "R-2")
    await plain.change(
        an_order(), ENTER_IN_ERROR, lambda pen: EnterInError(reason=pen.narrative("Twice.")), stream=wrong
    )

    await sweep(desk_with(PROCLAIMED, plain), wrong, right)

    assert (await redatings(plain, wrong), await redatings(plain, right)) == (0, 1)


KNOWN = Calendar(Code("england-2026"), frozenset())
"""By this calendar the clocks of the chronicle are dated: from Monday 2 March on."""

TUESDAY_OFF = Calendar(Code("england-2026:also-2026-03-03"), frozenset({date(2026, 3, 3)}))
WEDNESDAY = end_of_day(date(2026, 3, 4))


def of_duty(kind: type[Any], name: str, **changes: Any) -> Any:
    return replace(sample(kind), **envelope(named(name)), duty=DutyId(named(f"duty of {name}")), **changes)


def opened(name: str, **terms: Any) -> DutyOpened:
    return opened_duty(f"duty of {name}", name, **({"due_at": WEDNESDAY} | terms))


def under_its_keys(chronicle: Chronicle) -> Callable[[Any, str], Any]:
    """What samples say is written anew, with the keys of the chronicle."""

    def written(value: Any, _path: str) -> Any:
        write = chronicle.pen.personal if isinstance(value, Personal) else chronicle.pen.narrative
        return write(value.about, str(value.words))

    return written


HISTORIES: dict[str, tuple[Any, ...]] = {
    "running": (opened("running"),),
    "due sooner": (opened("due sooner", length=1, due_at=end_of_day(date(2026, 3, 3))),),
    "over before": (opened("over before", started_at=NOON - timedelta(days=7), due_at=WEDNESDAY - timedelta(days=7)),),
    "by this calendar": (opened("by this calendar", calendar=TUESDAY_OFF.version),),
    "moved already": (
        opened("moved already"),
        of_duty(DutyRedated, "moved already", due_at=WEDNESDAY + timedelta(days=1), calendar=TUESDAY_OFF.version),
    ),
    "in calendar days": (opened("in calendar days", unit=Unit.CALENDAR_DAYS),),
    "met": (
        opened("met"),
        replace(sample(IncidentNotified), **envelope(named("met")), recipient=Code("commissioner")),
    ),
    "set aside": (opened("set aside"), of_duty(DutySetAside, "set aside")),
    "extended": (opened("extended"), of_duty(DutyExtended, "extended", due_at=WEDNESDAY + timedelta(days=9))),
    "stopped once": (
        opened("stopped once"),
        of_duty(DutyPaused, "stopped once"),
        of_duty(DutyResumed, "stopped once", due_at=WEDNESDAY + timedelta(days=1), calendar=KNOWN.version),
    ),
}


async def test_only_open_clocks_that_the_calendar_may_date_otherwise_are_looked_at_the_soonest_first(
    servers: dict[int, Server],
) -> None:
    async with a_chronicle(servers[EMBEDDED]) as chronicle:
        for name, facts in HISTORIES.items():
            await chronicle.record(chronicle.report(name), cases=[named(name)])
            for fact in facts:
                await chronicle.record(rewrite_secrets(fact, under_its_keys(chronicle)), cases=[named(name)])
        head = await chronicle.tell()
        read_models = ReadModels(chronicle.engine, LedgerFeed(chronicle.ledger, Codec()))
        clocks = ToldClocks(read_models, Actor(SYSTEM, OdsCode("ZZ1"), frozenset({Role.SYSTEM})))

        affected = await clocks.affected_by(TUESDAY_OFF, since=head)
        withdrawn = await clocks.affected_by(KNOWN, since=head)

    names = {named(name): name for name in HISTORIES}
    assert [names[each.case] for each in affected] == ["due sooner", "running", "stopped once"]
    assert [names[each.case] for each in withdrawn] == ["moved already"]
