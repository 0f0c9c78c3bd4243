"""`/_status` and `/metrics` say how far the proof is, and what is wrong with it, in a sentence."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from domain.kernel.actor import Role
from tests.support.proof.proved import Proved, a_proved_ledger
from tests.support.proof.served import Served, served
from tests.support.running.postgres import EMBEDDED, Server


@pytest.fixture
async def stand(servers: dict[int, Server], tmp_path: Path) -> AsyncIterator[Served]:
    async with a_proved_ledger(servers[EMBEDDED]) as proved:
        await proved.report(events=3)
        await proved.prove()
        await proved.report(events=2)
        async with served(proved, tmp_path) as made:
            yield made


async def status(stand: Served) -> tuple[int, dict[str, Any]]:
    answer = await stand.get("/_status")
    body: dict[str, Any] = answer.json()
    return answer.status_code, body


async def test_a_proof_that_follows_is_told_with_its_lag(stand: Served) -> None:
    code, body = await status(stand)

    assert code == 200
    assert (body["ledger"]["position"], body["checkpoint"], body["proof"]) == (6, 4, {"lag": 2})
    assert body["reasons"] == {}
    assert body["checks"]["proof"] == body["checks"]["witnesses"] == "pass"


async def test_a_proof_that_stopped_makes_the_service_unready_and_the_reason_is_said(stand: Served) -> None:
    await stand.proved.tamper("update ledger.events set payload = '[]' where position = 3")
    await stand.proved.prover().run()

    code, body = await status(stand)

    assert code == 503
    assert body["checks"]["proof"] == "fail"
    assert body["reasons"] == {"proof": "The event at position 3 is not the one that was signed: it was changed."}


async def test_a_worker_that_takes_the_proof_up_again_starts_with_a_clean_sheet(stand: Served) -> None:
    owner = await stand.proved.owner()
    await owner.execute("update projections.positions set status = 'stopped', message = 'why' where name = 'proof'")
    await owner.close()
    assert (await status(stand))[1]["reasons"] == {"proof": "why"}

    await stand.proved.prove()

    assert (await status(stand))[1]["reasons"] == {}


async def test_a_witness_that_holds_another_history_is_told(stand: Served) -> None:
    await add_conflict(stand.proved)

    code, body = await status(stand)

    assert code == 503
    assert body["checks"]["witnesses"] == "fail"
    assert body["reasons"] == {"witnesses": "w.example holds another history than the checkpoint of 4 events."}


async def add_conflict(proved: Proved) -> None:
    latest = await proved.proofs.latest()
    assert latest is not None
    await proved.proofs.add_conflict(
        await proved.proofs.log(), latest.signed, witness="w.example", status=409, answer="9\n"
    )


async def test_the_figures_are_those_of_the_moment(stand: Served) -> None:
    await add_conflict(stand.proved)

    told = (await stand.get("/metrics")).text.splitlines()

    assert {
        "incident_ledger_database_up 1.0",
        "incident_ledger_position 6.0",
        "incident_ledger_checkpoint_size 4.0",
        "incident_ledger_unproved_events 2.0",
        'incident_ledger_check{name="proof"} 1.0',
        'incident_ledger_check{name="witnesses"} 0.0',
    } <= set(told)
    assert (await stand.get("/metrics", Role.REPORTER)).status_code == 403
