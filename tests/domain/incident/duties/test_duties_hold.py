"""What holds of an incident's duties whatever is ordered, in whatever order."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.incident.closing import CaseAtClosing
from domain.incident.commands.add_facts import AddFacts, add_facts
from domain.incident.commands.bring_duties_up_to_date import BringDutiesUpToDate, bring_duties_up_to_date
from domain.incident.commands.close_incident import CloseIncident, close_incident
from domain.incident.commands.decide_threshold import decide_threshold
from domain.incident.commands.extend_duty import ExtendDuty, extend_duty
from domain.incident.commands.pause_duty import PauseDuty, pause_duty
from domain.incident.commands.reopen_incident import ReopenIncident, reopen_incident
from domain.incident.commands.resume_duty import ResumeDuty, resume_duty
from domain.incident.commands.set_duty_aside import SetDutyAside, set_duty_aside
from domain.incident.duty_events import DutyExtended, DutyOpened, DutyRedated, DutyResumed, DutySetAside
from domain.incident.events import ThresholdDecided
from domain.incident.held_duties import key_of
from domain.incident.state import Incident
from domain.incident.words import PausingBody
from domain.kernel.done import Done
from domain.kernel.refusal import Refusal
from domain.kernel.words import Code, DutyId, OdsCode, PauseId
from domain.policy.duties import DutyTerms
from domain.policy.facts import FactName
from domain.policy.questions import Outcome, Question
from tests.support.decisions import NOON, a_stamp, an_id
from tests.support.decisions import given as stands
from tests.support.incidents import (
    COMMISSIONER,
    JOHN,
    MARY,
    PLANNED_TRUST,
    POLICY,
    SIF_TRUST,
    Story,
    a_decision,
    a_fact,
    name,
    physical,
    words,
)

Order = Callable[[Story, float], None]
QUESTIONS = (
    Question.SERIOUS_INCIDENT,
    Question.NEVER_EVENT,
    Question.NOTIFIABLE_SAFETY_INCIDENT,
    Question.PLAN_PRIORITY,
)
STARTS = (
    "learning_response.commissioned:psii",
    "learning_response.commissioned:concise",
    "incident.submitted_externally:steis",
    "candour.notice_given",
)


def attempt(story: Story, decide: Callable[..., None], command: Any, days: float, **context: Any) -> None:
    """Give a command; where it is refused, nothing may have been recorded."""
    version = story.incident.version
    stamp = a_stamp(days=days, by=COMMISSIONER if context.pop("commissioner", False) else None)
    try:
        story.then(decide, command, stamp, **context)
    except Refusal:
        assert story.incident.version == version
        assert not story.incident.pending_events


@st.composite
def decisions(draw: st.DrawFn) -> Order:
    question, outcome = draw(st.sampled_from(QUESTIONS)), draw(st.sampled_from(list(Outcome)))
    hours, commissioner = draw(st.integers(-1, 3)), draw(st.booleans())

    def order(story: Story, days: float) -> None:
        candour = question is Question.NOTIFIABLE_SAFETY_INCIDENT
        command = a_decision(
            question,
            outcome,
            edition=Code("reg20") if candour else story.edition,
            identified_at=NOON + timedelta(hours=hours * 24),
            rests_on=(FactName.PHYSICAL_HARM,),
        )
        attempt(story, decide_threshold, command, days, policy=POLICY, commissioner=commissioner)

    return order


@st.composite
def tellings(draw: st.DrawFn) -> Order:
    codes = draw(st.lists(st.sampled_from(STARTS), max_size=3))
    persons = tuple(draw(st.lists(st.sampled_from([MARY, JOHN]), unique=True)))
    hours = draw(st.integers(0, 48))

    def order(story: Story, days: float) -> None:
        at = NOON + timedelta(hours=hours)
        starts = tuple(Done(Code(code), at, MARY if code.startswith("candour") else None) for code in codes)
        command = BringDutiesUpToDate(starts=starts, persons=persons, methods=())
        attempt(story, bring_duties_up_to_date, command, days, policy=POLICY)

    return order


@st.composite
def facts(draw: st.DrawFn) -> Order:
    harm, concern = draw(st.sampled_from(["2", "3", "5"])), draw(st.booleans())

    def order(story: Story, days: float) -> None:
        known = (a_fact(FactName.PHYSICAL_HARM, physical(harm), patient=1), a_fact(FactName.PUBLIC_CONCERN, concern))
        attempt(story, add_facts, AddFacts(facts=known), days, policy=POLICY)

    return order


def _some_duty(story: Story, number: int) -> DutyId:
    duties = list(story.incident.duties)
    return duties[number % len(duties)] if duties else DutyId(an_id(999))


@st.composite
def clock_orders(draw: st.DrawFn) -> Order:
    kind, number = draw(st.sampled_from(["pause", "resume", "extend", "aside"])), draw(st.integers(0, 9))
    pause = PauseId(an_id(600 + draw(st.integers(0, 3))))

    def order(story: Story, days: float) -> None:
        duty, by = _some_duty(story, number), name()
        match kind:
            case "pause":
                command = PauseDuty(
                    pause=pause,
                    duty=duty,
                    body=PausingBody.POLICE,
                    reason=words(),
                    approver=by,
                    approver_organisation=OdsCode("ZZ1"),
                    requested_on=date(2026, 3, 2),
                    review_on=date(2027, 1, 1),
                )
                if all(held.pause(pause) is None for held in story.incident.duties.values()):
                    attempt(story, pause_duty, command, days)
            case "resume":
                attempt(story, resume_duty, ResumeDuty(pause=pause), days, policy=POLICY)
            case "extend":
                later = NOON + timedelta(days=days + number)
                extension = ExtendDuty(
                    duty=duty, due_at=later, reason=words(), agreed_by=by, agreed_by_organisation=OdsCode("ZZQ")
                )
                attempt(story, extend_duty, extension, days, commissioners=frozenset({OdsCode("ZZQ")}))
            case _:
                attempt(story, set_duty_aside, SetDutyAside(duty=duty, reason=words()), days)

    return order


@st.composite
def endings(draw: st.DrawFn) -> Order:
    closes = draw(st.booleans())

    def order(story: Story, days: float) -> None:
        if closes:
            command = CloseIncident(reason=words())
            attempt(story, close_incident, command, days, case=CaseAtClosing(), policy=POLICY)
        else:
            attempt(story, reopen_incident, ReopenIncident(reason=words()), days)

    return order


ORDERS = st.lists(st.one_of(decisions(), tellings(), facts(), clock_orders(), endings()), max_size=14)
TRUSTS = st.sampled_from([PLANNED_TRUST, SIF_TRUST])


def lived_through(trust: Any, orders: list[Order]) -> Story:
    story = Story(trust)
    for number, order in enumerate(orders, start=1):
        order(story, number / 4)
    return story


@settings(deadline=None, max_examples=150)
@given(TRUSTS, ORDERS)
def test_no_duty_is_opened_twice_while_it_stands(trust: Any, orders: list[Order]) -> None:
    standing: Counter[Any] = Counter()
    keys: dict[DutyId, Any] = {}
    for fact in lived_through(trust, orders).facts:
        match fact:
            case DutyOpened(duty=duty, terms=terms):
                assert duty not in keys, "an id is drawn once"
                keys[duty] = key_of(terms)
                standing[key_of(terms)] += 1
                assert standing[key_of(terms)] == 1, terms.rule
            case DutySetAside(duty=duty):
                standing[keys[duty]] -= 1
                assert standing[keys[duty]] == 0


@settings(deadline=None, max_examples=150)
@given(TRUSTS, ORDERS)
def test_the_original_dates_are_never_lost(trust: Any, orders: list[Order]) -> None:
    """The terms stay as opened, and every later date stands in an event of its own beside the one before it."""
    story = lived_through(trust, orders)
    opened: dict[DutyId, DutyTerms] = {}
    due: dict[DutyId, datetime | None] = {}
    for fact in story.facts:
        match fact:
            case DutyOpened(duty=duty, terms=terms):
                opened[duty], due[duty] = terms, terms.due_at
            case DutyExtended(duty=duty, previous_due_at=previous, due_at=later):
                assert due[duty] == previous
                assert later > previous
                due[duty] = later
            case DutyRedated(duty=duty, due_at=moved) | DutyResumed(duty=duty, due_at=moved):
                due[duty] = moved
    assert {duty: held.terms for duty, held in story.incident.duties.items()} == opened
    assert {duty: held.due_at for duty, held in story.incident.duties.items()} == due


@settings(deadline=None, max_examples=100)
@given(TRUSTS, ORDERS)
def test_telling_the_same_again_never_records_anything(trust: Any, orders: list[Order]) -> None:
    story = lived_through(trust, orders)
    settled = story.facts
    story.told()
    assert story.facts == settled


@settings(deadline=None, max_examples=100)
@given(TRUSTS, ORDERS)
def test_a_history_folds_to_the_state_that_was_decided_on(trust: Any, orders: list[Order]) -> None:
    story = lived_through(trust, orders)
    folded: Incident = stands(*story.facts).aggregate()
    assert folded.duties == story.incident.duties
    assert folded.status is story.incident.status
    assert folded.dones == story.incident.dones


@settings(deadline=None, max_examples=100)
@given(ORDERS)
def test_under_sif_a_provider_never_takes_back_its_own_serious_incident(orders: list[Order]) -> None:
    was_met = False
    for fact in lived_through(SIF_TRUST, orders).facts:
        if isinstance(fact, ThresholdDecided) and fact.question is Question.SERIOUS_INCIDENT:
            is_met = fact.outcome is Outcome.MET
            assert is_met or not was_met or fact.organisation == "ZZQ"
            was_met = is_met
