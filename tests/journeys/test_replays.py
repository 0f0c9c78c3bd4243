"""Replays over HTTP: an auditor asks for one, fetches its result, and is told of what the ledger has not come to yet."""

import asyncio
from typing import Any

import pytest

from projections.timeliness.model import MODEL as TIMELINESS
from projections.worklist.model import MODEL as WORKLIST
from tests.support.running.people import People, Person, a_report, problem_in

PATH = "/v1/audit/replays"


async def replayed(person: Person, **asked: Any) -> dict[str, Any]:
    """Ask, and wait for the result."""
    answer = await person.http.post(PATH, json=asked)
    assert answer.status_code == 202, answer.text
    assert answer.headers["Location"] == answer.json()["links"]["self"]
    found = await person.reads(answer.headers["Location"])
    while found["status"] in ("queued", "running"):
        await asyncio.sleep(0.05)
        found = await person.reads(answer.headers["Location"])
    assert found["status"] == "done", found
    return dict(found)


@pytest.mark.parametrize("model", [TIMELINESS, WORKLIST], ids=lambda model: model.name)
async def test_a_read_model_is_what_a_replay_gives(people: People, model: Any) -> None:
    case = await people.manager.does("/v1/incidents", **a_report())

    now = await replayed(people.auditor, projection=model.name)
    before = await replayed(people.auditor, projection=model.name, as_known_at=case["position"] - 1)

    assert now["result"]["equal"]
    assert now["position"] >= case["position"]
    assert now["result"]["projection"] == f"{model.name}:{model.version}"
    assert before["result"]["equal"]
    assert before["position"] == case["position"] - 1


async def test_the_same_key_is_the_same_replay(people: People) -> None:
    headers = {"Idempotency-Key": "a-replay"}
    first = await people.auditor.http.post(PATH, json={"projection": "timeliness", "as_known_at": 1}, headers=headers)
    again = await people.auditor.http.post(PATH, json={"projection": "timeliness", "as_known_at": 1}, headers=headers)
    other = await people.auditor.http.post(PATH, json={"projection": "worklist", "as_known_at": 1}, headers=headers)

    assert (again.json()["id"], again.headers["Idempotent-Replayed"]) == (first.json()["id"], "true")
    assert problem_in(other)["code"] == "idempotency.key-reused"


@pytest.mark.parametrize(
    ("asked", "code", "pointer"),
    [
        ({"projection": "horoscope"}, "request.invalid", "/projection"),
        ({}, "request.invalid", "/projection"),
        ({"projection": "timeliness", "as_known_at": -1}, "request.invalid", "/as_known_at"),
        ({"projection": "timeliness", "as_known_at": "2026-03-02T09:00:00"}, "request.invalid", "/as_known_at"),
    ],
    ids=["an unknown read model", "none", "below nothing", "an instant without an offset"],
)
async def test_what_cannot_be_replayed_is_refused(
    people: People, asked: dict[str, Any], code: str, pointer: str
) -> None:
    problem = problem_in(await people.auditor.http.post(PATH, json=asked))

    assert problem["code"] == code
    assert [each["pointer"] for each in problem["errors"]] == [pointer]


async def test_only_auditors_ask_and_only_the_asker_fetches(people: People) -> None:
    refused = await people.manager.http.post(PATH, json={"projection": "timeliness"})
    assert problem_in(refused)["code"] == "access.not-permitted"

    taken = await people.auditor.http.post(PATH, json={"projection": "timeliness"})
    hidden = await people.manager.http.get(taken.headers["Location"])
    assert hidden.status_code == 404


async def test_a_position_that_the_ledger_has_not_come_to_is_asked_for_later(people: People) -> None:
    answer = await people.auditor.http.post(PATH, json={"projection": "timeliness", "as_known_at": 2**40})

    assert answer.status_code == 503
    assert answer.json()["code"] == "service.not-yet-visible"
    assert answer.headers["Retry-After"]
