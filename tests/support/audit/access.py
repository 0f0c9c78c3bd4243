"""An access log in memory: it keeps what it is told, or fails as it is told to."""

from service.store.access.records import NewAccess


class KeptReads:
    """What was written down, in order; with `failure` nothing is, and that is said."""

    def __init__(self) -> None:
        self.kept: list[NewAccess] = []
        self.failure: Exception | None = None

    async def append(self, record: NewAccess) -> int:
        """Keep a record; its number."""
        if self.failure is not None:
            raise self.failure
        self.kept.append(record)
        return len(self.kept)
