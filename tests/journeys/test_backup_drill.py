"""Backups of a running ledger put back into another server: it is verified, gone on with, and refused where it is older.

The ledger is made over real HTTP, and a person erased in it; PostgreSQL's own tools take the backups while it runs.
"""

import asyncio
import os
import sys
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import pytest_asyncio

from domain.kernel.actor import Role
from service.proof.verifying import check_consistency
from service.store.connect import on_database
from service.store.embedded import EmbeddedServer
from service.store.embedded.cluster import OWNER
from service.store.embedded.places import places_for
from service.store.embedded.server import DATABASE
from service.store.embedded.server_user import find_server_user
from service.store.migrate import migrate
from tests.support.running.homes import a_home
from tests.support.running.server import MONDAY, Service, ServiceNotStartedError, running_service

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAME: Final = "Quillfeather Ottoline"
PROGRAM: Final = Path(sys.executable).parent / "incident-ledger"
COUNTED: Final = ("/v1/incidents", "/v1/timeliness", "/v1/worklist")
LATEST: Final = "/v1/audit/checkpoints/latest"


@dataclass
class Drill:
    """The service that is backed up, the one in which the backups are put back, and what was seen."""

    service: Service
    other: Service
    tools: Path
    seen: dict[str, Any] = field(default_factory=dict)

    async def dump(self, name: str) -> None:
        """Back the database up while the service runs."""
        arguments = (
            "-h",
            sockets_of(self.service.home),
            "-U",
            OWNER,
            "-d",
            DATABASE,
            "-Fc",
            "-f",
            str(self.dumped(name)),
        )
        assert await run(self.tools / "pg_dump", *arguments) == (0, "")

    async def restore(self, name: str) -> None:
        """Put a backup into the other server, whose roles `migrate` has made."""
        async with EmbeddedServer(self.other.home) as server:
            await migrate(on_database(server.url()))
            how = ("--clean", "--if-exists", "--single-transaction", "--exit-on-error")
            to = ("-h", sockets_of(self.other.home), "-U", OWNER, "-d", DATABASE)
            assert await run(self.tools / "pg_restore", *to, *how, str(self.dumped(name))) == (0, "")

    def dumped(self, name: str) -> Path:
        """Where a backup lies."""
        return self.service.home.parent / name

    async def told(self, *arguments: str) -> tuple[int, str]:
        """What the program says of the other server's ledger."""
        return await run(PROGRAM, *arguments, INCIDENT_LEDGER_HOME=str(self.other.home))


def sockets_of(home: Path) -> str:
    """Where the embedded server of a home is reached."""
    return str(places_for(home, major=0, user=find_server_user()).sockets)


