"""The proof of a ledger that no worker has begun to prove."""

from collections.abc import Iterable, Mapping
from typing import Final

from service.store.proofs.proofs import Published
from service.store.proofs.stored import Log, Origin

NAME: Final = "incident-ledger/simulated/01a20000-0000-7000-8000-000000000001"


class Unproved:
    """Has no leaf of any event, and has signed nothing."""

    async def log(self) -> Log:
        """By the name that it will sign under."""
        return Log(NAME, (Origin(1, NAME),))

    async def latest(self) -> Published | None:
        """None yet."""
        return None

    async def checkpoint_at(self, _size: int) -> Published | None:
        """None yet."""
        return None

    async def checkpoints(self, *, below: int, limit: int) -> list[Published]:
        """None yet."""
        del below, limit
        return []

    async def leaf_hashes(self, positions: Iterable[int]) -> Mapping[int, bytes]:
        """None yet."""
        known: Mapping[int, bytes] = {}
        return {position: known[position] for position in positions if position in known}
