"""Bodies of the commands on an incident's clocks."""

from pydantic import Field

from domain.incident.commands.extend_duty import ExtendDuty
from domain.incident.commands.pause_duty import PauseDuty
from domain.incident.commands.resume_duty import ResumeDuty
from domain.incident.commands.set_duty_aside import SetDutyAside
from domain.incident.words import PausingBody
from domain.kernel.words import DutyId, OdsCode, PauseId
from service.api.commands.body import CommandBody
from service.api.fields import Day, Instant, LongText, Ods, ShortText, Uuid
from service.handling.pen import Pen


class ClockPause(CommandBody):
    """A clock is stopped at the written request of a named body; who of which organisation approved it, and when to look again."""

    obligation: Uuid
    requested_by: PausingBody = Field(strict=False)
    reason: LongText
    approved_by: ShortText
    approved_by_organisation: Ods
    requested_on: Day
    review_on: Day | None = None

    def command(self, pen: Pen) -> PauseDuty:
        """Pause the clock under a new id."""
        return PauseDuty(
            pause=PauseId(pen.new_id()),
            duty=DutyId(self.obligation),
            body=self.requested_by,
            reason=pen.narrative(self.reason),
            approver=pen.personal(pen.new_person(), self.approved_by),
            approver_organisation=OdsCode(self.approved_by_organisation),
            requested_on=self.requested_on,
            review_on=self.review_on,
        )


class ClockResumption(CommandBody):
    """The pause in the path ends; the clock runs again."""

    def command(self, pen: Pen) -> ResumeDuty:
        """End the pause."""
        return ResumeDuty(pause=PauseId(pen.path["pause"]))


class ClockExtension(CommandBody):
    """A later moment for an obligation, why, and who agreed to it; the original date stays on record."""

    obligation: Uuid
    due_at: Instant
    reason: LongText
    agreed_by: ShortText
    agreed_by_organisation: Ods

    def command(self, pen: Pen) -> ExtendDuty:
        """Extend the clock."""
        return ExtendDuty(
            duty=DutyId(self.obligation),
            due_at=self.due_at,
            reason=pen.narrative(self.reason),
            agreed_by=pen.personal(pen.new_person(), self.agreed_by),
            agreed_by_organisation=OdsCode(self.agreed_by_organisation),
        )


class NotApplicable(CommandBody):
    """Why the obligation in the path does not apply."""

    reason: LongText

    def command(self, pen: Pen) -> SetDutyAside:
        """Set the duty aside."""
        return SetDutyAside(duty=DutyId(pen.path["obligation"]), reason=pen.narrative(self.reason))
