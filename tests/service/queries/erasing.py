"""A case that is kept under a legal hold, and an erasure of its patient that was asked for and approved."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from domain.erasure.words import ErasureGround
from domain.incident.events import LegalHoldPlaced
from domain.incident.words import HoldAuthority
from domain.kernel.personal import Narrative
from domain.kernel.words import ActorId, HoldId, IncidentId, KeyId, Reference
from tests.domain.erasure import facts as erasures
from tests.service.queries.written import PATIENT, told
from tests.support.chronicle import Chronicle, named
from tests.support.decisions import NOON
from tests.support.read_models.projections import envelope

DUE_AT: Final = NOON + timedelta(days=7)


async def ask_to_erase(chronicle: Chronicle, incident: str) -> None:
    """Record it all at once, in one moment."""
    hold = LegalHoldPlaced(
        **envelope(named(incident)),
        hold=HoldId(named("hold")),
        authority=HoldAuthority.CORONER,
        reference=Reference("INQ-7"),
        reason=Narrative(named(incident), "An inquest was opened.", KeyId(named("unused"))),
        placed_by=ActorId(named("actor")),
    )
    await told(chronicle, hold, incident)
    requested = replace(
        erasures.requested(),
        originator_id=named("erasure"),
        person=PATIENT,
        incident=IncidentId(named(incident)),
        incidents=(IncidentId(named(incident)),),
        reasons=Narrative(named("erasure"), "Filed by mistake.", KeyId(named("unused"))),
        ground=ErasureGround.FILED_BY_MISTAKE,
    )
    await told(chronicle, requested, incident)
    approved = replace(erasures.approved(), originator_id=named("erasure"), due_at=DUE_AT)
    await told(chronicle, approved, incident, opens=False)
