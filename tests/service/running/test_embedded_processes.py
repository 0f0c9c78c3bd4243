"""The embedded server among processes: shared, taken over, never left behind, and recovered when all are killed."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from service.store.connect import connect
from service.store.embedded import EmbeddedServer
from service.store.embedded.places import places_for
from service.store.embedded.server import socket_url
from service.store.embedded.server_user import find_server_user
from tests.support.running.homes import a_home

ROOT = Path(__file__).parents[3]


class Process:
    """Another process with the same home."""

    def __init__(self, child: asyncio.subprocess.Process) -> None:
        self.child = child

    async def says(self) -> str:
        assert self.child.stdout is not None
        return (await self.child.stdout.readline()).decode().strip()

    async def whose(self) -> str:
        assert self.child.stdin is not None
        self.child.stdin.write(b"\n")
        return await self.says()

    async def leave(self) -> None:
        assert self.child.stdin is not None
        self.child.stdin.close()
        await self.child.wait()

    async def killed(self) -> None:
        self.child.kill()
        await self.child.wait()


@asynccontextmanager
async def another_process(
    home: Path, module: str = "tests.support.running.embedded_user", *more: str
) -> AsyncIterator[Process]:
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, str(home), *more),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    process = Process(child)
    try:
        yield process
    finally:
        if child.returncode is None:
            await process.leave()


async def until_nothing_answers(home: Path) -> None:
    """The postmaster removes its pid file last of all."""
    assert await asyncio.to_thread(_ends, home, seconds=60), "the server runs on"


def _ends(home: Path, *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while any(home.glob("pg*/postmaster.pid")) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not any(home.glob("pg*/postmaster.pid"))


def kill_the_server(home: Path) -> None:
    (pid_file,) = home.glob("pg*/postmaster.pid")
    os.kill(int(pid_file.read_text().split()[0]), signal.SIGKILL)


async def test_two_processes_started_together_share_one_server(spare_home: Path) -> None:
    async with another_process(spare_home) as one, another_process(spare_home) as two:
        assert sorted([await one.says(), await two.says()]) == ["joined", "started"]


async def test_who_did_not_start_it_does_not_stop_it(spare_home: Path) -> None:
    async with another_process(spare_home) as starter:
        assert await starter.says() == "started"
        async with another_process(spare_home) as guest:
            assert await guest.says() == "joined"

        assert await starter.whose() == "mine"


async def test_who_remains_takes_over_when_the_starter_leaves(spare_home: Path) -> None:
    async with another_process(spare_home) as starter:
        assert await starter.says() == "started"
        async with another_process(spare_home) as heir:
            assert await heir.says() == "joined"
            await starter.leave()

            async with EmbeddedServer(spare_home) as us:  # starts it, or waits for the heir who does
                mine = us.started_here
                assert (await heir.whose() == "mine") is not mine


async def test_a_starter_that_is_killed_leaves_no_server_behind(spare_home: Path) -> None:
    async with another_process(spare_home) as starter:
        assert await starter.says() == "started"
        await starter.killed()

    await until_nothing_answers(spare_home)


async def test_the_next_start_recovers_after_everything_was_killed(spare_home: Path) -> None:
    async with another_process(spare_home) as starter:
        assert await starter.says() == "started"
        connection = await connect(socket_url(places_for(spare_home, major=18, user=find_server_user())))
        await connection.execute("create table if not exists kept (words text); insert into kept values ('still here')")
        os.kill(starter.child.pid, signal.SIGSTOP)  # so that it cannot start the server again in between
        kill_the_server(spare_home)
        await starter.killed()
        connection.terminate()

    async with EmbeddedServer(spare_home) as server:
        connection = await connect(server.url())
        assert await connection.fetchval("select words from kept") == "still here"
        await connection.close()


async def test_an_ordinary_user_runs_it_as_themselves(spare_home: Path) -> None:
    """As root this drops to an unprivileged user first; as anybody else it is simply us."""
    with a_home(above=0o777) as home:
        async with another_process(home, "tests.support.running.unprivileged_user", str(spare_home)) as process:
            assert await process.says() == "started"
            assert await process.whose() == "mine"

            (data,) = home.glob("pg*")
            assert not data.is_symlink()
            assert data.stat().st_uid == (find_server_user().uid)
            assert home.stat().st_mode & 0o777 == 0o700
            assert places_for(home, major=18, user=find_server_user()).sockets.stat().st_uid == home.stat().st_uid
