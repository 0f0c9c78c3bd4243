"""Record the first review, the "72-hour review" of SIF-03, where an edition asks for one."""

from dataclasses import dataclass
from typing import ClassVar

from domain.incident.duties import bring_up_to_date
from domain.incident.events import InitiallyReviewed
from domain.incident.standing import check_open, is_blank
from domain.incident.state import Incident
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative
from domain.kernel.refusal import Refusal
from domain.kernel.words import OdsCode, RecordId
from domain.policy.library import Policy


@dataclass(frozen=True, kw_only=True, slots=True)
class MakeInitialReview:
    """What the review found, and to whom it went."""

    review: RecordId
    summary: Narrative
    submitted_to: OdsCode | None


class SummaryMissing(Refusal):
    """What the review found has to be said."""

    code: ClassVar[str] = "incident.summary-missing"


def make_initial_review(incident: Incident, command: MakeInitialReview, stamp: Stamp, *, policy: Policy) -> None:
    """Record the review; the same review, sent to the same body again, records nothing.

    Raises:
        CaseClosed, CaseEnteredInError: the case takes no review.
        SummaryMissing: nothing was written.
    """
    check_open(incident)
    if is_blank(command.summary):
        raise SummaryMissing(pointers=("/summary",))
    said = (command.summary.words, command.submitted_to)
    if any((review.summary.words, review.submitted_to) == said for review in incident.reviews):
        return
    reviewed = InitiallyReviewed(
        **after(incident, stamp), review=command.review, summary=command.summary, submitted_to=command.submitted_to
    )
    record(incident, reviewed)
    bring_up_to_date(incident, stamp, policy)
