"""What the events of legal holds and erasures say: that a person goes from the record, never who."""

from collections.abc import Callable
from typing import Any, Final

from domain.erasure.events import (
    ErasureApproved,
    ErasureCarriedOut,
    ErasureHeld,
    ErasureRefused,
    ErasureRequested,
    ErasureWithdrawn,
)
from domain.incident.events import LegalHoldPlaced, LegalHoldReleased
from domain.incident.words import HoldAuthority
from projections.incident_timeline.sentences.wording import count, moment, words

_AUTHORITIES: Final = {
    HoldAuthority.CORONER: "the coroner",
    HoldAuthority.POLICE: "the police",
    HoldAuthority.COURT: "a court",
    HoldAuthority.PUBLIC_INQUIRY: "a public inquiry",
    HoldAuthority.CLAIM: "a claim",
    HoldAuthority.HSE: "the HSE",
    HoldAuthority.CQC: "the CQC",
    HoldAuthority.HEALTH_OMBUDSMAN: "the health ombudsman",
    HoldAuthority.PROFESSIONAL_REGULATOR: "a professional regulator",
    HoldAuthority.ICO: "the ICO",
    HoldAuthority.PROVIDER: "the provider itself",
    HoldAuthority.OTHER: "another reason",
}


def hold_placed(fact: LegalHoldPlaced) -> str:
    """For whom the record is kept."""
    reference = ", under a reference of theirs" if fact.reference else ""
    return f"A legal hold was placed for {_AUTHORITIES[fact.authority]}{reference}: nothing of the case is erased while it stands."


def hold_released(_fact: LegalHoldReleased) -> str:
    """That it is kept for them no longer."""
    return "A legal hold was released."


def requested(fact: ErasureRequested) -> str:
    """On which ground, and with how many texts."""
    texts = f", with {count(len(fact.texts), 'text')}" if fact.texts else ""
    return f"It was asked that a person be erased{texts}: {words(fact.ground)}."


def approved(fact: ErasureApproved) -> str:
    """That a second person agreed, and when it is carried out."""
    return f"The erasure was approved by a second person; until {moment(fact.due_at)} it can be taken back."


def refused(_fact: ErasureRefused) -> str:
    """That the person stays."""
    return "The erasure was refused."


def withdrawn(_fact: ErasureWithdrawn) -> str:
    """That it was taken back."""
    return "The request to erase a person was withdrawn."


def held(fact: ErasureHeld) -> str:
    """What stood against it."""
    return f"The erasure was due and is held back by {count(len(fact.holds), 'legal hold')}."


def carried_out(fact: ErasureCarriedOut) -> str:
    """How much can never be read again."""
    texts = f" and {count(fact.texts, 'text')}" if fact.texts else ""
    values = count(fact.values, "value")
    return (
        f"A person was erased: {values} about them{texts} can never be read again; the record of what happened stays."
    )


SENTENCES: Final[dict[type[Any], Callable[[Any], str]]] = {
    LegalHoldPlaced: hold_placed,
    LegalHoldReleased: hold_released,
    ErasureRequested: requested,
    ErasureApproved: approved,
    ErasureRefused: refused,
    ErasureWithdrawn: withdrawn,
    ErasureHeld: held,
    ErasureCarriedOut: carried_out,
}
