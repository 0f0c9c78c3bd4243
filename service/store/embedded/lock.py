"""A lock between processes that ends with its holder, however the holder ends."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

_PAUSE_SECONDS: Final = 0.02


@asynccontextmanager
async def held(path: Path) -> AsyncIterator[None]:
    """Hold the lock file; waits as long as another process (or another server object in this one) holds it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        await _take(handle)
        yield
    finally:
        os.close(handle)


async def _take(handle: int) -> None:
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            await asyncio.sleep(_PAUSE_SECONDS)
