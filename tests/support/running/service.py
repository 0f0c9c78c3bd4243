"""The service as an operator runs it: `incident-ledger serve` itself, in a process and with a home of its own.

Nothing here belongs to an event loop, so that all tests of a module can speak to one process. (`server` beside it runs
the same parts for one test, also on a simulated clock.)
"""

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx

from domain.kernel.actor import Role
from service.identity.issuers import LocalIssuer
from service.identity.key_files import KeyFolder
from tests.support.running.homes import a_home

_PROGRAM: Final = Path(sys.executable).parent / "incident-ledger"
_READY_SECONDS: Final = 60.0
_FOREIGN: Final = ("DATABASE_URL", "INCIDENT_LEDGER_")
_NO_TLS: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Everything is on loopback; without it each client would read the certificates of the whole web first."""


class ServiceProcess:
    """A server that can be started, stopped, killed and started again; what it writes goes to the file `output`.

    `settings` are variables that the next start is given besides its home.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.output = home.parent / "output"
        self.settings: dict[str, str] = {}
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._issuer: LocalIssuer | None = None

    def start(self) -> None:
        """Start it, and wait until it is ready."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
        # Nobody's reads are committed to the ledger meanwhile: tests say what the log holds.
        quiet = {"INCIDENT_LEDGER_DIGEST_SECONDS": "86400"}
        environment |= {"INCIDENT_LEDGER_HOME": str(self.home)} | quiet | self.settings
        with self.output.open("ab") as output:
            self._process = subprocess.Popen(
                [_PROGRAM, "serve", "--port", str(self.port)], env=environment, stdout=output, stderr=output
            )
        self._wait_until_ready(self._process)
        self._issuer = LocalIssuer(KeyFolder(self.home / "keys"))

    def _wait_until_ready(self, process: "subprocess.Popen[bytes]") -> None:
        until = time.monotonic() + _READY_SECONDS
        while time.monotonic() < until:
            if process.poll() is not None:
                break
            try:
                if httpx.get(f"{self.url}/_status", timeout=5, verify=_NO_TLS).is_success:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        raise AssertionError(self.output.read_text(encoding="utf-8", errors="replace")[-4000:])

    def kill(self) -> None:
        """End it as a power cut would: nothing is finished and nobody is told."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(timeout=30)

    def stop(self) -> int:
        """Ask it to stop, which also ends its database; the exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(timeout=60)

    def throw_away(self) -> None:
        """End it and its database at once: nobody reads these data again."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGSTOP)  # so that it does not start its database again
            _end_database(self.home)
            self.kill()
        _end_database(self.home)

    def token(self, roles: Iterable[Role], *, organisation: str = "ZZ1", subject: str = "somebody") -> str:
        """A token for somebody of an organisation."""
        assert self._issuer is not None
        return self._issuer.mint(roles, organisation=organisation, subject=subject)

    def client(self, *roles: Role, organisation: str = "ZZ1", subject: str = "somebody") -> httpx.AsyncClient:
        """Somebody who speaks to it over HTTP."""
        token = self.token(roles, organisation=organisation, subject=subject)
        return self.anybody(token)

    def anybody(self, token: str | None = None, *, connections: int = 100) -> httpx.AsyncClient:
        """Whoever holds a token, or nobody in particular."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        limits = httpx.Limits(max_connections=connections)
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=60, limits=limits, verify=_NO_TLS)

    def waiting(self, token: str) -> httpx.Client:
        """Whoever holds a token, and waits for each answer."""
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=60, verify=_NO_TLS)

    def get(self, path: str, token: str, **query: Any) -> Any:
        """Ask at once and wait; the body of the answer."""
        headers = {"Authorization": f"Bearer {token}"}
        answer = httpx.get(f"{self.url}{path}", params=query, headers=headers, timeout=30, verify=_NO_TLS)
        assert answer.is_success, answer.text
        return answer.json()

    def status(self) -> dict[str, Any]:
        """How the service says it is."""
        answer: dict[str, Any] = httpx.get(f"{self.url}/_status", timeout=10, verify=_NO_TLS).json()
        return answer

    def head(self) -> int:
        """The position of the last event in the ledger."""
        position: int = self.status()["ledger"]["position"]
        return position


@contextmanager
def running_service() -> Iterator[ServiceProcess]:
    """A service on an empty ledger, ready to answer; gone with its data when the context ends."""
    with a_home() as home:
        service = ServiceProcess(home)
        try:
            service.start()
            yield service
        finally:
            service.throw_away()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _end_database(home: Path) -> None:
    for pid_file in home.glob("pg*/postmaster.pid"):
        try:
            os.kill(int(pid_file.read_text().split()[0]), signal.SIGQUIT)
        except (ProcessLookupError, FileNotFoundError):
            continue
