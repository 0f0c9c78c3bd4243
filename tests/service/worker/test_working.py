"""The worker inside a service: a part of it that fails is heard of, and the other part goes on."""

import asyncio
from typing import cast

from structlog.testing import capture_logs

from service.bootstrap import Core
from service.serving import working


class Part:
    """A part of the worker that fails at once, or runs until it is cancelled."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.cancelled = False

    async def run(self) -> None:
        if self.error is not None:
            raise self.error
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise


class Parts:
    """What `working` asks of a core."""

    def __init__(self, projector: Part, reactor: Part, calendar: Part | None = None) -> None:
        self._projector = projector
        self._reactor = reactor
        self.calendar = calendar or Part()

    def projector(self) -> Part:
        return self._projector

    def reactor(self) -> Part:
        return self._reactor

    def recalculator(self) -> Part:
        return self.calendar

    def prover(self) -> Part:
        return Part()

    def witnessing(self) -> Part:
        return Part()

    def digester(self) -> Part:
        return Part()

    def number_indexer(self) -> Part:
        return Part()

    def eraser(self) -> Part:
        return Part()

    def what_if_runner(self) -> Part:
        return Part()

    def replayer(self) -> Part:
        return Part()


async def test_a_part_that_fails_is_said_without_its_message_and_the_other_goes_on() -> None:
    read_models = Part()
    core = cast("Core", Parts(read_models, Part(RuntimeError("Pat Example"))))

    with capture_logs() as said:
        async with working(core):
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert not read_models.cancelled

    assert [(each["log_level"], each["part"], each["error"]) for each in said] == [
        ("critical", "reactions", "RuntimeError")
    ]
    assert "Pat Example" not in str(said)
    assert read_models.cancelled
