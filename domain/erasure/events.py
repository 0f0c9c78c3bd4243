"""All facts about one erasure."""

from dataclasses import dataclass
from datetime import datetime

from domain.erasure.words import ErasureGround, NamedText
from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.personal import Narrative
from domain.kernel.words import ActorId, HoldId, IncidentId, KeyId, PersonId


@dataclass(frozen=True)
class ErasureRequested(FirstFact):
    """A data protection officer asked that a person be erased from the record.

    `incident` is the case in which it was asked; `incidents` are all cases that name the person; `texts` those that go
    with the person, because they speak of them. `reasons` stay readable: they name nobody.
    """

    person: PersonId
    incident: IncidentId
    incidents: tuple[IncidentId, ...]
    ground: ErasureGround
    reasons: Narrative
    texts: tuple[NamedText, ...]
    requested_by: ActorId


@dataclass(frozen=True)
class ErasureApproved(Fact):
    """A second person agreed; it is carried out at `due_at`, unless it is withdrawn before or a legal hold stands then."""

    approved_by: ActorId
    due_at: datetime


@dataclass(frozen=True)
class ErasureRefused(Fact):
    """A second person did not agree: the person stays in the record."""

    reasons: Narrative
    refused_by: ActorId


@dataclass(frozen=True)
class ErasureWithdrawn(Fact):
    """The request was taken back before it was carried out."""

    reasons: Narrative
    withdrawn_by: ActorId


@dataclass(frozen=True)
class ErasureHeld(Fact):
    """It was due, and these legal holds stood: nothing was destroyed."""

    holds: tuple[HoldId, ...]


@dataclass(frozen=True)
class ErasureCarriedOut(Fact):
    """The data keys named here are to be destroyed, now and in every copy of the ledger that is ever restored.

    `values` about the person, and `texts`, in so many `events` can never be read again.
    """

    keys: tuple[KeyId, ...]
    values: int
    texts: int
    events: int
