"""How far the read models of this process are, for those who wait without asking the database."""

import asyncio


class Progress:
    """The position of each read model that this process keeps."""

    def __init__(self) -> None:
        self.positions: dict[str, int] = {}
        self._moved = asyncio.Condition()

    async def tell(self, name: str, position: int) -> None:
        """A read model has committed a position."""
        async with self._moved:
            self.positions[name] = position
            self._moved.notify_all()

    async def wait_for(self, position: int, *, names: frozenset[str], timeout: float) -> bool:  # noqa: ASYNC109 - the caller's own limit
        """Wait until all these read models have reached a position; False when the time is up."""
        try:
            async with asyncio.timeout(timeout), self._moved:
                await self._moved.wait_for(lambda: all(self.positions.get(name, -1) >= position for name in names))
        except TimeoutError:
            return False
        return True
