"""How fast reports are taken over HTTP: the whole service, against a bare FastAPI endpoint with one asyncpg INSERT.

Both run under uvicorn in processes of their own on one durable server, and are loaded in turn, in several rounds, by
the same client. The service checks a token, parses strictly, decides, opens duties, seals and appends four events and
an idempotency key; the bare endpoint validates the same body and stores it as one row.
    python -m tests.benchmarks.http_report
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final
from uuid import uuid4

import asyncpg
import httpx

from domain.kernel.actor import Role
from service.identity.issuers import LocalIssuer
from service.identity.key_files import KeyFolder

CONNECTIONS: Final = (1, 16, 64)
SECONDS: Final = 2.0
ROUNDS: Final = 3
GOAL: Final = 0.5
"""How much of the bare endpoint's rate the service is to reach."""

ROOT: Final = Path(__file__).parents[2]
SERVICE, BARE = "the whole service", "a bare endpoint with one INSERT"

Body = Callable[[], bytes]


def a_body() -> bytes:
    """A report with a reference of its own."""
    return json.dumps(
        {
            "provider": "ZZ1",
            "local_reference": uuid4().hex,
            "discovered_at": "2026-03-02T09:30:00Z",
            "what_happened": "A swab was found to be missing at the final count. " * 6,
            "patients": [{"sequence": 1}],
            "location": {"site": "Main", "division": "Surgery", "specialty": "General surgery"},
        }
    ).encode()


async def post(port: int, path: str, token: str, *, until: float) -> int:
    """Post on one connection for as long as it is time; how many were taken."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    taken = 0
    while perf_counter() < until:
        body = a_body()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nIdempotency-Key: {uuid4()}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length"))
        content = await reader.readexactly(int(length.split(b":")[1]))
        if b" 201 " not in answer[:16]:
            raise RuntimeError(content.decode())
        taken += 1
    writer.close()
    return taken


async def rate(port: int, path: str, token: str, *, connections: int) -> float:
    """Reports a second over so many connections."""
    began = perf_counter()
    posting = (post(port, path, token, until=began + SECONDS) for _ in range(connections))
    taken = sum(await asyncio.gather(*posting))
    return taken / (perf_counter() - began)


async def until_up(url: str) -> None:
    """Wait for a server's first answer."""
    async with httpx.AsyncClient() as client:
        for _ in range(600):
            try:
                await client.get(url)
            except httpx.TransportError:
                await asyncio.sleep(0.1)
            else:
                return
    raise RuntimeError(f"no answer from {url}")


async def registered(port: int, token: str) -> None:
    """Register the provider."""
    body = {"ods": "ZZ1", "name": "Fictitious Trust", "kind": "provider", "provider_type": "health_service_body"}
    async with httpx.AsyncClient() as client:
        answer = await client.post(
            f"http://127.0.0.1:{port}/v1/organisations", json=body, headers={"Authorization": f"Bearer {token}"}
        )
        answer.raise_for_status()


async def bare_table(dsn: str) -> None:
    """The table of the bare endpoint, in the same server."""
    connection = await asyncpg.connect(dsn)
    await connection.execute("create schema bare; create table bare.reports (id uuid primary key, body jsonb not null)")
    await connection.close()


async def measure(ports: dict[str, int], tokens: tuple[str, str]) -> dict[int, list[dict[str, float]]]:
    """Every number of connections in turn, in several rounds."""
    administrator, reporter = tokens
    await registered(ports[SERVICE], administrator)
    found: dict[int, list[dict[str, float]]] = {}
    for _ in range(ROUNDS):
        for connections in CONNECTIONS:
            found.setdefault(connections, []).append(
                {
                    name: await rate(port, "/v1/incidents", reporter, connections=connections)
                    for name, port in ports.items()
                }
            )
    return found


def report(rates: dict[int, list[dict[str, float]]]) -> list[str]:
    """A line for each contender, and whether the goal was met."""
    lines = []
    for connections, rounds in rates.items():
        share = median(each[SERVICE] / each[BARE] for each in rounds)
        lines.append(f"{connections} connection{'s' if connections > 1 else ''}")
        lines += [f"  {name:<34}{median(each[name] for each in rounds):>8,.0f}/s" for name in (SERVICE, BARE)]
        lines.append(f"  the service reaches {share:.2f} of it (goal {GOAL:g}: {'met' if share >= GOAL else 'MISSED'})")
    return lines


def start(arguments: list[str], environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    """A server as a direct child, its log thrown away."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


async def compare(home: Path, ports: dict[str, int]) -> list[str]:
    """Start both servers on one database server, load them in turn, stop them."""
    from service.settings import Settings
    from service.store.database import open_database
    from service.store.migrate import migrate

    issuer = LocalIssuer(KeyFolder(home / "keys"))
    tokens = tuple(
        issuer.mint([role], organisation="ZZ1", subject=role.value) for role in (Role.ADMINISTRATOR, Role.REPORTER)
    )
    children: list[subprocess.Popen[bytes]] = []
    async with open_database(Settings(home=home)) as database:
        await migrate(database)
        await bare_table(database.owner)
        serve = ["-m", "service.cli.main", "serve", "--port", str(ports[SERVICE]), "--no-worker"]
        try:
            children.append(start(serve, {"INCIDENT_LEDGER_HOME": str(home)}))
            bare = ["-m", "tests.benchmarks.bare.endpoint", str(ports[BARE]), database.owner]
            children.append(start(bare, {}))
            for port in ports.values():
                await until_up(f"http://127.0.0.1:{port}/_ping")
            return report(await measure(ports, (tokens[0], tokens[1])))
        finally:
            for child in children:
                child.terminate()
                await asyncio.to_thread(child.wait)


def free_port() -> int:
    """A port of the loopback that nobody uses now."""
    import socket

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="ledger-bench-") as home:
        for line in asyncio.run(compare(Path(home), {SERVICE: free_port(), BARE: free_port()})):
            print(line, flush=True)


if __name__ == "__main__":
    main()
