"""Bodies of the commands that keep a record or let a person go from it: legal holds and erasures."""

from typing import Annotated

from pydantic import Field, StringConstraints

from domain.erasure.commands.approve_erasure import ApproveErasure
from domain.erasure.commands.refuse_erasure import RefuseErasure
from domain.erasure.commands.request_erasure import RequestErasure
from domain.erasure.commands.withdraw_erasure import WithdrawErasure
from domain.erasure.words import ErasureGround, NamedText
from domain.incident.commands.place_legal_hold import PlaceLegalHold
from domain.incident.commands.release_legal_hold import ReleaseLegalHold
from domain.incident.words import HoldAuthority
from domain.kernel.words import Code, ErasureId, HoldId, IncidentId, PersonId, Reference
from service.api.bodies import StrictModel
from service.api.commands.body import CommandBody
from service.api.fields import LongText, ShortText, Uuid
from service.handling.pen import Pen

FieldPath = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(\.([a-z_]+|[0-9]{1,5}))*$", max_length=200)]


class LegalHold(CommandBody):
    """Somebody needs the record kept: nothing of the case is erased, or due to be destroyed, while the hold stands."""

    authority: HoldAuthority = Field(strict=False)
    reference: ShortText | None = Field(default=None, description="The number by which they know the matter.")
    reason: LongText

    def command(self, pen: Pen) -> PlaceLegalHold:
        """Place the hold under a new id."""
        return PlaceLegalHold(
            hold=HoldId(pen.new_id()),
            authority=self.authority,
            reference=None if self.reference is None else Reference(self.reference),
            reason=pen.narrative(self.reason),
        )


class LegalHoldRelease(CommandBody):
    """Why the legal hold in the path is over; said by somebody who did not place it."""

    reason: LongText

    def command(self, pen: Pen) -> ReleaseLegalHold:
        """Release the hold."""
        return ReleaseLegalHold(hold=HoldId(pen.path["hold"]), reason=pen.narrative(self.reason))


class TextPlace(StrictModel):
    """Where a text stands: the position of its event in the log, and the field's path in the event."""

    position: int = Field(ge=1, le=2**53)
    path: FieldPath


class ErasureRequest(CommandBody):
    """The person in the path is to be erased from the record, with the texts named here that speak of them.

    Everything under the person's own keys goes by itself. A text goes only if it is named, with all others that were
    written in the same step. A second person decides.
    """

    incident: Uuid = Field(description="A case that names the person.")
    ground: ErasureGround = Field(strict=False)
    reasons: LongText = Field(description="Name nobody here: these words stay readable.")
    texts: list[TextPlace] = Field(default_factory=list, max_length=1_000)

    def command(self, pen: Pen) -> RequestErasure:
        """Ask for it under a new stream."""
        return RequestErasure(
            erasure=ErasureId(pen.stream),
            person=PersonId(pen.path["person"]),
            incident=IncidentId(self.incident),
            ground=self.ground,
            reasons=pen.narrative(self.reasons),
            texts=tuple(NamedText(text.position, Code(text.path)) for text in self.texts),
        )


class ErasureApproval(CommandBody):
    """The erasure in the path is agreed to, by somebody who did not ask for it; it can be taken back for seven days."""

    def command(self, pen: Pen) -> ApproveErasure:
        """Approve it."""
        return ApproveErasure(person=PersonId(pen.path["person"]))


class ErasureRefusal(CommandBody):
    """The person stays in the record, and why."""

    reasons: LongText

    def command(self, pen: Pen) -> RefuseErasure:
        """Refuse it."""
        return RefuseErasure(person=PersonId(pen.path["person"]), reasons=pen.narrative(self.reasons))


class ErasureWithdrawal(CommandBody):
    """The erasure is taken back before it is carried out, and why."""

    reasons: LongText

    def command(self, pen: Pen) -> WithdrawErasure:
        """Take it back."""
        return WithdrawErasure(person=PersonId(pen.path["person"]), reasons=pen.narrative(self.reasons))
