"""`incident-ledger demo` as a newcomer runs it: the story, then a server that answers until Ctrl-C; and again."""

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from service.demo.proving.ending import ProofFailedError, checked
from service.proof.offline.report import COULD_NOT_CHECK, DAMAGED, HOLDS
from service.running import open_port
from tests.support.running.homes import a_home
from tests.support.running.server import running_service

ROOT = Path(__file__).parents[2]
SECONDS = 240.0
FOUND_OUT = re.compile(r"DAMAGED: position [1-9][0-9]*: edited")
REFERENCE = re.compile(r"^(ZZ1-\d{8}-001)  closed, 1 action open$", re.MULTILINE)


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with a_home() as folder:
        yield folder


@asynccontextmanager
async def the_command(home: Path, *options: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from service.cli.main import run; run()", "demo", *options),
        cwd=ROOT,
        env={"INCIDENT_LEDGER_HOME": str(home), "PATH": "/usr/bin:/bin", "PYTHONUNBUFFERED": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def told_until(process: asyncio.subprocess.Process, words: str) -> str:
    assert process.stdout is not None
    told = ""
    async with asyncio.timeout(SECONDS):
        while words not in told:
            line = (await process.stdout.readline()).decode()
            assert line, f"it ended before it said {words!r}:\n{told}"
            told += line
    return told


async def test_it_plays_serves_until_ctrl_c_and_plays_on_where_it_stopped(home: Path) -> None:
    async with the_command(home, "--port", "0") as process:
        told = await told_until(process, "until Ctrl-C")
        url = told.partition("Serving at ")[2].partition(";")[0]
        async with httpx.AsyncClient(base_url=url) as client:
            assert (await client.get("/_status")).json()["status"] == "pass"
            assert (await client.get("/v1/incidents")).status_code == 401
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), SECONDS) == 0

    async with the_command(home, "--port", "0", "--once") as process:
        output, _ = await asyncio.wait_for(process.communicate(), SECONDS)
        again = output.decode()

    assert process.returncode == 0, again
    for once in (told, again):
        assert "met late, 5 days over" in once
        assert "refused 409 incident.case-not-ready" in once
        assert "asks what PSIRF would have asked of the case of 2019" in once
        assert once.count("EVERYTHING HOLDS") == 2, "the ledger, and the pack"
        assert len(FOUND_OUT.findall(once)) == 2, "the byte of the copy, and the character of the pack"
    assert ("met recorded late" in told, "met recorded late" in again) == (False, True)
    assert REFERENCE.findall(told) == ["ZZ1-20260302-001"]
    assert REFERENCE.findall(again) == ["ZZ1-20260608-001"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_told_to_stop_in_the_middle_of_the_story_it_stops_without_a_complaint(
    home: Path, number: signal.Signals
) -> None:
    async with the_command(home, "--port", "0") as process:
        await told_until(process, "secures the X-ray")
        process.send_signal(number)
        output, _ = await asyncio.wait_for(process.communicate(), SECONDS)

    assert process.returncode == 0, output.decode()
    assert "Error" not in output.decode()


async def test_a_port_that_is_taken_is_said_in_one_sentence(home: Path) -> None:
    with open_port("127.0.0.1", 0) as taken:
        async with the_command(home, "--port", str(taken.getsockname()[1])) as process:
            output, _ = await asyncio.wait_for(process.communicate(), SECONDS)

    assert process.returncode == 2
    assert output.decode().startswith("incident-ledger: cannot listen on 127.0.0.1 port")
    assert len(output.decode().splitlines()) == 1


async def test_a_ledger_on_the_real_clock_is_left_alone() -> None:
    async with running_service() as real:
        async with real.client() as client:
            before = (await client.get("/_status")).json()["ledger"]
        async with the_command(real.home, "--port", "0", "--once") as process:
            output, _ = await asyncio.wait_for(process.communicate(), SECONDS)
        async with real.client() as client:
            after = (await client.get("/_status")).json()["ledger"]

    assert process.returncode == 2
    assert "this ledger runs on the real clock" in output.decode()
    assert before == after


def test_a_check_that_comes_out_otherwise_ends_the_story() -> None:
    with pytest.raises(ProofFailedError, match="COULD NOT CHECK"):
        checked(COULD_NOT_CHECK, HOLDS, ["COULD NOT CHECK everything: see above"])
    with pytest.raises(ProofFailedError, match="EVERYTHING HOLDS"):
        checked(HOLDS, DAMAGED, ["EVERYTHING HOLDS"])
    with pytest.raises(ProofFailedError, match="position 3"):
        checked(DAMAGED, DAMAGED, ["DAMAGED: position 3: edited"], naming="position 2:")
