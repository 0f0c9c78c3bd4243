"""A case told again from its streams, event by event, as its duties want to hear it; what people wrote stays sealed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from eventsourcing.utils import get_topic

from domain.incident.duties import Told
from domain.incident.duty_events import DutyExtended, DutyOpened, DutyPaused, DutyRedated, DutyResumed, DutySetAside
from domain.incident.events import IncidentReported
from domain.incident.state import Incident
from domain.incident.what_if.past import Moment
from domain.incident.words import SetAside
from domain.kernel.envelope import Fact, FirstFact
from domain.policy.status import Recorded
from domain.reactions.told_by import told_by
from service.store.codec import Codec
from service.store.ledger import LedgerEvent

_OF_DUTIES: Final = (DutyOpened, DutyRedated, DutyPaused, DutyResumed, DutyExtended)
"""What its own editions did to a case: no other edition rests on it."""


@dataclass(frozen=True, slots=True)
class Retold:
    """The events of one case, decoded, in the order of the ledger."""

    incident: UUID
    events: tuple[tuple[LedgerEvent, Fact | FirstFact], ...]

    @property
    def report(self) -> IncidentReported:
        """The report with which it began."""
        return next(fact for _, fact in self.events if isinstance(fact, IncidentReported))

    def facts(self) -> tuple[Recorded, ...]:
        """Everything that was done towards duties."""
        return tuple(Recorded(done, event.recorded_at) for event, fact in self.events for done in fact.done())

    def moments(self) -> Iterator[Moment]:
        """The case after each event that can move duties; the last one is the case as it stands.

        Each moment holds the same incident, moved on: it has to be looked at before the next is asked for.
        """
        incident: Any = None
        others: list[Fact | FirstFact] = []
        told = Told()
        for event, fact in self.events:
            if isinstance(fact, IncidentReported):
                # Readers decode without aggregates: a first fact is told here which one it begins.
                incident = replace(fact, originator_topic=get_topic(Incident)).mutate(None)
            elif event.stream == self.incident:
                incident = fact.mutate(incident)
            elif fact.done():
                others.append(fact)
                told = told_by(others)
            if incident is not None and self._moves(event, fact):
                yield Moment(incident, told, event.effective_at, event.recorded_at)

    def _moves(self, event: LedgerEvent, fact: Fact | FirstFact) -> bool:
        if event is self.events[-1][0]:
            return True
        if event.stream != self.incident:
            return bool(fact.done())
        if isinstance(fact, DutySetAside):
            return fact.because is SetAside.NOT_APPLICABLE
        return not isinstance(fact, _OF_DUTIES)


def retold(incident: UUID, events: Sequence[LedgerEvent], codec: Codec) -> Retold:
    """A case from its stored events."""
    return Retold(incident, tuple((event, codec.decode(event)) for event in events))
