"""All facts about an incident, but those about its duties (`duty_events.py`)."""

from dataclasses import dataclass
from datetime import datetime

from domain.incident.words import (
    AddedFact,
    Assignment,
    Ending,
    HoldAuthority,
    Location,
    Occurred,
    PersonKind,
    RecordType,
)
from domain.kernel.done import Done
from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.harm import PatientHarm, is_fatal
from domain.kernel.personal import Narrative, Personal
from domain.kernel.words import (
    ActorId,
    Code,
    DecisionId,
    HoldId,
    Label,
    OdsCode,
    PersonId,
    RecordId,
    Reference,
    ResponseId,
)
from domain.policy.assessing.assessed import Assessed
from domain.policy.facts import FactName
from domain.policy.questions import Outcome, Question
from domain.policy.starting import DIED, done_by, started_by


@dataclass(frozen=True)
class IncidentReported(FirstFact):
    """An incident (or a risk, an outcome, good care) was reported about a provider.

    `patients` None: not yet known whether anyone was involved; empty: nobody was. `editions` are the policy editions
    that govern the case for good: the regime in force for this provider on the day of discovery, and what goes with it.
    `extensions` is the reporter's own JSON, stored and never interpreted.
    """

    provider: OdsCode
    provider_type: Code
    reporting_organisation: OdsCode
    record_type: RecordType
    source_system: Code
    local_reference: Reference
    discovered_at: datetime
    occurred: Occurred | None
    what_happened: Narrative
    location: Location | None
    patients: tuple[PatientHarm, ...] | None
    extensions: Narrative | None
    regime: Code
    editions: tuple[Code, ...]

    def done(self) -> tuple[Done, ...]:
        """A report starts the clocks that run from the report, from awareness, and from a death that it tells of."""
        reported = Done(Code("incident.reported"), self.timestamp)
        harms = [patient.physical_harm for patient in self.patients or ()]
        death = [Done(DIED, self.discovered_at)] if any(harm and is_fatal(harm) for harm in harms) else []
        return (Done(Code("incident.discovered"), self.discovered_at), reported, *death)


@dataclass(frozen=True)
class FactsAdded(Fact):
    """Typed facts became known, or were corrected."""

    facts: tuple[AddedFact, ...]

    def done(self) -> tuple[Done, ...]:
        """Each fact that is so may start a clock, and so may each code that it has; a fatal harm says that one died."""
        done = [each for fact in self.facts for each in done_by(fact.name, fact.value, self.timestamp)]
        return tuple(dict.fromkeys(done))


@dataclass(frozen=True)
class PersonAdded(Fact):
    """Somebody involved was named: a patient (with the number used in the report), a member of staff, a witness."""

    person: PersonId
    kind: PersonKind
    patient: int | None
    name: Personal
    nhs_number: Personal | None
    born_on: Personal | None


@dataclass(frozen=True)
class IncidentAssigned(Fact):
    """Somebody was asked to handle the case, to lead its learning response or the engagement."""

    assignment: Assignment
    person: PersonId
    name: Personal
    role: Label | None


@dataclass(frozen=True)
class ThresholdDecided(Fact):
    """One question was answered by a person: met, not met or unclear, why, and on which facts it rests.

    `identified_at` is when the incident was recognised as (possibly) meeting the threshold; clocks run from it.
    `organisation` is whose decision it is: the provider's or the commissioner's. `assessed` is what the rules said from
    the facts as they were known (None: no edition of the case asks this question); `departure` why the decider departs
    from it, where they do.
    """

    decision: DecisionId
    question: Question
    outcome: Outcome
    criteria: tuple[Code, ...]
    reasons: Narrative
    rests_on: tuple[FactName, ...]
    edition: Code
    identified_at: datetime
    decider: Personal | None
    organisation: OdsCode
    assessed: Assessed | None = None
    departure: Narrative | None = None

    def done(self) -> tuple[Done, ...]:
        """Deciding is a duty of its own; a threshold that is or may be met starts the clocks of what follows.

        What follows from one criterion runs from the decision that first named it.
        """
        decided = Done(Code(f"incident.threshold_decided:{self.question}"), self.timestamp)
        return (decided, *started_by(self.question, self.outcome, self.criteria, identified_at=self.identified_at))


