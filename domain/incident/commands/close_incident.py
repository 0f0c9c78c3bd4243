"""Close a case: by its commissioner for a serious incident under SIF 2015, by its provider otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from domain.incident.closing import CaseAtClosing, Obstacle, commissioner_closes, find_obstacles
from domain.incident.duties import bring_up_to_date
from domain.incident.events import IncidentClosed
from domain.incident.standing import check_open, is_blank
from domain.incident.state import Incident
from domain.incident.words import Ending
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative
from domain.kernel.refusal import Refusal
from domain.kernel.words import Code
from domain.policy.library import PSIRF, Policy


@dataclass(frozen=True, kw_only=True, slots=True)
class CloseIncident:
    """Close it; `reason` says why there was no learning response, where there was none."""

    reason: Narrative | None


class ClosureIsTheCommissioners(Refusal):
    """Under the Serious Incident Framework the commissioner decides that a serious incident is closed."""

    code: ClassVar[str] = "incident.closure-is-the-commissioners"


class ClosureIsTheProviders(Refusal):
    """Under PSIRF the provider closes its cases; no commissioner signs them off."""

    code: ClassVar[str] = "incident.closure-is-the-providers"


class CaseNotReady(Refusal):
    """The case cannot be closed yet; every reason is listed.

    `obstacles` gives each reason with its code, in the order of `reasons`.
    """

    code: ClassVar[str] = "incident.case-not-ready"

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        super().__init__(*(obstacle.sentence for obstacle in obstacles))
        self.obstacles = tuple(obstacles)

    @property
    def codes(self) -> tuple[Code, ...]:
        """The code of each reason, in the order of `reasons`."""
        return tuple(obstacle.code for obstacle in self.obstacles)


def close_incident(
    incident: Incident, command: CloseIncident, stamp: Stamp, *, case: CaseAtClosing, policy: Policy
) -> None:
    """Record the ending, whose decision it is, and how many actions stay open on the board.

    A case with learning responses ends when they are complete; one without ends for a reason.

    Raises:
        CaseClosed, CaseEnteredInError: there is nothing to close.
        ClosureIsTheCommissioners, ClosureIsTheProviders: somebody else decides.
        CaseNotReady: with every reason.
    """
    check_open(incident)
    _check_whose_decision(incident, stamp)
    has_reason = not is_blank(command.reason)
    obstacles = find_obstacles(incident, case, policy, has_reason=has_reason)
    if obstacles:
        raise CaseNotReady(obstacles)
    closed = IncidentClosed(
        **after(incident, stamp),
        ending=Ending.RESPONSE_COMPLETE if case.responses else Ending.NO_RESPONSE,
        reason=command.reason if has_reason else None,
        organisation=stamp.by.organisation,
        responses=tuple(response.response for response in case.responses),
        actions_open=case.actions_open,
    )
    record(incident, closed)
    bring_up_to_date(incident, stamp, policy, case.told())


def _check_whose_decision(incident: Incident, stamp: Stamp) -> None:
    is_provider = stamp.by.organisation == incident.provider
    if is_provider and commissioner_closes(incident):
        raise ClosureIsTheCommissioners
    if not is_provider and incident.regime == PSIRF:
        raise ClosureIsTheProviders
