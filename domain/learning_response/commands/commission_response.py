"""Commission a learning response to one or more incidents: by which method, and why that is proportionate."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from domain.kernel.actor import Stamp
from domain.kernel.envelope import begin, first
from domain.kernel.personal import Narrative
from domain.kernel.refusal import Refusal
from domain.kernel.words import Code, IncidentId, ResponseId
from domain.learning_response.events import Alternative, Method, ResponseCommissioned
from domain.learning_response.state import LearningResponse
from domain.policy.library import PSIRF, SERIOUS_INCIDENT_FRAMEWORK


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


class MethodNotOfRegime(Refusal):
    """The regime of a case does not know the method: it would open no clock there, and nobody would see it late."""

    code: ClassVar[str] = "learning_response.method-not-of-regime"


class AlternativeTaken(Refusal):
    """A method that was taken is no alternative to itself."""

    code: ClassVar[str] = "learning_response.alternative-taken"


_ONLY_UNDER: Final[Mapping[Method, Code]] = {
    Method.PSII: PSIRF,
    Method.CONCISE: SERIOUS_INCIDENT_FRAMEWORK,
    Method.COMPREHENSIVE: SERIOUS_INCIDENT_FRAMEWORK,
}
"""Methods that one regime alone knows; every other one may be taken under each."""


def commission_response(command: CommissionResponse, stamp: Stamp, *, regimes: frozenset[Code]) -> LearningResponse:
    """Record the response, yet without a lead. An incident named twice is recorded once.

    `regimes` are those of the incidents: a response to several is one that each of their regimes knows.

    Raises:
        IncidentMissing: it looks at no incident.
        MethodNotOfRegime: the regime of one of the incidents does not know the method.
        AlternativeTaken: the chosen method is also said to have been refused.
    """
    if not command.incidents:
        raise IncidentMissing("No incident is named.", pointers=("/incidents",))
    only_under = _ONLY_UNDER.get(command.method)
    if only_under is not None and not regimes <= {only_under}:
        raise MethodNotOfRegime(f"{command.method} is a method of {only_under}.", pointers=("/method",))
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
