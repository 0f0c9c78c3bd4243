"""What is kept between two events of a case, a learning response or an action, to know what it waits for."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from domain.kernel.words import ActorId, IncidentId, Label, OdsCode
from domain.policy.facts import FactName
from domain.policy.questions import Outcome, Question


class Section(StrEnum):
    """The parts of the worklist, in their order."""

    DECIDE = "decide"
    RUNNING_OUT = "running_out"
    LATE = "late"


class Kind(StrEnum):
    """What an item of the worklist is, in the order in which items of one section are shown."""

    ASSESSED_MET = "assessed_met"
    """The rules say "met" to a question from the facts, and nobody has decided it."""
    UNDECIDED = "undecided"
    """A question that must be answered has no answer."""
    UNCLEAR = "unclear"
    """The answer is that it is not clear."""
    DECIDE_AGAIN = "decide_again"
    """The facts under an answer have changed."""
    RESPONSE_WITHOUT_LEAD = "response_without_lead"
    RESPONSE_TO_APPROVE = "response_to_approve"
    RESPONSE_TO_SUBMIT = "response_to_submit"
    RESPONSE_TO_RECEIVE = "response_to_receive"
    ACTION_TO_ACCEPT = "action_to_accept"
    ACTION_TO_VERIFY = "action_to_verify"
    ACTION = "action"
    """An accepted action is to be done by its due day."""
    CLOCK = "clock"
    """A duty is to be met."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The current answer to a question."""

    decision: UUID
    outcome: Outcome
    at: datetime


@dataclass(frozen=True, slots=True)
class Prompt:
    """An answer that somebody must give again: since when, and which facts have changed under it."""

    at: datetime
    facts: tuple[FactName, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """An incident with its answers."""

    organisation: OdsCode
    incident: UUID
    reported_at: datetime
    regime: str
    record_type: str
    may_involve_patient: bool
    answers: dict[Question, Answer] = field(default_factory=dict)
    prompts: dict[Question, Prompt] = field(default_factory=dict)
    assessed_met: dict[Question, datetime] = field(default_factory=dict)
    """Since when the rules have said "met" to questions that nobody has decided."""
    is_closed: bool = False
    is_entered_in_error: bool = False


@dataclass(frozen=True, slots=True)
class Response:
    """A learning response on its way from commissioning to receipt; `step_at` is when it took its last step."""

    organisation: OdsCode
    response: UUID
    incident: IncidentId
    step_at: datetime
    has_lead: bool = False
    has_finding: bool = False
    is_returned: bool = False
    """Its approver gave the draft back: it waits for whoever leads it."""
    is_approved: bool = False
    submitted_to: OdsCode | None = None
    is_received: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """An action until it is verified; `hands` is everybody who ever accepted it or called it completed."""

    organisation: OdsCode
    action: UUID
    incident: IncidentId
    owner_role: Label
    due_on: date
    step_at: datetime
    accepted_by: ActorId | None = None
    completed_at: datetime | None = None
    hands: tuple[ActorId, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """One stream that may wait for somebody: exactly one of these, none before its first event."""

    case: Case | None = None
    response: Response | None = None
    action: Action | None = None