async def run(program: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    """How a program ended, and what it wrote."""
    process = await asyncio.create_subprocess_exec(
        *(str(program), *arguments),
        env=os.environ | environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


async def done(client: httpx.AsyncClient, path: str, **body: Any) -> dict[str, Any]:
    answer = await client.post(path, json=body)
    assert answer.status_code == 201, (path, answer.text)
    recorded: dict[str, Any] = answer.json()
    return recorded


async def read(client: httpx.AsyncClient, path: str) -> Any:
    answer = await client.get(path)
    assert answer.status_code == 200, (path, answer.text)
    return answer.json()


def a_report(reference: str) -> dict[str, Any]:
    return {
        "provider": "ZZ1",
        "local_reference": reference,
        "discovered_at": MONDAY.isoformat(),
        "what_happened": "A dose was given twice.",
        "patients": [{"sequence": 1}],
    }


async def counts(client: httpx.AsyncClient) -> dict[str, int]:
    """How many rows each list has."""
    return {path: len(await read(client, path)) for path in COUNTED}


async def signed(auditor: httpx.AsyncClient, position: int) -> dict[str, Any]:
    """The newest checkpoint, once it covers a position."""
    for _ in range(200):
        answer = await auditor.get(LATEST)
        if answer.status_code == 200 and answer.json()["size"] >= position:
            found: dict[str, Any] = answer.json()
            return found
        await asyncio.sleep(0.1)
    raise AssertionError(answer.text)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def drill() -> AsyncIterator[Drill]:
    with a_home() as other:
        async with running_service(begins_at=MONDAY) as service:
            other.mkdir(mode=0o711)
            (other / "keys").symlink_to(service.home / "keys")
            async with EmbeddedServer(service.home) as server:
                drill = Drill(service, Service(other, MONDAY), server.programs.postgres.parent)
                await _play(drill)
            await service.stop()
            try:
                yield drill
            finally:
                await drill.other.stop()


async def _play(drill: Drill) -> None:
    """Three cases; a backup is taken before a person is erased from the first of them, and another after it."""
    async with AsyncExitStack() as stack:
        as_one = {
            role: await stack.enter_async_context(drill.service.client(role, subject=role.value))
            for role in (Role.ADMINISTRATOR, Role.PATIENT_SAFETY_MANAGER, Role.DATA_PROTECTION_OFFICER, Role.AUDITOR)
        }
        administrator, manager, officer, auditor = as_one.values()
        second = await stack.enter_async_context(drill.service.client(Role.DATA_PROTECTION_OFFICER, subject="second"))
        trust = {"kind": "provider", "provider_type": "health_service_body"}
        await done(administrator, "/v1/organisations", ods="ZZ1", name="Fictitious Trust", **trust)
        cases = [(await done(manager, "/v1/incidents", **a_report(f"R-{n}")))["id"] for n in range(3)]
        drill.seen["people"] = people = f"/v1/incidents/{cases[0]}/people"
        person = await done(manager, people, kind="patient", patient=1, name=NAME)
        await signed(auditor, person["position"])
        await drill.dump("older")

        erasures = f"/v1/people/{person['id']}/erasures"
        asked = await done(officer, erasures, incident=cases[0], ground="filed_by_mistake", reasons="Another trust's.")
        await done(second, asked["links"]["self"] + "/approval")
        await done(administrator, "/v1/simulation/clock", to=(MONDAY + timedelta(days=8)).isoformat())
        drill.seen["erased"] = await _erased(officer, asked["links"]["self"])
        drill.seen["counts"] = await counts(manager)
        drill.seen["checkpoint"] = await signed(auditor, drill.seen["erased"]["carried_out_position"])
        await drill.dump("newer")


async def _erased(officer: httpx.AsyncClient, erasure: str) -> dict[str, Any]:
    for _ in range(200):
        shown: dict[str, Any] = await read(officer, erasure)
        if shown["certificate"] is not None and shown["certificate"]["keys_standing"] == 0:
            return shown
        await asyncio.sleep(0.1)
    raise AssertionError(shown)


async def test_a_backup_in_another_server_is_verified_with_the_same_root(drill: Drill) -> None:
    checkpoint = drill.seen["checkpoint"]
    await drill.restore("newer")
    held = drill.dumped("held")
    held.write_text(checkpoint["note"])

    code, said = await drill.told("verify", "--checkpoint", str(held))

    assert code == 0, said
    assert f"the checkpoint that you hold, at size {checkpoint['size']}, is of this history" in said
    assert said.endswith("EVERYTHING HOLDS\n")


async def test_the_service_goes_on_there_with_the_history_that_was_signed(drill: Drill) -> None:
    before = drill.seen["checkpoint"]
    await drill.other.start()
    async with (
        drill.other.client(subject=Role.PATIENT_SAFETY_MANAGER.value) as manager,
        drill.other.client(Role.AUDITOR, subject=Role.AUDITOR.value) as auditor,
    ):
        assert await counts(manager) == drill.seen["counts"]
        assert [each["name"] for each in await read(manager, drill.seen["people"])] == [None]
        new = await done(manager, "/v1/incidents", **a_report("R-9"))
        after = await signed(auditor, new["position"])
        path = f"/v1/audit/proofs/consistency?from={before['size']}&to={after['size']}"
        proof = [b64decode(each) for each in (await read(auditor, path))["path"]]
    await drill.other.stop()

    roots = (b64decode(before["root"]), b64decode(after["root"]))
    check_consistency(before["size"], after["size"], proof, *roots)


async def test_an_older_backup_is_refused_and_the_reason_said(drill: Drill) -> None:
    await drill.restore("older")

    with pytest.raises(ServiceNotStartedError, match="was an older backup restored"):
        await drill.other.start()
    code, said = await drill.told("verify")
    assert code == 1
    assert "truncated: the signer remembers" in said


async def test_once_somebody_decides_so_it_goes_on_and_whoever_was_erased_stays_so(drill: Drill) -> None:
    code, said = await drill.told("resume", "--reason", "The newer server was lost.")
    assert code == 0, said

    await drill.other.start()
    async with (
        drill.other.client(subject=Role.PATIENT_SAFETY_MANAGER.value) as manager,
        drill.other.client(Role.AUDITOR, subject=Role.AUDITOR.value) as auditor,
    ):
        assert (await counts(manager))["/v1/incidents"] == drill.seen["counts"]["/v1/incidents"]
        assert [each["name"] for each in await read(manager, drill.seen["people"])] == [None]
        new = await done(manager, "/v1/incidents", **a_report("R-10"))
        await signed(auditor, new["position"])
    await drill.other.stop()

    code, said = await drill.told("verify")
    assert code == 0, said
