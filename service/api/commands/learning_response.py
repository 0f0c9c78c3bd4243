"""Bodies of the commands on learning responses."""

from pydantic import Field

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
from domain.learning_response.commands.appoint_lead import AppointLead
from domain.learning_response.commands.approve_response import ApproveResponse
from domain.learning_response.commands.commission_response import CommissionResponse
from domain.learning_response.commands.leave_finding_without_action import LeaveFindingWithoutAction
from domain.learning_response.commands.make_finding import MakeFinding
from domain.learning_response.commands.name_area import NameArea
from domain.learning_response.commands.put_forward_draft import PutForwardDraft
from domain.learning_response.commands.receive_response import ReceiveResponse
from domain.learning_response.commands.return_draft import ReturnDraft
from domain.learning_response.commands.submit_response import SubmitResponse
from domain.learning_response.commands.waive_sharing import WaiveSharing
from domain.learning_response.events import Alternative, Factor, Method
from service.api.bodies import StrictModel
from service.api.commands.body import CommandBody
from service.api.fields import CodeText, LongText, Ods, ShortText, Uuid
from service.handling.pen import Pen


class AlternativeBody(StrictModel):
    """A method that was considered and not taken, and why."""

    method: Method = Field(strict=False)
    reason: LongText


class Commission(CommandBody):
    """The method, why it is proportionate, the alternatives refused, and other incidents that it also answers."""

    method: Method = Field(strict=False)
    reason: LongText
    alternatives: list[AlternativeBody] = Field(default_factory=list, max_length=10)
    other_incidents: list[Uuid] = Field(default_factory=list, max_length=50)

    def command(self, pen: Pen) -> CommissionResponse:
        """Commission the response under a new id."""
        incidents = dict.fromkeys((pen.path["incident"], *self.other_incidents))
        return CommissionResponse(
            response=ResponseId(pen.stream),
            incidents=tuple(IncidentId(incident) for incident in incidents),
            method=self.method,
            reason=pen.narrative(self.reason),
            alternatives=tuple(Alternative(each.method, pen.narrative(each.reason)) for each in self.alternatives),
        )


class Lead(CommandBody):
    """Who leads the response, in which role, and whether they are independent of the service."""

    name: ShortText
    role: ShortText
    independent_of_service: bool

    def command(self, pen: Pen) -> AppointLead:
        """Appoint the lead."""
        return AppointLead(
            lead=pen.personal(pen.new_person(), self.name),
            role=Label(self.role),
            independent_of_service=self.independent_of_service,
        )


class FactorBody(StrictModel):
    """A system factor, by its SEIPS code, and what was seen."""

    code: CodeText
    seen: LongText | None = None


class Finding(CommandBody):
    """What the response concluded, citing evidence of the case and system factors."""

    words: LongText
    evidence: list[Uuid] = Field(default_factory=list, max_length=100)
    factors: list[FactorBody] = Field(default_factory=list, max_length=50)

    def command(self, pen: Pen) -> MakeFinding:
        """Make the finding under a new id."""
        return MakeFinding(
            finding=FindingId(pen.new_id()),
            words=pen.narrative(self.words),
            evidence=tuple(EvidenceId(item) for item in self.evidence),
            factors=tuple(Factor(Code(each.code), pen.maybe_narrative(each.seen)) for each in self.factors),
        )


class Area(CommandBody):
    """Where the system should change, and the findings that this follows from."""

    words: LongText
    findings: list[Uuid] = Field(max_length=100)

    def command(self, pen: Pen) -> NameArea:
        """Name the area under a new id."""
        return NameArea(
            area=AreaId(pen.new_id()),
            words=pen.narrative(self.words),
            findings=tuple(FindingId(finding) for finding in self.findings),
        )


class NoAction(CommandBody):
    """Why no action follows from the finding."""

    reason: LongText

    def command(self, pen: Pen) -> LeaveFindingWithoutAction:
        """Leave the finding of the path without action."""
        return LeaveFindingWithoutAction(finding=FindingId(pen.path["finding"]), reason=pen.narrative(self.reason))


class Draft(CommandBody):
    """The draft of the report goes to its approver; from now on its time is the approver's."""

    summary: LongText | None = None

    def command(self, pen: Pen) -> PutForwardDraft:
        """Put it forward under a new id."""
        return PutForwardDraft(draft=RecordId(pen.new_id()), summary=pen.maybe_narrative(self.summary))


class Return(CommandBody):
    """The approver gives the draft back for more work."""

    reason: LongText

    def command(self, pen: Pen) -> ReturnDraft:
        """Return the draft."""
        return ReturnDraft(reason=pen.narrative(self.reason))


class Approval(CommandBody):
    """The response is signed off for the board."""

    approver: ShortText | None = None

    def command(self, pen: Pen) -> ApproveResponse:
        """Approve the response."""
        return ApproveResponse(approver=pen.maybe_personal(pen.new_person(), self.approver))


class Submission(CommandBody):
    """The report and action plan go to the commissioner."""

    to: Ods

    def command(self, pen: Pen) -> SubmitResponse:
        """Submit the report."""
        return SubmitResponse(to=OdsCode(self.to))


class Receipt(CommandBody):
    """The commissioner has the report; its own reference, where it gives one."""

    receipt: ShortText | None = None

    def command(self, pen: Pen) -> ReceiveResponse:
        """Confirm receipt."""
        return ReceiveResponse(receipt=None if self.receipt is None else Reference(self.receipt))


class Waiver(CommandBody):
    """Why the findings are not shared with those affected."""

    reason: LongText

    def command(self, pen: Pen) -> WaiveSharing:
        """Waive the sharing."""
        return WaiveSharing(reason=pen.narrative(self.reason))
