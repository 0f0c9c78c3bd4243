"""What it costs that a read is written down: GET of one case, and of a list of fifty, with and without the access record.

Two processes of the service on one durable database server, asked in turn, in several rounds, by the same client; the one
forgets every access record at once, the other writes it and waits until it is durable.
    python -m tests.benchmarks.case_read
"""

import asyncio
import subprocess
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

import httpx

from domain.kernel.actor import Role
from service.identity.issuers import LocalIssuer
from service.identity.key_files import KeyFolder
from tests.benchmarks.http_report import a_body, free_port, registered, start, until_up

CASES: Final = 50
CONNECTIONS: Final = (1, 16, 64)
SECONDS: Final = 2.0
ROUNDS: Final = 3
WITH, WITHOUT = "with the access record", "without it"

Rates = dict[tuple[str, int], list[dict[str, float]]]


async def ask(port: int, path: str, token: str, *, until: float) -> int:
    """Ask on one connection for as long as it is time; how many answers there were."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    answered = 0
    while perf_counter() < until:
        writer.write(head)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length"))
        content = await reader.readexactly(int(length.split(b":")[1]))
        if b" 200 " not in answer[:16]:
            raise RuntimeError(content.decode())
        answered += 1
    writer.close()
    return answered


async def rate(port: int, path: str, token: str, *, connections: int) -> float:
    """Answers a second over so many connections."""
    began = perf_counter()
    asking = (ask(port, path, token, until=began + SECONDS) for _ in range(connections))
    return sum(await asyncio.gather(*asking)) / (perf_counter() - began)


async def reported(port: int, token: str) -> str:
    """Report some cases, and wait until they can be read; one of them."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers) as client:
        for _ in range(CASES):
            answer = await client.post("/v1/incidents", content=a_body())
            answer.raise_for_status()
        recorded = answer.json()
        for _ in range(100):
            if (await client.get(f"/v1/incidents?min_position={recorded['position']}")).is_success:
                break
    case: str = recorded["id"]
    return case


async def measure(ports: dict[str, int], tokens: dict[Role, str]) -> Rates:
    """Each question over every number of connections, both services in turn, in several rounds."""
    await registered(ports[WITH], tokens[Role.ADMINISTRATOR])
    reader = tokens[Role.PATIENT_SAFETY_MANAGER]
    case = await reported(ports[WITH], reader)
    found: Rates = {}
    for _ in range(ROUNDS):
        for name, path in (("one case", f"/v1/incidents/{case}"), ("a page of fifty", "/v1/incidents")):
            for connections in CONNECTIONS:
                rates = {each: await rate(port, path, reader, connections=connections) for each, port in ports.items()}
                found.setdefault((name, connections), []).append(rates)
    return found


def report(found: Rates) -> list[str]:
    """A line for each question and number of connections."""
    lines = []
    for (name, connections), rounds in found.items():
        share = median(each[WITH] / each[WITHOUT] for each in rounds)
        rates = ", ".join(f"{median(each[which] for each in rounds):,.0f}/s {which}" for which in (WITH, WITHOUT))
        lines.append(
            f"{name}, {connections:>2} connection{'s' if connections > 1 else ' '}: {rates}: {share:.2f} of it"
        )
    return lines


async def compare(home: Path) -> list[str]:
    """Start both services on one database server, ask them in turn, stop them."""
    from service.settings import Settings
    from service.store.database import open_database
    from service.store.migrate import migrate

    issuer = LocalIssuer(KeyFolder(home / "keys"))
    roles = (Role.ADMINISTRATOR, Role.PATIENT_SAFETY_MANAGER)
    tokens = {role: issuer.mint([role], organisation="ZZ1", subject=role.value) for role in roles}
    ports = {WITH: free_port(), WITHOUT: free_port()}
    children: list[subprocess.Popen[bytes]] = []
    async with open_database(Settings(home=home)) as database:
        await migrate(database)
        serve = ["-m", "service.cli.main", "serve", "--port", str(ports[WITH])]
        try:
            children.append(start(serve, {"INCIDENT_LEDGER_HOME": str(home)}))
            await until_up(f"http://127.0.0.1:{ports[WITH]}/_ping")
            children.append(start(["-m", "tests.benchmarks.bare.unrecorded", str(home), str(ports[WITHOUT])], {}))
            await until_up(f"http://127.0.0.1:{ports[WITHOUT]}/_ping")
            return report(await measure(ports, tokens))
        finally:
            for child in children:
                child.terminate()
                await asyncio.to_thread(child.wait)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="ledger-bench-") as home:
        for line in asyncio.run(compare(Path(home))):
            print(line, flush=True)


if __name__ == "__main__":
    main()
