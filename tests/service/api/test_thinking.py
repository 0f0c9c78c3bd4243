"""What takes a while is worked out few at once; whoever has waited too long for a place is sent away."""

import asyncio
import threading

import pytest

from service.api.problems import ProblemError
from service.api.thinking import Thinking


class Slow:
    """Work that ends when it is let go; `most` is how much of it went on at the same time."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.most = 0
        self._running = 0
        self._lock = threading.Lock()

    def __call__(self) -> int:
        with self._lock:
            self._running += 1
            self.most = max(self.most, self._running)
        assert self.let_go.wait(timeout=30)
        with self._lock:
            self._running -= 1
        return 42


async def test_no_more_is_worked_out_at_once_than_there_are_places() -> None:
    thinking, slow = Thinking(at_once=2, patience_seconds=30), Slow()
    asked = [asyncio.create_task(thinking.thought(slow)) for _ in range(6)]

    while slow.most < 2:  # noqa: ASYNC110 - what goes on in a thread has no event of the loop
        await asyncio.sleep(0.005)
    slow.let_go.set()

    assert await asyncio.gather(*asked) == [42] * 6
    assert slow.most == 2


async def test_who_waited_too_long_for_a_place_is_sent_away_and_the_place_is_there_again_later() -> None:
    thinking, slow = Thinking(at_once=1, patience_seconds=0.01), Slow()
    held = asyncio.create_task(thinking.thought(slow))
    await asyncio.sleep(0)

    with pytest.raises(ProblemError) as refused:
        await thinking.thought(lambda: 1)
    slow.let_go.set()

    assert refused.value.kind.code == "service.overloaded"
    assert await held == 42
    assert await thinking.thought(lambda: 1) == 1


async def test_work_that_fails_gives_its_place_back() -> None:
    thinking = Thinking(at_once=1, patience_seconds=0.01)

    with pytest.raises(ZeroDivisionError):
        await thinking.thought(lambda: 1 // 0)

    assert await thinking.thought(lambda: 1) == 1
