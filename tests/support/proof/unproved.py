"""The proof of a ledger that no worker has begun to prove."""

from collections.abc import Iterable, Mapping


class Unproved:
    """Has no leaf of any event."""

    async def leaf_hashes(self, positions: Iterable[int]) -> Mapping[int, bytes]:
        """None."""
        known: Mapping[int, bytes] = {}
        return {position: known[position] for position in positions if position in known}
