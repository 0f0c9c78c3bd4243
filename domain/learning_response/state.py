"""A learning response as its facts leave it."""

from collections.abc import Collection, Mapping
from dataclasses import field
from datetime import datetime
from types import MappingProxyType

from eventsourcing.domain import Aggregate

from domain.kernel.envelope import evolves
from domain.kernel.personal import Narrative
from domain.kernel.words import AreaId, FindingId, IncidentId, OdsCode, RecordId, Reference
from domain.learning_response.events import (
    AreaForImprovementNamed,
    DraftPutForward,
    DraftReturned,
    FindingLeftWithoutAction,
    FindingMade,
    LeadAppointed,
    Method,
    ResponseApproved,
    ResponseCommissioned,
    ResponseReceived,
    ResponseSubmitted,
    SharingWaived,
)


class LearningResponse(Aggregate):
    """What is investigated and how, who leads it, what it found, and how far it is."""

    incidents: tuple[IncidentId, ...] = field(init=False)
    method: Method = field(init=False)
    lead: LeadAppointed | None = field(init=False)
    """The appointment that stands."""
    findings: tuple[FindingId, ...] = field(init=False)
    areas: Mapping[AreaId, tuple[FindingId, ...]] = field(init=False)
    """Each area for improvement, and the findings that it follows from."""
    left_without_action: Mapping[FindingId, Narrative] = field(init=False)
    """Findings from which no action follows, and why."""
    draft_waiting: RecordId | None = field(init=False)
    """The draft that is with its approver, who has neither approved nor returned it."""
    approved_at: datetime | None = field(init=False)
    submitted_to: OdsCode | None = field(init=False)
    submitted_at: datetime | None = field(init=False)
    received_at: datetime | None = field(init=False)
    receipt: Reference | None = field(init=False)
    sharing_waived_because: Narrative | None = field(init=False)

    @property
    def is_approved(self) -> bool:
        """Whether it was signed off."""
        return self.approved_at is not None

    @property
    def is_submitted(self) -> bool:
        """Whether the report went to the commissioner."""
        return self.submitted_at is not None

    @property
    def is_received(self) -> bool:
        """Whether the commissioner confirmed that it has the report."""
        return self.received_at is not None

    @property
    def sharing_waived(self) -> bool:
        """Whether a reason stands why it is not shared with those affected."""
        return self.sharing_waived_because is not None

    def unanswered_findings(
        self, *, findings: Collection[FindingId], areas: Collection[AreaId]
    ) -> tuple[FindingId, ...]:
        """The findings that have neither an action nor a reason, given what the actions answer.

        An action that answers an area for improvement answers the findings from which the area follows.
        """
        answered = {*findings, *self.left_without_action}
        for area in areas:
            answered.update(self.areas.get(area, ()))
        return tuple(finding for finding in self.findings if finding not in answered)


@evolves(ResponseCommissioned)
def _commissioned(response: LearningResponse, event: ResponseCommissioned) -> None:
    response.incidents = event.incidents
    response.method = event.method
    response.lead = None
    response.findings = ()
    response.areas = MappingProxyType({})
    response.left_without_action = MappingProxyType({})
    response.draft_waiting = None
    response.approved_at = None
    response.submitted_to = None
    response.submitted_at = None
    response.received_at = None
    response.receipt = None
    response.sharing_waived_because = None


@evolves(LeadAppointed)
def _lead_appointed(response: LearningResponse, event: LeadAppointed) -> None:
    response.lead = event


@evolves(FindingMade)
def _finding_made(response: LearningResponse, event: FindingMade) -> None:
    response.findings = (*response.findings, event.finding)


@evolves(AreaForImprovementNamed)
def _area_named(response: LearningResponse, event: AreaForImprovementNamed) -> None:
    response.areas = MappingProxyType({**response.areas, event.area: event.findings})


@evolves(FindingLeftWithoutAction)
def _left(response: LearningResponse, event: FindingLeftWithoutAction) -> None:
    response.left_without_action = MappingProxyType({**response.left_without_action, event.finding: event.reason})


@evolves(DraftPutForward)
def _put_forward(response: LearningResponse, event: DraftPutForward) -> None:
    response.draft_waiting = event.draft


@evolves(DraftReturned)
def _returned(response: LearningResponse, _event: DraftReturned) -> None:
    response.draft_waiting = None


@evolves(ResponseApproved)
def _approved(response: LearningResponse, event: ResponseApproved) -> None:
    response.draft_waiting = None
    response.approved_at = event.timestamp


@evolves(ResponseSubmitted)
def _submitted(response: LearningResponse, event: ResponseSubmitted) -> None:
    response.submitted_to = event.to
    response.submitted_at = event.timestamp
    response.received_at = None
    response.receipt = None


@evolves(ResponseReceived)
def _received(response: LearningResponse, event: ResponseReceived) -> None:
    response.received_at = event.timestamp
    response.receipt = event.receipt


@evolves(SharingWaived)
def _sharing_waived(response: LearningResponse, event: SharingWaived) -> None:
    response.sharing_waived_because = event.reason
