"""Answers that are worked out rather than looked up: off the loop and few at once, so that no report waits for them."""

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

from service.api.problems import ProblemError

AT_ONCE: Final = 2
"""More would not be sooner: they share one interpreter, with everything else that the process does."""

PATIENCE_SECONDS: Final = 10.0

T = TypeVar("T")


class Thinking:
    """Works answers out, each in a thread; who finds every place taken waits a while, and is then sent away."""

    def __init__(self, *, at_once: int = AT_ONCE, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._patience_seconds = patience_seconds

    async def thought(self, work: Callable[[], T]) -> T:
        """What `work` gives. Hold no connection of the database meanwhile: there are few of them.

        Raises:
            ProblemError: too much is being worked out already.
        """
        try:
            async with asyncio.timeout(self._patience_seconds):
                await self._places.acquire()
        except TimeoutError:
            raise ProblemError("service.overloaded") from None
        try:
            return await asyncio.to_thread(work)
        finally:
            self._places.release()
