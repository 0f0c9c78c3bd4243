"""Bodies of the commands on improvement actions."""

from pydantic import Field

from domain.action.commands.accept_action import AcceptAction
from domain.action.commands.agree_action import AgreeAction
from domain.action.commands.complete_action import CompleteAction
from domain.action.commands.extend_action import ExtendAction
from domain.action.commands.hand_over_action import HandOverAction
from domain.action.commands.monitor_action import MonitorAction
from domain.action.commands.reject_completion import RejectCompletion
from domain.action.commands.verify_action import VerifyAction
from domain.action.commands.withdraw_action import WithdrawAction
from domain.action.events import Strength
from domain.kernel.words import ActionId, AreaId, EvidenceId, FindingId, IncidentId, Label, ResponseId
from service.api.commands.body import CommandBody
from service.api.fields import Day, LongText, ShortText, Uuid
from service.handling.pen import Pen


class Agreement(CommandBody):
    """An improvement action: the change, its one named owner, when it is due, how strongly it acts, what is measured."""

    incidents: list[Uuid] = Field(min_length=1, max_length=50)
    learning_response: Uuid | None = None
    findings: list[Uuid] = Field(default_factory=list, max_length=100)
    areas_for_improvement: list[Uuid] = Field(default_factory=list, max_length=100)
    change: LongText
    owner_name: ShortText
    owner_role: ShortText
    due_on: Day
    strength: Strength = Field(strict=False)
    measure: LongText | None = None
    expected_effect: LongText | None = None

    def command(self, pen: Pen) -> AgreeAction:
        """Agree the action under a new id."""
        owner = pen.new_person()
        return AgreeAction(
            action=ActionId(pen.stream),
            incidents=tuple(IncidentId(incident) for incident in self.incidents),
            response=None if self.learning_response is None else ResponseId(self.learning_response),
            findings=tuple(FindingId(finding) for finding in self.findings),
            areas=tuple(AreaId(area) for area in self.areas_for_improvement),
            change=pen.narrative(self.change),
            owner=owner,
            owner_name=pen.personal(owner, self.owner_name),
            owner_role=Label(self.owner_role),
            due_on=self.due_on,
            strength=self.strength,
            measure=pen.maybe_narrative(self.measure),
            expected_effect=pen.maybe_narrative(self.expected_effect),
        )


class Acceptance(CommandBody):
    """The owner takes the action on."""

    def command(self, pen: Pen) -> AcceptAction:
        """Accept it as whoever sends this."""
        return AcceptAction()


class Extension(CommandBody):
    """A later day, why, and who agreed to it; the original day stays on record."""

    due_on: Day
    reason: LongText
    agreed_by: ShortText

    def command(self, pen: Pen) -> ExtendAction:
        """Extend the action."""
        return ExtendAction(
            due_on=self.due_on,
            reason=pen.narrative(self.reason),
            agreed_by=pen.personal(pen.new_person(), self.agreed_by),
        )


class Handover(CommandBody):
    """Another owner, who has yet to accept, and why."""

    owner_name: ShortText
    owner_role: ShortText
    reason: LongText

    def command(self, pen: Pen) -> HandOverAction:
        """Hand the action over."""
        owner = pen.new_person()
        return HandOverAction(
            owner=owner,
            owner_name=pen.personal(owner, self.owner_name),
            owner_role=Label(self.owner_role),
            reason=pen.narrative(self.reason),
        )


class Monitoring(CommandBody):
    """The named group that follows the action up."""

    group: ShortText

    def command(self, pen: Pen) -> MonitorAction:
        """Name the group."""
        return MonitorAction(group=Label(self.group))


class Completion(CommandBody):
    """What was done, and the items of evidence that show it."""

    evidence: list[Uuid] = Field(max_length=100)
    summary: LongText

    def command(self, pen: Pen) -> CompleteAction:
        """Complete the action."""
        evidence = tuple(EvidenceId(item) for item in self.evidence)
        return CompleteAction(evidence=evidence, summary=pen.narrative(self.summary))


class Verification(CommandBody):
    """What somebody other than the owner saw."""

    seen: LongText

    def command(self, pen: Pen) -> VerifyAction:
        """Verify the action."""
        return VerifyAction(seen=pen.narrative(self.seen))


class Rejection(CommandBody):
    """Why the completion is not accepted."""

    reason: LongText

    def command(self, pen: Pen) -> RejectCompletion:
        """Reject the completion."""
        return RejectCompletion(reason=pen.narrative(self.reason))


class Withdrawal(CommandBody):
    """Why the action will not be done."""

    reason: LongText

    def command(self, pen: Pen) -> WithdrawAction:
        """Withdraw the action."""
        return WithdrawAction(reason=pen.narrative(self.reason))
