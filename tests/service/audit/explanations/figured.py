"""Cases in which every figure says something: clocks of every standing, actions, and decisions from the same facts."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from domain.action.events import ActionAccepted, ActionCompleted, ActionExtended, ActionMonitored, Strength
from domain.incident.duty_events import DutyExtended, DutyPaused, DutyResumed, DutySetAside
from domain.incident.events import IncidentClosed, IncidentEnteredInError, IncidentNotified
from domain.incident.words import SetAside
from domain.kernel.actor import Role
from domain.kernel.envelope import Fact
from domain.kernel.personal import Narrative, Personal
from domain.kernel.words import Code, DutyId, Label, PauseId, PersonId
from domain.policy.facts import FactName
from domain.policy.questions import Outcome
from projections.engine.feed import Told
from projections.explaining.explanation import Explanation
from projections.explaining.pages import joined
from service.reading.audit.lines import told_of_line
from tests.projections.threshold_decisions.made import assessed, decided, known
from tests.support.chronicle import Chronicle, commissioned, named, opened_duty
from tests.support.decisions import NOON
from tests.support.desk_of_queries import QueryStand
from tests.support.read_models.projections import envelope
from tests.support.sample_events import sample

DIED: Final = assessed(known(FactName.DIED, value=True, patient=1), outcome=Outcome.MET)
HURT: Final = assessed(known(FactName.DIED, value=False, patient=1))
MET, NOT = Outcome.MET, Outcome.NOT_MET
HOUR: Final = timedelta(hours=1)
LATER: Final = (NOON + timedelta(days=3)).isoformat()
"""A moment at which everything has been played for a while."""


def _of(event: type[Any], stream: str, chronicle: Chronicle, **changes: Any) -> Any:
    """A fact made after the sample of its kind, its words sealed."""
    whose, pen = named(stream), chronicle.pen
    made = replace(sample(event), **envelope(whose, at=chronicle.clock), **changes)
    sealed: dict[str, Any] = {}
    for name, value in vars(made).items():
        if isinstance(value, Narrative):
            sealed[name] = pen.narrative(whose, f"Words of {name}")
        elif isinstance(value, Personal):
            sealed[name] = pen.personal(PersonId(named("somebody")), "Sam Somebody")
    return replace(made, **sealed)


@dataclass
class Play:
    """Tells the facts of a case to a chronicle."""

    chronicle: Chronicle

    async def case(self, name: str, *, provider: str = "ZZ1") -> None:
        report = self.chronicle.report(name, provider=provider)
        await self.chronicle.record(report, organisation=provider, cases=[named(name)])

    async def tell(self, fact: Fact, *, provider: str = "ZZ1", after: timedelta = timedelta(minutes=1)) -> None:
        await self.chronicle.record(fact, organisation=provider, after=after)

    async def duty(self, name: str, case: str, due_at: datetime | None, *, provider: str = "ZZ1", **terms: Any) -> None:
        await self.tell(opened_duty(name, case, due_at=due_at, **terms), provider=provider)

    async def moved(self, event: type[Any], case: str, duty: str, **changes: Any) -> None:
        await self.tell(_of(event, case, self.chronicle, duty=DutyId(named(duty)), **changes))

    async def told_the_commissioner(self, case: str, *, at: datetime, after: timedelta = timedelta(minutes=1)) -> None:
        told = _of(IncidentNotified, case, self.chronicle, recipient=Code("commissioner"), channel=Code("telephone"))
        await self.tell(replace(told, timestamp=at), after=after)

    async def decided(self, number: int, who: str, outcome: Outcome, said: Any, *, provider: str = "ZZ1") -> None:
        await self.case(f"decided {number}", provider=provider)
        await self.answered(f"decided {number}", number, who, (outcome, said), provider=provider)

    async def answered(
        self, case: str, number: int, who: str, answer: tuple[Outcome, Any], *, provider: str = "ZZ1"
    ) -> None:
        outcome, said = answer
        fact = decided(number, outcome, said, case=named(case), at=self.chronicle.clock, by=provider)
        reasons = self.chronicle.pen.narrative(named(case), "Because")
        await self.chronicle.record(
            replace(fact, reasons=reasons, criteria=(Code("PSIRF-02"),)), organisation=provider, actor=who
        )

    async def action(self, name: str, due_on: date, *steps: type[Any], provider: str = "ZZ1", **changes: Any) -> None:
        case = "met" if provider == "ZZ1" else "theirs"
        agreed = self.chronicle.agreed(name, case, due_on=due_on, **changes)
        await self.chronicle.record(agreed, organisation=provider, cases=[named(case)])
        for step in steps:
            moved = _of(step, name, self.chronicle)
            await self.chronicle.record(moved, organisation=provider)


async def play(chronicle: Chronicle) -> None:
    """Everything, and tell the read models."""
    told = Play(chronicle)
    await chronicle.record(commissioned("ZZ2", "ZZQ"), organisation="ZZ2")  # this time with no end
    await _clocks(told)
    await _moved_clocks(told)
    await told.case("theirs", provider="ZZ2")
    await told.duty("their late", "theirs", NOON + HOUR, provider="ZZ2")
    await told.duty("their open", "theirs", None, provider="ZZ2", title=Label("Another title"))
    await _actions(told)
    await _decisions(told)
    wrong = _of(IncidentEnteredInError, "in error", chronicle)
    await told.case("in error")
    await told.duty("in error", "in error", NOON + timedelta(days=9))
    await told.tell(wrong)
    await chronicle.tell()


async def _clocks(told: Play) -> None:
    await told.case("met")
    await told.duty("in time", "met", NOON + timedelta(days=1))
    await told.duty("owed later", "met", NOON + timedelta(days=9), met_by=(Code("incident.closed"),))
    await told.duty("over", "met", NOON + HOUR, met_by=(Code("incident.closed"),))
    await told.duty("no number", "met", None, rule=Code("PSIRF-09"), met_by=(Code("incident.closed"),))
    await told.told_the_commissioner("met", at=NOON + timedelta(minutes=5))
    await told.told_the_commissioner("met", at=NOON + timedelta(minutes=9))
    await told.case("late")
    await told.duty("met late", "late", NOON + timedelta(minutes=1))
    await told.told_the_commissioner("late", at=NOON + timedelta(minutes=13))
    await told.case("recorded late")
    await told.duty("recorded late", "recorded late", NOON + HOUR)
    await told.told_the_commissioner("recorded late", at=NOON + timedelta(minutes=20), after=2 * HOUR)


async def _moved_clocks(told: Play) -> None:
    now = told.chronicle.clock
    await told.case("moved")
    for name in ("paused", "resumed", "extended", "aside", "aside late"):
        due_at = now + (timedelta(minutes=2) if name == "aside late" else timedelta(days=2))
        await told.duty(name, "moved", due_at, rule=Code("PSIRF-06"), calendar=Code("england-2027"))
    await told.moved(DutyPaused, "moved", "paused")
    await told.moved(DutyPaused, "moved", "resumed", pause=PauseId(named("a pause")))
    again = {"due_at": NOON + timedelta(days=20), "calendar": Code("england-2028")}
    await told.moved(DutyResumed, "moved", "resumed", pause=PauseId(named("a pause")), **again)
    await told.moved(DutyExtended, "moved", "extended", due_at=NOON + timedelta(days=30))
    await told.moved(DutySetAside, "moved", "aside", because=SetAside.NOT_APPLICABLE)
    await told.moved(DutySetAside, "moved", "aside late", because=SetAside.NOT_APPLICABLE)
    await told.tell(_of(IncidentClosed, "late", told.chronicle))


async def _actions(told: Play) -> None:
    done, soon = date(2026, 3, 1), date(2026, 3, 30)
    await told.action("over and open", done, ActionAccepted)
    await told.action("over and completed", done, ActionAccepted, ActionCompleted)
    await told.action("still time", soon, strength=Strength.WEAKER)
    await told.action("more time", done, ActionExtended, ActionMonitored)
    await told.action("their action", done, provider="ZZ2")


async def _decisions(told: Play) -> None:
    await told.decided(1, "Anna", MET, DIED)
    await told.decided(2, "Ben", NOT, DIED)
    await told.decided(3, "Anna", NOT, HURT)
    await told.decided(4, "Ben", NOT, HURT)
    await told.decided(5, "Cleo", MET, DIED, provider="ZZ2")
    await told.decided(6, "Ben", MET, None)
    await told.decided(7, "Anna", MET, HURT)
    await told.answered("decided 7", 8, "Anna", (NOT, HURT))


@dataclass
class Explainer:
    """Asks for explanations, page after page, and for the events that they name."""

    stand: QueryStand
    roles: tuple[Role, ...] = (Role.AUDITOR,)
    organisation: str = "ZZ1"
    log: list[bytes] = field(default_factory=list)

    async def pages(self, summary: str, **query: Any) -> list[dict[str, Any]]:
        """Every page of an explanation."""
        pages = [await self.ok(f"/v1/{summary}/explain", **query)]
        while pages[-1]["next"]:
            pages.append(await self.ok(pages[-1]["next"]))
        return pages

    async def explained(self, summary: str, **query: Any) -> Explanation:
        """The whole explanation."""
        return joined(await self.pages(summary, limit=500, **query))

    async def ok(self, path: str, **query: Any) -> Any:
        """The body of an answer that must be 200."""
        return await self.stand.ok(path, *self.roles, organisation=self.organisation, **query)

    async def events(self, explanation: Explanation) -> list[Told]:
        """The events that it names, as whoever reads the log has them."""
        if not self.log:
            headers = {"Accept": "application/x-ndjson"}
            log = await self.stand.get("/v1/events", *self.roles, organisation=self.organisation, headers=headers)
            self.log = log.content.splitlines()
        wanted = {ground.position for ground in explanation.grounds}
        return [told_of_line(self.log[position - 1]) for position in sorted(wanted)]