@dataclass(frozen=True)
class ThresholdAssessed(Fact):
    """From the facts the rules say "met" to a question that nobody has decided, or say so no longer. It decides nothing."""

    question: Question
    assessed: Assessed


@dataclass(frozen=True)
class RedecisionPrompted(Fact):
    """Facts that a decision rests on have changed: somebody must decide the question again."""

    question: Question
    decision: DecisionId
    facts: tuple[FactName, ...]


@dataclass(frozen=True)
class SafetySecured(Fact):
    """People were made safe at once."""

    step: RecordId
    steps_taken: Narrative

    def done(self) -> tuple[Done, ...]:
        """Immediate safety is a duty of every regime."""
        return (Done(Code("incident.safety_secured"), self.timestamp),)


@dataclass(frozen=True)
class InitiallyReviewed(Fact):
    """The first review (SIF-03: the "72-hour review") was made."""

    review: RecordId
    summary: Narrative
    submitted_to: OdsCode | None

    def done(self) -> tuple[Done, ...]:
        """The review meets a duty that asks for it; one that asks for its submission, once it went to somebody."""
        made = Done(Code("incident.initial_review_made"), self.timestamp)
        if self.submitted_to is None:
            return (made,)
        return (made, Done(Code("incident.initial_review_submitted"), self.timestamp))


@dataclass(frozen=True)
class IncidentNotified(Fact):
    """Somebody outside was told: which kind of body, which organisation, what for, how, and their receipt."""

    notification: RecordId
    recipient: Code
    organisation: OdsCode | None
    purpose: Code
    channel: Code
    receipt: Reference | None

    def done(self) -> tuple[Done, ...]:
        """Telling a body meets the duties owed to it; some rules name the channel too."""
        told = f"incident.notified:{self.recipient}"
        return (Done(Code(told), self.timestamp), Done(Code(f"{told}:{self.channel}"), self.timestamp))


@dataclass(frozen=True)
class SubmittedExternally(Fact):
    """The record was sent to a national or regional system (LFPSE, StEIS, MNSI ...)."""

    submission: RecordId
    system: Code
    purpose: Code
    reference: Reference | None
    revision: int
    status: Code

    def done(self) -> tuple[Done, ...]:
        """A submission meets the duties that name the system, unless the system refused it."""
        if self.status == "rejected":
            return ()
        return (Done(Code(f"incident.submitted_externally:{self.system}"), self.timestamp),)


@dataclass(frozen=True)
class IncidentClosed(Fact):
    """The case was closed: by the provider, or (SIF 2015) by its commissioner; `actions_open` stay on the board."""

    ending: Ending
    reason: Narrative | None
    organisation: OdsCode
    responses: tuple[ResponseId, ...]
    actions_open: int

    def done(self) -> tuple[Done, ...]:
        """The commissioner's decision on a report has a clock of its own (SIF-07)."""
        closed = "incident.closed"
        return (Done(Code(closed), self.timestamp), Done(Code(f"{closed}:{self.ending}"), self.timestamp))


@dataclass(frozen=True)
class IncidentReopened(Fact):
    """The closed case was opened again."""

    reason: Narrative
    organisation: OdsCode


@dataclass(frozen=True)
class IncidentEnteredInError(Fact):
    """The report should never have been made (a test, the wrong trust); its record stays."""

    reason: Narrative


@dataclass(frozen=True)
class LegalHoldPlaced(Fact):
    """Somebody needs the record kept: while the hold stands nothing of the case is erased, and no retention time ends."""

    hold: HoldId
    authority: HoldAuthority
    reference: Reference | None
    reason: Narrative
    placed_by: ActorId


@dataclass(frozen=True)
class LegalHoldReleased(Fact):
    """The hold is over: whoever released it did not place it."""

    hold: HoldId
    reason: Narrative
    released_by: ActorId
