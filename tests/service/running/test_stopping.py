"""A process that is told to stop says so at once, and a worker whose part has ended does not pretend to work."""

import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn

import service.bootstrap
import service.running
import service.serving
from service.cli.work import _work
from service.document import described_app
from service.running import _Server
from service.settings import Settings


def test_the_first_signal_closes_admission_before_the_server_stops() -> None:
    app = described_app()
    server = _Server(uvicorn.Config(app), app)

    server.handle_exit(signal.SIGTERM, None)

    assert app.state.admission.stopping
    assert server.should_exit


@asynccontextmanager
async def nothing(*_: Any) -> AsyncIterator[None]:
    yield None


def working_with(*parts: "asyncio.Task[None]") -> Any:
    @asynccontextmanager
    async def working(_core: Any) -> AsyncIterator[Sequence["asyncio.Task[None]"]]:
        yield parts

    return working


async def worked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *parts: "asyncio.Task[None]") -> bool:
    monkeypatch.setattr(service.running, "opened_database", nothing)
    monkeypatch.setattr(service.bootstrap, "open_core", nothing)
    monkeypatch.setattr(service.serving, "working", working_with(*parts))
    async with asyncio.timeout(5):
        return await _work(Settings(home=tmp_path))


async def test_a_worker_whose_part_has_ended_ends_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ended = asyncio.create_task(asyncio.sleep(0))
    running = asyncio.create_task(asyncio.sleep(60))

    assert not await worked(monkeypatch, tmp_path, ended, running)
    running.cancel()


async def test_a_worker_that_is_told_to_stop_has_done_its_work(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    running = asyncio.create_task(asyncio.sleep(60))
    asyncio.get_running_loop().call_later(0.1, signal.raise_signal, signal.SIGTERM)

    assert await worked(monkeypatch, tmp_path, running)
    running.cancel()
