"""All facts about a learning response."""

from dataclasses import dataclass
from enum import StrEnum

from domain.kernel.done import Done
from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.personal import Narrative, Personal
from domain.kernel.words import (
    AreaId,
    Code,
    EvidenceId,
    FindingId,
    IncidentId,
    Label,
    OdsCode,
    RecordId,
    Reference,
    ResponseId,
)


class Method(StrEnum):
    """How the learning response is carried out."""

    PSII = "psii"
    COMPREHENSIVE = "comprehensive"
    CONCISE = "concise"
    INDEPENDENT = "independent"
    AFTER_ACTION_REVIEW = "after_action_review"
    SWARM = "swarm"
    MDT_REVIEW = "mdt_review"
    THEMATIC_REVIEW = "thematic_review"


@dataclass(frozen=True, slots=True)
class Alternative:
    """A method that was considered and not taken, and why."""

    method: Method
    reason: Narrative


@dataclass(frozen=True, slots=True)
class Factor:
    """A system factor (SEIPS code) that a finding cites, with what was seen."""

    code: Code
    seen: Narrative | None


def _done_by(fact: Fact | FirstFact, code: str, method: Method) -> tuple[Done, ...]:
    """What this response did, as any response does it and as one by this method does."""
    response = ResponseId(fact.originator_id)
    return tuple(Done(Code(each), fact.timestamp, response=response) for each in (code, f"{code}:{method}"))


@dataclass(frozen=True)
class ResponseCommissioned(FirstFact):
    """A learning response to one or more incidents was commissioned: by which method, and why that is proportionate."""

    incidents: tuple[IncidentId, ...]
    method: Method
    reason: Narrative
    alternatives: tuple[Alternative, ...]

    def done(self) -> tuple[Done, ...]:
        """Each method has its own clocks."""
        return _done_by(self, "learning_response.commissioned", self.method)


@dataclass(frozen=True)
class LeadAppointed(Fact):
    """Somebody leads the response."""

    lead: Personal
    role: Label
    independent_of_service: bool

    def done(self) -> tuple[Done, ...]:
        """With a lead the response has begun."""
        response = ResponseId(self.originator_id)
        return (Done(Code("learning_response.lead_appointed"), self.timestamp, response=response),)


@dataclass(frozen=True)
class FindingMade(Fact):
    """What the response concluded, citing the evidence and the system factors it rests on."""

    finding: FindingId
    words: Narrative
    evidence: tuple[EvidenceId, ...]
    factors: tuple[Factor, ...]


@dataclass(frozen=True)
class AreaForImprovementNamed(Fact):
    """Where the system should change, following from findings; actions answer it."""

    area: AreaId
    words: Narrative
    findings: tuple[FindingId, ...]


@dataclass(frozen=True)
class FindingLeftWithoutAction(Fact):
    """No action follows from a finding, for a reason that stays on record."""

    finding: FindingId
    reason: Narrative


def _done_with_draft(fact: Fact, code: str) -> tuple[Done, ...]:
    return (Done(Code(code), fact.timestamp, response=ResponseId(fact.originator_id)),)


@dataclass(frozen=True)
class DraftPutForward(Fact):
    """The draft of the report went to its approver, who has it from now on."""

    draft: RecordId
    summary: Narrative | None

    def done(self) -> tuple[Done, ...]:
        """From here on the response waits for its approver."""
        return _done_with_draft(self, "learning_response.draft_put_forward")


@dataclass(frozen=True)
class DraftReturned(Fact):
    """The approver gave the draft back for more work."""

    draft: RecordId
    reason: Narrative

    def done(self) -> tuple[Done, ...]:
        """It waits for its approver no longer."""
        return _done_with_draft(self, "learning_response.draft_returned")


@dataclass(frozen=True)
class ResponseApproved(Fact):
    """The response was signed off for the provider's board."""

    method: Method
    approver: Personal | None

    def done(self) -> tuple[Done, ...]:
        """Approval completes the investigation's own clock, and no other method's."""
        return _done_by(self, "learning_response.approved", self.method)


@dataclass(frozen=True)
class ResponseSubmitted(Fact):
    """The report and action plan went to the commissioner (SIF-04, SIF-05)."""

    method: Method
    to: OdsCode

    def done(self) -> tuple[Done, ...]:
        """Submission meets the report's clock, and no other method's."""
        return _done_by(self, "learning_response.submitted:commissioner", self.method)


@dataclass(frozen=True)
class ResponseReceived(Fact):
    """The commissioner confirmed that it has the report (SIF-07 runs from here)."""

    method: Method
    by: OdsCode
    receipt: Reference | None

    def done(self) -> tuple[Done, ...]:
        """Receipt starts the commissioner's clock, and meets the report's own."""
        return _done_by(self, "learning_response.received:commissioner", self.method)


@dataclass(frozen=True)
class SharingWaived(Fact):
    """The response will not be shared with those affected, for a reason that stays on record."""

    reason: Narrative
