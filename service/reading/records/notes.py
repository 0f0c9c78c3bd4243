"""What was noted along a case, told from its own streams: each text and each name that hangs on one event alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from domain.evidence.events import CustodyTransferred, EvidencePreserved
from domain.incident.duty_events import DutyExtended, DutyPaused, DutySetAside
from domain.incident.events import (
    FactsAdded,
    IncidentClosed,
    IncidentEnteredInError,
    IncidentReopened,
    IncidentReported,
    InitiallyReviewed,
    SafetySecured,
)
from domain.kernel.personal import Narrative, Personal
from domain.kernel.streams import Kind
from projections.engine.reading import Found
from service.reading.forms import Form, Secret, the_case_asked_for
from service.store.codec import Codec
from service.store.ledger import LedgerEvent


class NoteKind(StrEnum):
    """What was noted."""

    PLACE = "place"
    EXTENSIONS = "extensions"
    SAFETY_STEP = "safety_step"
    INITIAL_REVIEW = "initial_review"
    FACT_JUDGE = "fact_judge"
    CLOSING_REASON = "closing_reason"
    REOPENING_REASON = "reopening_reason"
    ENTERED_IN_ERROR_REASON = "entered_in_error_reason"
    PAUSE_REASON = "pause_reason"
    PAUSE_APPROVER = "pause_approver"
    EXTENSION_REASON = "extension_reason"
    EXTENSION_AGREED_BY = "extension_agreed_by"
    SET_ASIDE_REASON = "set_aside_reason"
    CUSTODIAN = "custodian"
    CUSTODY_PLACE = "custody_place"
    TRANSFER_REASON = "transfer_reason"


@dataclass(frozen=True, slots=True)
class Note:
    """One text or name, and the event that it hangs on.

    `rule` and `obligation` say of which duty, `fact` and `patient` of which judged fact; null for everything else.
    """

    organisation: str
    position: int
    stream: UUID
    kind: NoteKind
    rule: str | None
    obligation: UUID | None
    fact: str | None
    patient: int | None
    effective_at: datetime
    recorded_at: datetime
    words: Personal | Narrative


@dataclass(frozen=True, slots=True)
class _Told:
    """A text as its event holds it."""

    kind: NoteKind
    words: Secret | None
    rule: str | None = None
    obligation: UUID | None = None
    fact: str | None = None
    patient: int | None = None


NOTE: Final = Form(Note, the_case_asked_for)

_KINDS: Final = frozenset({Kind.INCIDENT, Kind.EVIDENCE})


def notes_of(events: Iterable[LedgerEvent], codec: Codec) -> list[Found[Note]]:
    """The notes of a case whose events these are, in the order of the log; what was left out makes no note."""
    return [
        Found(f"{event.event_id}:{number}", _note(event, told, told.words), event.position)
        for event in events
        if event.kind in _KINDS
        for number, told in enumerate(_told_by(codec.decode(event)))
        if told.words is not None
    ]


def _note(event: LedgerEvent, told: _Told, words: Secret) -> Note:
    return Note(
        organisation=event.organisation,
        position=event.position,
        stream=event.stream,
        kind=told.kind,
        rule=told.rule,
        obligation=told.obligation,
        fact=told.fact,
        patient=told.patient,
        effective_at=event.effective_at,
        recorded_at=event.recorded_at,
        words=words,
    )


def _told_by(fact: object) -> Iterator[_Told]:
    match fact:
        case DutyPaused() | DutyExtended() | DutySetAside():
            yield from _told_of_duty(fact)
        case EvidencePreserved() | CustodyTransferred():
            yield _Told(NoteKind.CUSTODIAN, fact.custodian)
            yield _Told(NoteKind.CUSTODY_PLACE, fact.place)
            if isinstance(fact, CustodyTransferred):
                yield _Told(NoteKind.TRANSFER_REASON, fact.reason)
        case _:
            yield from _told_of_incident(fact)


def _told_of_incident(fact: object) -> Iterator[_Told]:
    match fact:
        case IncidentReported():
            yield _Told(NoteKind.PLACE, fact.location.place if fact.location else None)
            yield _Told(NoteKind.EXTENSIONS, fact.extensions)
        case FactsAdded():
            for each in fact.facts:
                judge = each.judge.name if each.judge else None
                yield _Told(NoteKind.FACT_JUDGE, judge, fact=each.name.value, patient=each.patient)
        case SafetySecured():
            yield _Told(NoteKind.SAFETY_STEP, fact.steps_taken)
        case InitiallyReviewed():
            yield _Told(NoteKind.INITIAL_REVIEW, fact.summary)
        case IncidentClosed():
            yield _Told(NoteKind.CLOSING_REASON, fact.reason)
        case IncidentReopened():
            yield _Told(NoteKind.REOPENING_REASON, fact.reason)
        case IncidentEnteredInError():
            yield _Told(NoteKind.ENTERED_IN_ERROR_REASON, fact.reason)


def _told_of_duty(fact: DutyPaused | DutyExtended | DutySetAside) -> Iterator[_Told]:
    rule, duty = str(fact.rule), fact.duty
    match fact:
        case DutyPaused():
            yield _Told(NoteKind.PAUSE_REASON, fact.reason, rule, duty)
            yield _Told(NoteKind.PAUSE_APPROVER, fact.approver, rule, duty)
        case DutyExtended():
            yield _Told(NoteKind.EXTENSION_REASON, fact.reason, rule, duty)
            yield _Told(NoteKind.EXTENSION_AGREED_BY, fact.agreed_by, rule, duty)
        case DutySetAside():
            yield _Told(NoteKind.SET_ASIDE_REASON, fact.reason, rule, duty)
