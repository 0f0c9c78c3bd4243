"""The event loop that long-running verbs run on: uvloop where there is one, which answers faster."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run until it is done."""
    try:
        import uvloop
    except ImportError:  # there is none for this platform
        return asyncio.run(main)
    return uvloop.run(main)
