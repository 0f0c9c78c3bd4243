"""An erasure: who is to go from the record, who decided about it, and what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.erasure.events import (
    ErasureApproved,
    ErasureCarriedOut,
    ErasureHeld,
    ErasureRefused,
    ErasureRequested,
    ErasureWithdrawn,
)
from domain.erasure.words import Stage
from domain.kernel.personal import Narrative
from domain.kernel.words import OdsCode
from projections.engine.feed import Told

_FACTS = (ErasureRequested, ErasureApproved, ErasureRefused, ErasureWithdrawn, ErasureHeld, ErasureCarriedOut)


@dataclass(frozen=True, slots=True)
class Mark:
    """When something was recorded, at which position, and by whom."""

    at: datetime
    position: int
    actor: UUID


@dataclass(frozen=True, slots=True)
class Asked:
    """One erasure; what has not happened is None."""

    erasure: UUID
    organisation: OdsCode
    version: int
    stage: Stage
    person: UUID
    incident: UUID
    incidents: tuple[UUID, ...]
    ground: str
    reasons: Narrative
    texts: tuple[str, ...]
    requested: Mark
    approved: Mark | None = None
    due_at: datetime | None = None
    held: Mark | None = None
    ended: Mark | None = None
    ended_because: Narrative | None = None
    carried_out: Mark | None = None
    keys: int | None = None
    values: int | None = None
    texts_erased: int | None = None
    events: int | None = None


def keys(event: Told) -> Iterable[UUID]:
    """Only an erasure's own facts change its row."""
    return (event.stream,) if isinstance(event.fact, _FACTS) else ()


def fold(asked: Asked | None, event: Told) -> Asked | None:
    """Apply one event of the erasure."""
    if isinstance(event.fact, ErasureRequested):
        return _requested(event, event.fact)
    return None if asked is None else replace(_next(asked, event), version=event.version)


def _requested(event: Told, fact: ErasureRequested) -> Asked:
    return Asked(
        erasure=event.stream,
        organisation=event.organisation,
        version=event.version,
        stage=Stage.REQUESTED,
        person=fact.person,
        incident=fact.incident,
        incidents=fact.incidents,
        ground=fact.ground.value,
        reasons=fact.reasons,
        texts=tuple(f"{text.position}:{text.path}" for text in fact.texts),
        requested=_mark(event),
    )


def _next(asked: Asked, event: Told) -> Asked:
    mark = _mark(event)
    match event.fact:
        case ErasureApproved(due_at=due_at):
            return replace(asked, stage=Stage.APPROVED, approved=mark, due_at=due_at)
        case ErasureRefused(reasons=reasons):
            return replace(asked, stage=Stage.REFUSED, ended=mark, ended_because=reasons)
        case ErasureWithdrawn(reasons=reasons):
            return replace(asked, stage=Stage.WITHDRAWN, ended=mark, ended_because=reasons)
        case ErasureHeld():
            return replace(asked, stage=Stage.HELD, held=mark)
        case ErasureCarriedOut() as fact:
            return _carried_out(asked, mark, fact)
    return asked


def _carried_out(asked: Asked, mark: Mark, fact: ErasureCarriedOut) -> Asked:
    return replace(
        asked,
        stage=Stage.CARRIED_OUT,
        carried_out=mark,
        keys=len(fact.keys),
        values=fact.values,
        texts_erased=fact.texts,
        events=fact.events,
    )


def _mark(event: Told) -> Mark:
    return Mark(event.recorded_at, event.position, event.actor)
