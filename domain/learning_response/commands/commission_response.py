"""Commission a learning response to one or more incidents: by which method, and why that is proportionate."""

from dataclasses import dataclass
from typing import ClassVar

from domain.kernel.actor import Stamp
from domain.kernel.envelope import begin, first
from domain.kernel.personal import Narrative
from domain.kernel.refusal import Refusal
from domain.kernel.words import IncidentId, ResponseId
from domain.learning_response.events import Alternative, Method, ResponseCommissioned
from domain.learning_response.state import LearningResponse


@dataclass(frozen=True, kw_only=True, slots=True)
class CommissionResponse:
    """The incidents, the method and the reason for it, and the methods that were considered and not taken."""

    response: ResponseId
    incidents: tuple[IncidentId, ...]
    method: Method
    reason: Narrative
    alternatives: tuple[Alternative, ...]


class IncidentMissing(Refusal):
    """A learning response looks at one incident at least."""

    code: ClassVar[str] = "learning_response.incident-missing"


class AlternativeTaken(Refusal):
    """A method that was taken is no alternative to itself."""

    code: ClassVar[str] = "learning_response.alternative-taken"


def commission_response(command: CommissionResponse, stamp: Stamp) -> LearningResponse:
    """Record the response, yet without a lead. An incident named twice is recorded once.

    Raises:
        IncidentMissing: it looks at no incident.
        AlternativeTaken: the chosen method is also said to have been refused.
    """
    if not command.incidents:
        raise IncidentMissing("No incident is named.", pointers=("/incidents",))
    for place, alternative in enumerate(command.alternatives):
        if alternative.method is command.method:
            raise AlternativeTaken(f"{command.method} was taken.", pointers=(f"/alternatives/{place}/method",))
    commissioned = ResponseCommissioned(
        **first(LearningResponse, command.response, stamp),
        incidents=tuple(dict.fromkeys(command.incidents)),
        method=command.method,
        reason=command.reason,
        alternatives=command.alternatives,
    )
    return begin(LearningResponse, commissioned)
