"""The whole service as a process of its own, for tests that speak to it over HTTP and may kill it.

    async with running_service(begins_at=MONDAY) as service:
        async with service.client(Role.REPORTER) as client:
            await client.post("/v1/incidents", json=...)

The process is `python -m tests.support.running.server HOME PORT [BEGINS_AT]`: the same parts as `incident-ledger serve`,
on the embedded database of a home, whose ledger is born on a simulated clock where a moment is given.
"""

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx

from domain.kernel.actor import Role
from domain.ledger.events import Clock
from service.bootstrap import Birth, open_core
from service.identity.issuers import LocalIssuer
from service.identity.key_files import KeyFolder
from service.running import open_port, opened_database, serving, url_of
from service.serving import make_app
from service.settings import Settings
from tests.support.running.homes import a_home

MONDAY: Final = datetime(2026, 3, 2, 8, tzinfo=UTC)
"""A moment at which simulated ledgers begin."""

_ROOT: Final = Path(__file__).parents[3]
_START_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 40.0
_LOG: Final = "service.log"


class ServiceNotStartedError(Exception):
    """The process ended, or said nothing, before it served; the message holds the end of what it wrote down."""


@dataclass
class Service:
    """A service that runs in a process of its own. Stopped or killed, it can be started again at the same address."""

    home: Path
    begins_at: datetime | None
    url: str = ""
    _process: asyncio.subprocess.Process | None = None
    _issuer: LocalIssuer | None = field(default=None, repr=False)

    async def start(self) -> None:
        """Start the process, and return when it serves.

        Raises:
            ServiceNotStartedError: it does not.
        """
        port = httpx.URL(self.url).port if self.url else 0
        begins_at = [] if self.begins_at is None else [self.begins_at.isoformat()]
        self.home.mkdir(mode=0o711, parents=True, exist_ok=True)
        with (self.home / _LOG).open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.support.running.server", str(self.home), str(port), *begins_at),
                cwd=_ROOT,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        assert self._process.stdout is not None
        line = b""
        with contextlib.suppress(TimeoutError):
            line = await asyncio.wait_for(self._process.stdout.readline(), _START_SECONDS)
        if not line:
            await self.kill()
            raise ServiceNotStartedError(self.log()[-4000:])
        self.url = line.decode().strip()

    async def stop(self) -> None:
        """Ask it to stop, as an operator would, and wait until it has; one that does not stop is killed."""
        if self._process is None or self._process.returncode is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self._process.wait(), _STOP_SECONDS)
        except TimeoutError:
            await self.kill()
            raise

    async def kill(self) -> None:
        """End it without warning, as a power cut would; its database server notices and stops."""
        if self._process is None or self._process.returncode is not None:
            return
        self._process.kill()
        await self._process.wait()

    @property
    def exit_code(self) -> int | None:
        """How the process ended; None while it runs."""
        return None if self._process is None else self._process.returncode

    def log(self) -> str:
        """What it has written down so far."""
        return (self.home / _LOG).read_text(encoding="utf-8", errors="replace")

    def token(self, *roles: Role, org: str = "ZZ1", subject: str = "somebody") -> str:
        """A token of its own issuer; a patient safety manager's unless said otherwise."""
        if self._issuer is None:
            self._issuer = LocalIssuer(KeyFolder(self.home / "keys"))
        return self._issuer.mint(roles or (Role.PATIENT_SAFETY_MANAGER,), organisation=org, subject=subject)

    def client(self, *roles: Role, org: str = "ZZ1", subject: str = "somebody", **options: Any) -> httpx.AsyncClient:
        """A client that sends such a token with every request."""
        headers = {"Authorization": f"Bearer {self.token(*roles, org=org, subject=subject)}"}
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=30, **options)


@asynccontextmanager
async def running_service(*, begins_at: datetime | None = None) -> AsyncIterator[Service]:
    """A service on an empty ledger in a fresh home; `begins_at`: on a simulated clock that stands at this moment."""
    with a_home() as home:
        service = Service(home, begins_at)
        try:
            await service.start()
            yield service
        finally:
            await service.stop()


async def _serve(home: Path, port: int, begins_at: datetime | None) -> None:
    settings = Settings(home=home, digest_seconds=86_400)  # tests say themselves what the log holds
    birth = Birth() if begins_at is None else Birth(clock=Clock.SIMULATED, begins_at=begins_at)
    async with AsyncExitStack() as stack:
        listener = stack.enter_context(open_port("127.0.0.1", port))
        database = await stack.enter_async_context(opened_database(settings))
        core = await stack.enter_async_context(open_core(settings, database, birth))
        client = await stack.enter_async_context(httpx.AsyncClient())
        stopped = await stack.enter_async_context(serving(make_app(core, client), settings, listener))
        sys.stdout.write(f"{url_of(listener)}\n")
        sys.stdout.flush()
        await stopped


def main(home: str, port: str, begins_at: str | None = None) -> None:
    """Serve until told to stop."""
    asyncio.run(_serve(Path(home), int(port), None if begins_at is None else datetime.fromisoformat(begins_at)))


if __name__ == "__main__":
    main(*sys.argv[1:])
