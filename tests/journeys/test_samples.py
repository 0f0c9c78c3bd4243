"""A random sample over real HTTP on a ledger with a simulated clock: committed to, waited for, drawn, drawn again."""

import asyncio
import hashlib
import json
import zipfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import pytest_asyncio

from domain.kernel.actor import Role
from service.proof.offline.command import report_on
from tests.support.running.people import problem_in
from tests.support.running.server import MONDAY, Service, running_service

pytestmark = pytest.mark.asyncio(loop_scope="module")

SEED: Final = "b1946ac92492d2347c6235b4d2611184"
SEED_HASH: Final = hashlib.sha256(SEED.encode()).hexdigest()
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Cast:
    """Who takes part at ZZ1."""

    administrator: httpx.AsyncClient
    manager: httpx.AsyncClient
    auditor: httpx.AsyncClient

    async def decides(self, number: int) -> str:
        """Report an incident and decide that safeguarding is not met; the decision."""
        report = {
            "provider": "ZZ1",
            "local_reference": f"S-{number}",
            "discovered_at": MONDAY.isoformat(),
            "what_happened": "A dose was given twice.",
        }
        incident = (await done(self.manager, "/v1/incidents", **report))["id"]
        decision = {
            "question": "safeguarding",
            "outcome": "not_met",
            "reasons": "Nobody is at risk.",
            "edition": "psirf-2022",
            "identified_at": MONDAY.isoformat(),
        }
        decided: str = (await done(self.manager, f"/v1/incidents/{incident}/threshold-decisions", **decision))["id"]
        return decided

    async def clock_moves_to(self, hours: int) -> None:
        await done(self.administrator, "/v1/simulation/clock", to=(MONDAY + hours * HOUR).isoformat())


async def done(client: httpx.AsyncClient, path: str, **body: Any) -> dict[str, Any]:
    answer = await client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    recorded: dict[str, Any] = answer.json()
    return recorded


async def refused(client: httpx.AsyncClient, path: str, **body: Any) -> tuple[int, str]:
    problem = problem_in(await client.post(path, json=body))
    return problem["status"], problem["code"]


async def read(client: httpx.AsyncClient, path: str, **query: Any) -> Any:
    answer = await client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def cast() -> AsyncIterator[Cast]:
    async with running_service(begins_at=MONDAY) as service, AsyncExitStack() as stack:

        async def somebody(service: Service, role: Role) -> httpx.AsyncClient:
            return await stack.enter_async_context(service.client(role, subject=role))

        roles = (Role.ADMINISTRATOR, Role.PATIENT_SAFETY_MANAGER, Role.AUDITOR)
        cast = Cast(*[await somebody(service, role) for role in roles])
        kind = {"kind": "provider", "provider_type": "health_service_body"}
        await done(cast.administrator, "/v1/organisations", ods="ZZ1", name="Fictitious Trust", **kind)
        yield cast


async def test_a_sample_is_committed_to_waited_for_drawn_and_drawn_again_by_anybody(cast: Cast) -> None:
    decisions = [await cast.decides(number) for number in range(6)]
    until = (MONDAY + 24 * HOUR).isoformat()
    wanted = {"question": "safeguarding", "size": 3, "population_until": until, "seed_hash": SEED_HASH}

    committed = await done(cast.auditor, "/v1/audit/samples", **wanted)
    sample = committed["links"]["self"]
    assert sample == f"/v1/audit/samples/{committed['id']}"
    assert await refused(cast.auditor, f"{sample}/draw", seed=SEED) == (409, "audit_sample.drawn-too-early")

    decisions.append(await cast.decides(7))
    await cast.clock_moves_to(25)
    late = await cast.decides(8)
    assert await refused(cast.auditor, f"{sample}/draw", seed="guessed") == (422, "audit_sample.seed-differs")
    assert await refused(cast.manager, f"{sample}/draw", seed=SEED) == (403, "access.not-permitted")
    drawn = await done(cast.auditor, f"{sample}/draw", seed=SEED)

    shown = await read(cast.auditor, sample, population="true", min_position=drawn["position"])
    assert shown["population"] == sorted(decisions)
    assert late not in shown["population"]
    lots = sorted(decisions, key=lambda each: hashlib.sha256(f"{SEED}{shown['beacon']}{each}".encode()).hexdigest())
    assert shown["decision_ids"] == lots[:3]
    assert (shown["outcome"], shown["seed"]) == ("not_met", SEED)

    at, following = await read(cast.auditor, "/v1/events", after=shown["population_position"] - 1, limit=2)
    assert following["id"] == shown["beacon"]
    assert at["recorded_at"] <= shown["population_until"] < following["recorded_at"]

    again = await cast.auditor.post(f"{sample}/draw", json={"seed": SEED})
    assert (again.status_code, again.json()["stream_version"]) == (200, 2)


async def test_a_drawn_sample_is_given_as_a_pack_that_holds(cast: Cast, tmp_path: Path) -> None:
    [drawn] = await read(cast.auditor, "/v1/audit/samples", status="drawn")

    for _ in range(10):  # while no checkpoint covers the draw yet
        answer = await cast.auditor.get(f"/v1/evidence-packs/samples/{drawn['id']}")
        if answer.status_code != 503:
            break
        await asyncio.sleep(int(answer.headers["Retry-After"]))
    (tmp_path / "pack.zip").write_bytes(answer.content)
    with zipfile.ZipFile(tmp_path / "pack.zip") as pack:
        said, keys = json.loads(pack.read("pack.json")), pack.read("log.vkey").decode().split()
    report = report_on(str(tmp_path / "pack.zip"), keys=keys, witnesses=[], checkpoint=None)
    assert report.code == 0, report.text()
    sample = said["sample"]
    drawn_from = "".join(f"{decision}\n" for decision in sorted(sample["population"]))
    assert hashlib.sha256(drawn_from.encode()).hexdigest() == sample["population_digest"]
    assert set(sample["decisions"]) < set(sample["population"])
    assert said["subjects"] == sample["incidents"]


async def test_two_draws_at_once_are_one(cast: Cast) -> None:
    now = MONDAY + 25 * HOUR
    wanted = {"question": "safeguarding", "size": 1, "seed_hash": SEED_HASH}
    committed = await done(cast.auditor, "/v1/audit/samples", population_until=(now + HOUR).isoformat(), **wanted)
    await cast.clock_moves_to(27)

    path = f"{committed['links']['self']}/draw"
    answers = await asyncio.gather(*(cast.auditor.post(path, json={"seed": SEED}) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert {answer.json()["stream_version"] for answer in answers} == {2}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"population_until": MONDAY.isoformat()}, "audit_sample.population-not-ahead"),
        ({"seed_hash": "A" * 64}, "request.invalid"),
        ({"size": 0}, "request.invalid"),
        ({"size": 1001}, "request.invalid"),
        ({"providers": []}, "request.invalid"),
        ({"providers": ["ZZ2"]}, "organisation.unknown"),
        ({"seed": SEED}, "request.unknown-field"),
    ],
)
async def test_a_commitment_that_cannot_be_kept_is_refused(cast: Cast, changed: dict[str, Any], code: str) -> None:
    wanted = {
        "question": "safeguarding",
        "size": 3,
        "population_until": "2199-01-01T00:00:00Z",
        "seed_hash": SEED_HASH,
    }

    assert await refused(cast.auditor, "/v1/audit/samples", **wanted | changed) == (422, code)
