"""Learning responses, told from their own streams: why by this method, what was found, and how far each is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeVar
from uuid import UUID

from domain.kernel.personal import Narrative, Personal
from domain.kernel.streams import Kind
from domain.learning_response.events import (
    AreaForImprovementNamed,
    DraftPutForward,
    DraftReturned,
    FindingLeftWithoutAction,
    FindingMade,
    Method,
    ResponseApproved,
    ResponseCommissioned,
    SharingWaived,
)
from domain.learning_response.state import LearningResponse
from projections.engine.reading import Found
from service.reading.forms import Form, the_case_asked_for
from service.reading.stories import Story, stories_of
from service.store.codec import Codec
from service.store.ledger import LedgerEvent

AnyFact = TypeVar("AnyFact")
Standing = Literal["commissioned", "approved", "submitted", "received"]


@dataclass(frozen=True, slots=True)
class RefusedMethod:
    """A method that was considered and not taken, and why."""

    method: Method
    reason: Narrative


@dataclass(frozen=True, slots=True)
class CitedFactor:
    """A system factor, and what was seen of it."""

    code: str
    seen: Narrative | None


@dataclass(frozen=True, slots=True)
class MadeFinding:
    """What was concluded; where no action follows, why."""

    id: UUID
    made_at: datetime
    words: Narrative
    evidence: tuple[UUID, ...]
    factors: tuple[CitedFactor, ...]
    left_without_action_at: datetime | None
    left_without_action_because: Narrative | None


@dataclass(frozen=True, slots=True)
class NamedArea:
    """Where the system should change, and the findings that this follows from."""

    id: UUID
    named_at: datetime
    words: Narrative
    findings: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Response:
    """A learning response as it stands."""

    organisation: str
    id: UUID
    stream_version: int
    incidents: tuple[UUID, ...]
    method: Method
    status: Standing
    commissioned_at: datetime
    reason: Narrative
    alternatives: tuple[RefusedMethod, ...]
    lead_name: Personal | None
    lead_role: str | None
    lead_independent_of_service: bool | None
    lead_appointed_at: datetime | None
    findings: tuple[MadeFinding, ...]
    areas: tuple[NamedArea, ...]
    left_without_action: int
    draft_put_forward_at: datetime | None
    draft_summary: Narrative | None
    draft_returned_at: datetime | None
    draft_returned_because: Narrative | None
    approved_at: datetime | None
    approver: Personal | None
    submitted_at: datetime | None
    submitted_to: str | None
    received_at: datetime | None
    receipt: str | None
    sharing_waived_at: datetime | None
    sharing_waived_because: Narrative | None


RESPONSE: Final = Form(Response, the_case_asked_for)


def responses_of(events: Iterable[LedgerEvent], codec: Codec) -> list[Found[Response]]:
    """The learning responses whose events these are, in the order in which they were commissioned."""
    told = stories_of(events, Kind.LEARNING_RESPONSE, LearningResponse, codec)
    return [Found(str(story.stream), _response(story), story.position) for story in told]


def _response(story: Story[LearningResponse]) -> Response:
    response, begun = story.aggregate, next(_only(story, ResponseCommissioned))
    approval, waiver = _last(story, ResponseApproved), _last(story, SharingWaived)
    draft, returned = _last(story, DraftPutForward), _last(story, DraftReturned)
    lead = response.lead
    return Response(
        organisation=story.organisation,
        id=story.stream,
        stream_version=story.version,
        incidents=begun.incidents,
        method=begun.method,
        status=_standing(response),
        commissioned_at=begun.timestamp,
        reason=begun.reason,
        alternatives=tuple(RefusedMethod(each.method, each.reason) for each in begun.alternatives),
        lead_name=lead.lead if lead else None,
        lead_role=lead.role if lead else None,
        lead_independent_of_service=lead.independent_of_service if lead else None,
        lead_appointed_at=lead.timestamp if lead else None,
        findings=tuple(_finding(story, fact) for fact in _only(story, FindingMade)),
        areas=tuple(_area(fact) for fact in _only(story, AreaForImprovementNamed)),
        left_without_action=len(response.left_without_action),
        draft_put_forward_at=draft.timestamp if draft else None,
        draft_summary=draft.summary if draft else None,
        draft_returned_at=returned.timestamp if returned else None,
        draft_returned_because=returned.reason if returned else None,
        approved_at=response.approved_at,
        approver=approval.approver if approval else None,
        submitted_at=response.submitted_at,
        submitted_to=response.submitted_to,
        received_at=response.received_at,
        receipt=response.receipt,
        sharing_waived_at=waiver.timestamp if waiver else None,
        sharing_waived_because=response.sharing_waived_because,
    )


def _standing(response: LearningResponse) -> Standing:
    if response.is_received:
        return "received"
    if response.is_submitted:
        return "submitted"
    return "approved" if response.is_approved else "commissioned"


def _finding(story: Story[LearningResponse], fact: FindingMade) -> MadeFinding:
    left = [each for each in _only(story, FindingLeftWithoutAction) if each.finding == fact.finding]
    last = left[-1] if left else None
    return MadeFinding(
        id=fact.finding,
        made_at=fact.timestamp,
        words=fact.words,
        evidence=fact.evidence,
        factors=tuple(CitedFactor(each.code, each.seen) for each in fact.factors),
        left_without_action_at=last.timestamp if last else None,
        left_without_action_because=last.reason if last else None,
    )


def _area(fact: AreaForImprovementNamed) -> NamedArea:
    return NamedArea(fact.area, fact.timestamp, fact.words, fact.findings)


def _only(story: Story[LearningResponse], kind: type[AnyFact]) -> Iterator[AnyFact]:
    return (fact for fact in story.facts if isinstance(fact, kind))


def _last(story: Story[LearningResponse], kind: type[AnyFact]) -> AnyFact | None:
    found = list(_only(story, kind))
    return found[-1] if found else None
