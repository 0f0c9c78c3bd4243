"""A chronicle in which something waits for everybody: questions, clocks, learning responses and actions."""

from datetime import date, timedelta
from typing import Any, Final

from domain.action.events import ActionAccepted, ActionCompleted
from domain.incident.duty_events import DutySetAside
from domain.incident.events import IncidentAssigned, RedecisionPrompted, ThresholdDecided
from domain.incident.words import Assignment, Location
from domain.kernel.words import ActorId, Code, DecisionId, DutyId, IncidentId, Label, PersonId
from domain.learning_response.events import FindingMade, LeadAppointed, ResponseCommissioned, ResponseSubmitted
from domain.policy.edition import Force
from domain.policy.facts import FactName
from domain.policy.questions import Outcome, Question
from tests.service.queries.written import told
from tests.support.chronicle import Chronicle, named, opened_duty
from tests.support.decisions import NOON, an_id
from tests.support.sample_events import sample

MARY: Final = PersonId(an_id(201))
SOON: Final = NOON + timedelta(days=1)


async def play(chronicle: Chronicle, somebody: ActorId) -> None:
    """Record it all, the last of it before three minutes past noon; `somebody` accepts one action of two that are."""
    for name, provider, changes in (
        ("plain", "ZZ1", {}),
        ("serious", "ZZ1", {"regime": Code("sif-2015"), "location": Location(Label("South site"), None, None, None)}),
        ("theirs", "ZZ2", {"regime": Code("sif-2015")}),
    ):
        report = chronicle.report(name, provider=provider, **changes)
        await chronicle.record(report, organisation=provider, cases=[named(name)], after=timedelta(0))
    for fact in (*_clocks(), *_decisions()):
        await told(chronicle, fact, "plain" if fact.originator_id == named("plain") else "serious")
    theirs = opened_duty("their duty", "theirs", due_at=SOON)
    await chronicle.record(theirs, organisation="ZZ2", cases=[named("theirs")], after=timedelta(0))
    await _responses(chronicle)
    await _actions(chronicle, somebody)
    await chronicle.tell()


def _clocks() -> list[Any]:
    aside = sample(DutySetAside)
    return [
        opened_duty("late", "plain", due_at=NOON - timedelta(days=2)),
        opened_duty("later", "plain", due_at=NOON - timedelta(days=1)),
        opened_duty("soon", "plain", due_at=SOON, person=MARY),
        opened_duty("far", "plain", due_at=NOON + timedelta(days=7)),
        opened_duty("law", "plain", due_at=None, force=Force.LAW, recipients=(Code("relevant_person"),)),
        opened_duty("of response", "serious", due_at=SOON, response=named("led")),
        opened_duty("icb", "serious", due_at=SOON, actor=Code("commissioner")),
        opened_duty("aside", "plain", due_at=NOON - timedelta(days=3)),
        _of(aside, "plain", duty=DutyId(named("aside"))),
    ]


def _decisions() -> list[Any]:
    return [
        _decided(Question.SERIOUS_INCIDENT, Outcome.UNCLEAR),
        _decided(Question.NEVER_EVENT, Outcome.NOT_MET),
        _of(
            sample(RedecisionPrompted),
            "serious",
            question=Question.NEVER_EVENT,
            decision=DecisionId(named("never_event")),
            facts=(FactName.PHYSICAL_HARM, FactName.DIED),
        ),
        _of(sample(IncidentAssigned), "serious", assignment=Assignment.HANDLER),
    ]


def _decided(question: Question, outcome: Outcome) -> Any:
    decision = DecisionId(named(question))
    return _of(sample(ThresholdDecided), "serious", decision=decision, question=question, outcome=outcome)


def _of(fact: Any, name: str, **changes: Any) -> Any:
    values = {**vars(fact), "originator_id": named(name), "timestamp": NOON, **changes}
    return type(fact)(**values)


async def _responses(chronicle: Chronicle) -> None:
    incidents = (IncidentId(named("serious")),)
    for name, steps in (
        ("not led", ()),
        ("led", (LeadAppointed, FindingMade)),
        ("sent", (LeadAppointed, FindingMade, ResponseSubmitted)),
    ):
        await told(chronicle, _of(sample(ResponseCommissioned), name, incidents=incidents), "serious")
        for step in steps:
            await told(chronicle, _of(sample(step), name), "serious", opens=False)


async def _actions(chronicle: Chronicle, somebody: ActorId) -> None:
    for name, due_on in (("mine", 4), ("other", 4), ("offered", 1), ("done", 1), ("checked by another", 1)):
        action = chronicle.agreed(name, "plain", due_on=date(2026, 3, due_on))
        await chronicle.record(action, cases=[named("plain")], after=timedelta(0))
    another = ActorId(an_id(77))
    for name, by in (("mine", somebody), ("other", another), ("done", another), ("checked by another", somebody)):
        await told(chronicle, _of(sample(ActionAccepted), name, accepted_by=by), "plain", opens=False)
    for name in ("done", "checked by another"):
        await told(chronicle, _of(sample(ActionCompleted), name, completed_by=another), "plain", opens=False)
