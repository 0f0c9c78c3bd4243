"""Opening what a reader may read: the keys of many values are looked up at once."""

from collections.abc import Callable, Iterable
from uuid import UUID

from domain.kernel.personal import Erased
from service.reading.forms import Secret
from service.store.ledger import Ledger
from service.store.sealing import Opener


class Opening:
    """Opens sealed values with the keys that the ledger keeps."""

    def __init__(self, ledger: Ledger, opener: Opener) -> None:
        self._ledger = ledger
        self._opener = opener

    async def of(self, secrets: Iterable[Secret]) -> Callable[[Secret], str | Erased]:
        """What gives the words of these values; of a value whose key was destroyed, `ERASED`."""
        wanted: list[UUID] = sorted({secret.key for secret in secrets})
        keys = await self._ledger.keys(wanted) if wanted else {}
        return lambda secret: self._opener.words(secret, keys)
