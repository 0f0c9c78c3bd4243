"""An incident as its facts leave it: what is known, what was decided, which duties stand, and whether it is closed."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from eventsourcing.domain import Aggregate

from domain.incident.duty_events import (
    DutyExtended,
    DutyOpened,
    DutyPaused,
    DutyRedated,
    DutyResumed,
    DutySetAside,
)
from domain.incident.events import (
    FactsAdded,
    IncidentAssigned,
    IncidentClosed,
    IncidentEnteredInError,
    IncidentNotified,
    IncidentReopened,
    IncidentReported,
    InitiallyReviewed,
    LegalHoldPlaced,
    LegalHoldReleased,
    PersonAdded,
    RedecisionPrompted,
    SafetySecured,
    SubmittedExternally,
    ThresholdAssessed,
    ThresholdDecided,
)
from domain.incident.held_duties import HeldDuty, HeldPause
from domain.incident.legal_holds import LegalHolds
from domain.incident.words import AddedFact, Assignment, Occurred, RecordType
from domain.kernel.done import Done
from domain.kernel.envelope import evolves
from domain.kernel.harm import Harm, PatientHarm
from domain.kernel.words import Code, DecisionId, DutyId, OdsCode, PersonId
from domain.policy.assessing.assessed import Assessed
from domain.policy.facts import FactKey, FactName
from domain.policy.questions import Outcome, Question


class Status(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    CLOSED = "closed"
    ENTERED_IN_ERROR = "entered_in_error"


Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A decision that somebody must make again, because these facts changed under it."""

    decision: DecisionId
    facts: frozenset[FactName]


class Incident(Aggregate):
    """One event in care, from report to closure.

    `decisions` are the current answers; `recognitions` the "met" and the "unclear" of each question that were identified
    earliest since it was last answered "not met": its clocks run from there, whatever is decided again;
    `criteria_recognised` is the same for each criterion by which something was met. `assessments` are those recorded of
    questions that nobody has decided. `dones` is what the incident's own facts did towards duties, but for the starts
    that a decision gives, which count only while it is current.
    """

    status: Status = field(init=False)
    provider: OdsCode = field(init=False)
    provider_type: Code = field(init=False)
    record_type: RecordType = field(init=False)
    discovered_at: datetime = field(init=False)
    occurred: Occurred | None = field(init=False)
    patients: frozenset[int] | None = field(init=False)
    regime: Code = field(init=False)
    editions: tuple[Code, ...] = field(init=False)
    facts: dict[FactKey, AddedFact] = field(init=False)
    people: dict[PersonId, PersonAdded] = field(init=False)
    assignments: dict[Assignment, IncidentAssigned] = field(init=False)
    decisions: dict[Question, ThresholdDecided] = field(init=False)
    recognitions: dict[tuple[Question, Outcome], ThresholdDecided] = field(init=False)
    criteria_recognised: dict[tuple[Question, Code], ThresholdDecided] = field(init=False)
    assessments: dict[Question, Assessed] = field(init=False)
    prompts: dict[Question, Prompt] = field(init=False)
    duties: dict[DutyId, HeldDuty] = field(init=False)
    safety_steps: tuple[SafetySecured, ...] = field(init=False)
    reviews: tuple[InitiallyReviewed, ...] = field(init=False)
    notifications: tuple[IncidentNotified, ...] = field(init=False)
    submissions: tuple[SubmittedExternally, ...] = field(init=False)
    dones: tuple[Done, ...] = field(init=False)
    legal_holds: LegalHolds = field(init=False)

    @property
    def is_closed(self) -> bool:
        """Whether the case is closed (and was not reopened)."""
        return self.status is Status.CLOSED

    @property
    def is_entered_in_error(self) -> bool:
        """Whether the report should never have been made."""
        return self.status is Status.ENTERED_IN_ERROR

    def may_involve_patient(self) -> bool:
        """Whether a patient was involved, or nobody knows yet that none was."""
        return self.patients is None or bool(self.patients)

    def fact(self, name: FactName, patient: int | None = None) -> AddedFact | None:
        """What is known of a fact; None where nothing was ever said."""
        return self.facts.get((name, patient))

    def current_dones(self) -> tuple[Done, ...]:
        """What the incident's own facts did towards duties, with the starts that current decisions give."""
        recognised = (*self.recognitions.values(), *self.criteria_recognised.values())
        standing = {id(decision): decision for decision in (*recognised, *self.decisions.values())}
        return (*self.dones, *(done for decision in standing.values() for done in decision.done()))


def _keep(incident: Incident, *dones: Done) -> None:
    incident.dones = (*incident.dones, *dones)


@evolves(IncidentReported)
def _reported(incident: Incident, event: IncidentReported) -> None:
    incident.status, incident.record_type = Status.OPEN, event.record_type
    incident.provider, incident.provider_type = event.provider, event.provider_type
    incident.discovered_at, incident.occurred = event.discovered_at, event.occurred
    incident.regime, incident.editions = event.regime, event.editions
    incident.patients = None if event.patients is None else frozenset(each.sequence for each in event.patients)
    incident.facts, incident.people, incident.assignments = {}, {}, {}
    for patient in event.patients or ():
        _keep_harm(incident, patient, FactName.PHYSICAL_HARM, patient.physical_harm)
        _keep_harm(incident, patient, FactName.PSYCHOLOGICAL_HARM, patient.psychological_harm)
    incident.decisions, incident.recognitions, incident.prompts = {}, {}, {}
    incident.assessments, incident.criteria_recognised = {}, {}
    incident.duties, incident.legal_holds = {}, LegalHolds()
    incident.safety_steps = incident.reviews = incident.notifications = incident.submissions = ()
    incident.dones = event.done()


