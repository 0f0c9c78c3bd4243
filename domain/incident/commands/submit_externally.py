"""Record that the case was sent to a national or regional system: LFPSE, StEIS, MNSI ..."""

from dataclasses import dataclass
from typing import ClassVar

from domain.incident.duties import bring_up_to_date
from domain.incident.events import SubmittedExternally
from domain.incident.standing import check_stands
from domain.incident.state import Incident
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.refusal import Refusal
from domain.kernel.words import Code, RecordId, Reference
from domain.policy.library import Policy


@dataclass(frozen=True, kw_only=True, slots=True)
class SubmitExternally:
    """Which system, what for, under which reference and revision, and what became of it."""

    submission: RecordId
    system: Code
    purpose: Code
    reference: Reference | None
    revision: int
    status: Code


class RevisionStale(Refusal):
    """Revisions count from 1, and a later one was sent before."""

    code: ClassVar[str] = "incident.revision-stale"


def submit_externally(incident: Incident, command: SubmitExternally, stamp: Stamp, *, policy: Policy) -> None:
    """Record the submission, on an open or closed case; the same revision with the same status again is nothing new.

    Raises:
        CaseEnteredInError: the case takes nothing more.
        RevisionStale: a revision below 1, or older than one that was sent to the system for this purpose.
    """
    check_stands(incident)
    earlier = [
        each for each in incident.submissions if (each.system, each.purpose) == (command.system, command.purpose)
    ]
    newest = max((each.revision for each in earlier), default=1)
    if command.revision < newest:
        raise RevisionStale(f"The lowest revision to be sent now is {newest}.", pointers=("/revision",))
    said = (command.revision, command.reference, command.status)
    if any((each.revision, each.reference, each.status) == said for each in earlier):
        return
    submitted = SubmittedExternally(
        **after(incident, stamp),
        submission=command.submission,
        system=command.system,
        purpose=command.purpose,
        reference=command.reference,
        revision=command.revision,
        status=command.status,
    )
    record(incident, submitted)
    bring_up_to_date(incident, stamp, policy)
