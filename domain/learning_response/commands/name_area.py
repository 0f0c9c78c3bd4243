"""Name where the system should change, without saying how: an area for improvement follows from findings."""

from dataclasses import dataclass
from typing import ClassVar

from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative
from domain.kernel.refusal import Refusal
from domain.kernel.words import AreaId, FindingId
from domain.learning_response.events import AreaForImprovementNamed
from domain.learning_response.refusals import AlreadyApproved, FindingUnknown
from domain.learning_response.state import LearningResponse


@dataclass(frozen=True, kw_only=True, slots=True)
class NameArea:
    """The area, and the findings that it follows from."""

    area: AreaId
    words: Narrative
    findings: tuple[FindingId, ...]


class AreaUnfounded(Refusal):
    """An area for improvement follows from one finding at least."""

    code: ClassVar[str] = "learning_response.area-unfounded"


def name_area(response: LearningResponse, command: NameArea, stamp: Stamp) -> None:
    """Record the area, so that actions can answer it. A finding named twice is recorded once.

    Raises:
        AlreadyApproved: the response is signed off.
        AreaUnfounded: it follows from no finding.
        FindingUnknown: a finding was not made by the response.
    """
    if response.is_approved:
        raise AlreadyApproved("No area is named after the response was signed off.")
    if not command.findings:
        raise AreaUnfounded("No finding is named.", pointers=("/findings",))
    strangers = tuple(
        f"/findings/{place}" for place, each in enumerate(command.findings) if each not in response.findings
    )
    if strangers:
        raise FindingUnknown(f"Of the findings named, {len(strangers)} were not made.", pointers=strangers)
    named = AreaForImprovementNamed(
        **after(response, stamp),
        area=command.area,
        words=command.words,
        findings=tuple(dict.fromkeys(command.findings)),
    )
    record(response, named)
