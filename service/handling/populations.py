"""Which decisions stood at a position of the log: what a random sample is drawn from."""

from typing import Final, Protocol
from uuid import UUID

from domain.audit_sample.drawing import Criteria, PopulationMember
from domain.catalogue.names import BY_EVENT
from domain.incident.events import IncidentEnteredInError, ThresholdDecided
from domain.kernel.actor import Actor
from domain.kernel.words import IncidentId, OdsCode
from domain.policy.questions import Question
from service.store.codec import Codec
from service.store.ledger import Ledger

_READ_AT_ONCE: Final = 500
_DECIDED: Final = BY_EVENT[ThresholdDecided].name
_ENTERED_IN_ERROR: Final = BY_EVENT[IncidentEnteredInError].name


class Populations(Protocol):
    """Finds the decisions that stood at a position: the last answers to their questions, of cases that are no error."""

    async def standing_at(self, position: int, wanted: Criteria, actor: Actor) -> tuple[PopulationMember, ...]:
        """The decisions that stood once the event at this position was recorded, among those that the actor may see."""
        ...


class ReplayedPopulations:
    """Finds them by reading the whole log up to the position: slow, and in need of nothing but the log."""

    def __init__(self, ledger: Ledger, codec: Codec) -> None:
        self._ledger = ledger
        self._codec = codec

    async def standing_at(self, position: int, wanted: Criteria, actor: Actor) -> tuple[PopulationMember, ...]:
        """Fold every decision and every error up to the position."""
        del actor
        last: dict[tuple[UUID, Question], tuple[OdsCode, ThresholdDecided]] = {}
        errors: set[UUID] = set()
        after = 0
        while after < position:
            for event in await self._ledger.read_all(after=after, limit=min(_READ_AT_ONCE, position - after)):
                after = event.position
                if event.type == _DECIDED:
                    fact = self._codec.decode(event)
                    last[event.stream, fact.question] = (OdsCode(event.organisation), fact)
                elif event.type == _ENTERED_IN_ERROR:
                    errors.add(event.stream)
        return tuple(
            PopulationMember(fact.decision, IncidentId(incident), provider)
            for (incident, question), (provider, fact) in last.items()
            if incident not in errors
            and provider in wanted.providers
            and (question, fact.outcome) == (wanted.question, wanted.outcome)
        )
