"""How much is taken on at once, and how the service stops: what is running ends, what is new is sent elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from service.api.problems import ProblemError

_READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Admission:
    """Counts what is running, reads and writes apart, so that a rush of one does not starve the other."""

    def __init__(self, *, writes: int, reads: int) -> None:
        self._most = {True: reads, False: writes}
        self._running = {True: 0, False: 0}
        self.stopping = False

    def stop(self) -> None:
        """Take nothing new; `/_status` says so, and a load balancer looks elsewhere."""
        self.stopping = True

    @contextmanager
    def admitted(self, method: str) -> Iterator[None]:
        """Hold one place while a request is answered.

        Raises:
            ProblemError: the service is stopping, or has no place left.
        """
        reading = method in _READS
        if self.stopping:
            raise ProblemError("service.stopping", headers={"Connection": "close"})
        if self._running[reading] >= self._most[reading]:
            raise ProblemError("service.overloaded")
        self._running[reading] += 1
        try:
            yield
        finally:
            self._running[reading] -= 1
