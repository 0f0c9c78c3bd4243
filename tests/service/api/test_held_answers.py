"""An answer that is read while it is sent lets go of its reading, also where its client takes nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from starlette.requests import ClientDisconnect
from starlette.responses import StreamingResponse
from starlette.types import Message

from service.api.queries.lists import HeldAnswer

PATIENCE = 5.0


async def rows() -> AsyncIterator[bytes]:
    yield b"one"
    yield b"two"


async def never() -> Message:
    await asyncio.Event().wait()
    raise AssertionError


async def answered(taken: list[bytes], let_go: asyncio.Event, *, stalls: bool) -> None:
    held = AsyncExitStack()
    held.callback(let_go.set)

    async def send(message: Message) -> None:
        if stalls and message.get("body"):
            await asyncio.Event().wait()
        taken.append(message.get("body", b""))

    scope = {"type": "http", "asgi": {"spec_version": "2.4"}, "method": "GET"}
    answer = HeldAnswer(StreamingResponse(rows()), held, stalled_seconds=0.05 if stalls else PATIENCE)
    async with asyncio.timeout(PATIENCE) as patience:
        try:
            await answer(scope, never, send)
        finally:
            assert not patience.expired()


async def test_the_reading_ends_with_the_answer() -> None:
    taken, let_go = list[bytes](), asyncio.Event()

    await answered(taken, let_go, stalls=False)

    assert b"".join(taken) == b"onetwo"
    assert let_go.is_set()


async def test_a_client_that_takes_nothing_is_cut_off_and_its_reading_is_let_go() -> None:
    taken, let_go = list[bytes](), asyncio.Event()

    with pytest.raises(ClientDisconnect):
        await answered(taken, let_go, stalls=True)

    assert let_go.is_set()