def _keep_harm(incident: Incident, patient: PatientHarm, name: FactName, harm: Harm | None) -> None:
    if harm is not None:
        known = AddedFact(name=name, patient=patient.sequence, value=harm, judge=None)
        incident.facts[name, patient.sequence] = known


@evolves(FactsAdded)
def _facts_added(incident: Incident, event: FactsAdded) -> None:
    for fact in event.facts:
        incident.facts[fact.name, fact.patient] = fact
    _keep(incident, *event.done())


@evolves(PersonAdded)
def _person_added(incident: Incident, event: PersonAdded) -> None:
    incident.people[event.person] = event


@evolves(IncidentAssigned)
def _assigned(incident: Incident, event: IncidentAssigned) -> None:
    incident.assignments[event.assignment] = event


@evolves(ThresholdDecided)
def _threshold_decided(incident: Incident, event: ThresholdDecided) -> None:
    incident.decisions[event.question] = event
    incident.prompts.pop(event.question, None)
    incident.assessments.pop(event.question, None)
    if event.outcome is Outcome.NOT_MET:
        _forget(incident, event.question)
    else:
        _keep_earliest(incident.recognitions, (event.question, event.outcome), event)
    if event.outcome is Outcome.MET:
        for criterion in event.criteria:
            _keep_earliest(incident.criteria_recognised, (event.question, criterion), event)
    _keep(incident, event.done()[0])


def _forget(incident: Incident, question: Question) -> None:
    incident.recognitions = {key: kept for key, kept in incident.recognitions.items() if key[0] is not question}
    incident.criteria_recognised = {
        key: kept for key, kept in incident.criteria_recognised.items() if key[0] is not question
    }


def _keep_earliest(kept: dict[Key, ThresholdDecided], key: Key, event: ThresholdDecided) -> None:
    if event.identified_at < kept.setdefault(key, event).identified_at:
        kept[key] = event


@evolves(ThresholdAssessed)
def _threshold_assessed(incident: Incident, event: ThresholdAssessed) -> None:
    incident.assessments[event.question] = event.assessed


@evolves(RedecisionPrompted)
def _redecision_prompted(incident: Incident, event: RedecisionPrompted) -> None:
    earlier = incident.prompts.get(event.question)
    facts = frozenset(event.facts) | (earlier.facts if earlier else frozenset())
    incident.prompts[event.question] = Prompt(event.decision, facts)


@evolves(SafetySecured)
def _safety_secured(incident: Incident, event: SafetySecured) -> None:
    incident.safety_steps = (*incident.safety_steps, event)
    _keep(incident, *event.done())


@evolves(InitiallyReviewed)
def _initially_reviewed(incident: Incident, event: InitiallyReviewed) -> None:
    incident.reviews = (*incident.reviews, event)
    _keep(incident, *event.done())


@evolves(IncidentNotified)
def _notified(incident: Incident, event: IncidentNotified) -> None:
    incident.notifications = (*incident.notifications, event)
    _keep(incident, *event.done())


@evolves(SubmittedExternally)
def _submitted(incident: Incident, event: SubmittedExternally) -> None:
    incident.submissions = (*incident.submissions, event)
    _keep(incident, *event.done())


@evolves(DutyOpened)
def _duty_opened(incident: Incident, event: DutyOpened) -> None:
    terms = event.terms
    incident.duties[event.duty] = HeldDuty(
        event.duty, terms, started_at=terms.started_at, due_at=terms.due_at, calendar=terms.calendar
    )


@evolves(DutyRedated)
def _duty_redated(incident: Incident, event: DutyRedated) -> None:
    held = incident.duties[event.duty]
    incident.duties[event.duty] = replace(
        held, started_at=event.started_at, due_at=event.due_at, calendar=event.calendar
    )


@evolves(DutyPaused)
def _duty_paused(incident: Incident, event: DutyPaused) -> None:
    held = incident.duties[event.duty]
    pause = HeldPause(event.pause, event.body, from_at=event.timestamp)
    incident.duties[event.duty] = replace(held, pauses=(*held.pauses, pause))


@evolves(DutyResumed)
def _duty_resumed(incident: Incident, event: DutyResumed) -> None:
    held = incident.duties[event.duty]
    incident.duties[event.duty] = held.with_pause_ended(
        event.pause, at=event.timestamp, due_at=event.due_at, calendar=event.calendar
    )


@evolves(DutyExtended)
def _duty_extended(incident: Incident, event: DutyExtended) -> None:
    held = incident.duties[event.duty]
    incident.duties[event.duty] = replace(held, due_at=event.due_at, extended_to=event.due_at)


@evolves(DutySetAside)
def _duty_set_aside(incident: Incident, event: DutySetAside) -> None:
    incident.duties[event.duty] = replace(incident.duties[event.duty], set_aside=event.because)


@evolves(IncidentClosed)
def _closed(incident: Incident, event: IncidentClosed) -> None:
    incident.status = Status.CLOSED
    _keep(incident, *event.done())


@evolves(IncidentReopened)
def _reopened(incident: Incident, _event: IncidentReopened) -> None:
    incident.status = Status.OPEN


@evolves(IncidentEnteredInError)
def _entered_in_error(incident: Incident, _event: IncidentEnteredInError) -> None:
    incident.status = Status.ENTERED_IN_ERROR


@evolves(LegalHoldPlaced)
def _hold_placed(incident: Incident, event: LegalHoldPlaced) -> None:
    incident.legal_holds = incident.legal_holds.after(event)


@evolves(LegalHoldReleased)
def _hold_released(incident: Incident, event: LegalHoldReleased) -> None:
    incident.legal_holds = incident.legal_holds.after(event)
