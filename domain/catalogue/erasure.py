"""Stored names of the facts about erasures: chosen by hand, frozen once released."""

from typing import Final

from domain.catalogue.stored import Stored
from domain.erasure.events import (
    ErasureApproved,
    ErasureCarriedOut,
    ErasureHeld,
    ErasureRefused,
    ErasureRequested,
    ErasureWithdrawn,
)

STORED: Final = (
    Stored("erasure.requested.v1", ErasureRequested),
    Stored("erasure.approved.v1", ErasureApproved),
    Stored("erasure.refused.v1", ErasureRefused),
    Stored("erasure.withdrawn.v1", ErasureWithdrawn),
    Stored("erasure.held.v1", ErasureHeld),
    Stored("erasure.carried_out.v1", ErasureCarriedOut),
)
