"""An erasure as its facts leave it."""

from dataclasses import field
from datetime import datetime

from eventsourcing.domain import Aggregate

from domain.erasure.events import (
    ErasureApproved,
    ErasureCarriedOut,
    ErasureHeld,
    ErasureRefused,
    ErasureRequested,
    ErasureWithdrawn,
)
from domain.erasure.words import NamedText, Stage
from domain.kernel.envelope import evolves
from domain.kernel.words import ActorId, HoldId, IncidentId, PersonId


class Erasure(Aggregate):
    """One erasure: whom, from which cases, how far it has come; `due_at` and `approved_by` are None until approved."""

    stage: Stage = field(init=False)
    person: PersonId = field(init=False)
    incidents: tuple[IncidentId, ...] = field(init=False)
    texts: tuple[NamedText, ...] = field(init=False)
    requested_by: ActorId = field(init=False)
    approved_by: ActorId | None = field(init=False)
    due_at: datetime | None = field(init=False)
    held_by: tuple[HoldId, ...] = field(init=False)


@evolves(ErasureRequested)
def _requested(erasure: Erasure, event: ErasureRequested) -> None:
    erasure.stage = Stage.REQUESTED
    erasure.person, erasure.incidents, erasure.texts = event.person, event.incidents, event.texts
    erasure.requested_by, erasure.approved_by, erasure.due_at = event.requested_by, None, None
    erasure.held_by = ()


@evolves(ErasureApproved)
def _approved(erasure: Erasure, event: ErasureApproved) -> None:
    erasure.stage = Stage.APPROVED
    erasure.approved_by, erasure.due_at = event.approved_by, event.due_at


@evolves(ErasureRefused)
def _refused(erasure: Erasure, _event: ErasureRefused) -> None:
    erasure.stage = Stage.REFUSED


@evolves(ErasureWithdrawn)
def _withdrawn(erasure: Erasure, _event: ErasureWithdrawn) -> None:
    erasure.stage = Stage.WITHDRAWN


@evolves(ErasureHeld)
def _held(erasure: Erasure, event: ErasureHeld) -> None:
    erasure.stage, erasure.held_by = Stage.HELD, event.holds


@evolves(ErasureCarriedOut)
def _carried_out(erasure: Erasure, _event: ErasureCarriedOut) -> None:
    erasure.stage = Stage.CARRIED_OUT
