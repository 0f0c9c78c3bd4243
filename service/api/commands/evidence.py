"""Bodies of the commands on evidence."""

from typing import Annotated

from pydantic import StringConstraints

from domain.evidence.commands.preserve_evidence import PreserveEvidence
from domain.evidence.commands.transfer_custody import TransferCustody
from domain.kernel.words import Digest, EvidenceId, IncidentId
from service.api.commands.body import CommandBody
from service.api.fields import LongText, ShortText
from service.handling.pen import Pen

Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


class Preservation(CommandBody):
    """An item secured as evidence: what it is, the SHA-256 where it is a file, who keeps it and where."""

    item: LongText
    sha256: Sha256 | None = None
    custodian: ShortText
    place: ShortText | None = None

    def command(self, pen: Pen) -> PreserveEvidence:
        """Preserve the item under a new id."""
        return PreserveEvidence(
            evidence=EvidenceId(pen.stream),
            incident=IncidentId(pen.path["incident"]),
            item=pen.narrative(self.item),
            sha256=None if self.sha256 is None else Digest(self.sha256),
            custodian=pen.personal(pen.new_person(), self.custodian),
            place=pen.maybe_narrative(self.place),
        )


class Transfer(CommandBody):
    """Who keeps the item now, where, and why it changed hands."""

    custodian: ShortText
    place: ShortText | None = None
    reason: LongText

    def command(self, pen: Pen) -> TransferCustody:
        """Transfer the custody."""
        return TransferCustody(
            custodian=pen.personal(pen.new_person(), self.custodian),
            place=pen.maybe_narrative(self.place),
            reason=pen.narrative(self.reason),
        )
