"""A person erased from a record over real HTTP: asked for, held back, carried out, and looked for afterwards everywhere."""

import asyncio
import contextlib
import shutil
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
from service.document.contract import openapi
from tests.support.running.people import problem_in
from tests.support.running.server import MONDAY, Service, ServiceNotStartedError, running_service

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAME, SECOND_NAME = "Quillfeather Ottoline", "Quillfeather Bartholomew"
NHS_NUMBER, BORN_ON, CONTACT = "9990000077", "1931-02-17", "ottoline@quillfeather.example.test"
STORY: Final = "Ms Quillfeather was given the dose twice."
PLANTED: Final = ("Quillfeather", "quillfeather", NHS_NUMBER, BORN_ON)
SUMMARIES: Final = (
    "/v1/incidents?envelope=true",
    "/v1/timeliness?envelope=true",
    "/v1/timeliness/summary",
    "/v1/actions/summary",
    "/v1/threshold-decisions?envelope=true",
    "/v1/worklist?envelope=true",
)


@dataclass(frozen=True)
class Cast:
    """Who takes part at ZZ1, by role; `second` is another data protection officer."""

    service: Service
    by: dict[str, httpx.AsyncClient]
    seen: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> httpx.AsyncClient:
        return self.by[name]

    async def clock_moves_to(self, days: float) -> None:
        await done(self.administrator, "/v1/simulation/clock", to=(MONDAY + timedelta(days=days)).isoformat())

    async def until(self, erasure: str, status: str) -> dict[str, Any]:
        """The erasure once it has this status."""
        for _ in range(200):
            shown: dict[str, Any] = await read(self.officer, erasure)
            if shown["status"] == status:
                return shown
            await asyncio.sleep(0.1)
        raise AssertionError(shown)


async def done(client: httpx.AsyncClient, path: str, **body: Any) -> dict[str, Any]:
    answer = await client.post(path, json=body)
    assert answer.status_code == 201, (path, answer.text)
    recorded: dict[str, Any] = answer.json()
    return recorded


async def refused(client: httpx.AsyncClient, path: str, **body: Any) -> tuple[int, str]:
    problem = problem_in(await client.post(path, json=body))
    return problem["status"], problem["code"]


async def read(client: httpx.AsyncClient, path: str, **query: Any) -> Any:
    answer = await client.get(path, params=query or None)
    assert answer.status_code == 200, (path, answer.text)
    return answer.json()


_ROLES: Final = {
    "administrator": Role.ADMINISTRATOR,
    "manager": Role.PATIENT_SAFETY_MANAGER,
    "engagement": Role.ENGAGEMENT_LEAD,
    "approver": Role.APPROVER,
    "officer": Role.DATA_PROTECTION_OFFICER,
    "second": Role.DATA_PROTECTION_OFFICER,
    "auditor": Role.AUDITOR,
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def cast() -> AsyncIterator[Cast]:
    async with running_service(begins_at=MONDAY) as service, AsyncExitStack() as stack:
        by = {
            name: await stack.enter_async_context(service.client(role, subject=name)) for name, role in _ROLES.items()
        }
        cast = Cast(service, by)
        trust = {"kind": "provider", "provider_type": "health_service_body"}
        await done(cast.administrator, "/v1/organisations", ods="ZZ1", name="Fictitious Trust", **trust)
        await _play(cast)
        await _back_up(cast)
        yield cast


async def _back_up(cast: Cast) -> None:
    """A cold copy of the database as it is before anybody is erased; the folder of the keys is backed up apart."""
    await cast.service.stop()
    copied = await asyncio.create_subprocess_exec("cp", "-a", _data(cast.service), _backup(cast.service))
    assert await copied.wait() == 0
    await cast.service.start()


def _backup(service: Service) -> Path:
    return service.home.parent / "backup"


def _data(service: Service) -> Path:
    [data] = service.home.glob("pg*")
    return data


async def _play(cast: Cast) -> None:
    """A case that names a patient, who is the relevant person too, and a witness."""
    manager, seen = cast.manager, cast.seen
    report = {
        "provider": "ZZ1",
        "local_reference": "E-1",
        "discovered_at": MONDAY.isoformat(),
        "what_happened": STORY,
        "patients": [{"sequence": 1}],
    }
    seen["case"] = (await done(manager, "/v1/incidents", **report))["id"]
    at = seen["at"] = f"/v1/incidents/{seen['case']}"
    patient = {"name": NAME, "nhs_number": NHS_NUMBER, "born_on": BORN_ON}
    seen["person"] = (await done(manager, f"{at}/people", kind="patient", patient=1, **patient))["id"]
    seen["witness"] = (await done(manager, f"{at}/people", kind="witness", name="Wilhelmina Placeholder"))["id"]
    person = {"person": seen["person"], "name": SECOND_NAME, "contact": CONTACT, "relationship": "patient"}
    seen["candour"] = (await done(cast.engagement, f"{at}/candour/relevant-persons", **person))["id"]
    answer = {"question": "notifiable_safety_incident", "outcome": "not_met", "reasons": "No harm."}
    seen["newest"] = (await done(manager, f"{at}/threshold-decisions", edition="candour-regulation-20-r2", **answer))[
        "position"
    ]


async def _every_answer(cast: Cast, client: httpx.AsyncClient) -> dict[str, str]:
    """What every query answers of which the case's ids are enough."""
    document = openapi()
    ids = {
        "incident": cast.seen["case"],
        "incident_id": cast.seen["case"],
        "person": cast.seen["person"],
        "ods": "ZZ1",
        "name": "psirf-2022-r2",
    }
    answers: dict[str, str] = {}
    for path, methods in document["paths"].items():
        if "get" in methods and not path.startswith("/v1/events/stream"):
            with contextlib.suppress(KeyError):
                answers[path] = (await client.get(path.format_map(ids))).text
    return answers


async def _shown(cast: Cast) -> list[tuple[str, str]]:
    """Each planted value, and the query that shows it to a manager, who may read what people wrote."""
    answers = await _every_answer(cast, cast.manager)
    return [(path, value) for path, text in answers.items() for value in PLANTED if value in text]


async def test_before_the_erasure_the_person_is_shown(cast: Cast) -> None:
    shown = await _shown(cast)
    cast.seen["summaries"] = {path: (await cast.manager.get(path)).json() for path in SUMMARIES}

    assert {path for path, _ in shown} >= {
        "/v1/incidents/{incident}",
        "/v1/incidents/{incident}/people",
        "/v1/incidents/{incident}/candour",
    }


async def test_the_officer_sees_all_that_is_held_about_the_person(cast: Cast) -> None:
    held = await read(cast.officer, f"/v1/people/{cast.seen['person']}/export", min_position=cast.seen["newest"])

    assert [(each["path"], each["value"], each["erased"]) for each in held["values"]] == [
        ("name", NAME, False),
        ("nhs_number", NHS_NUMBER, False),
        ("born_on", BORN_ON, False),
        ("name", SECOND_NAME, False),
        ("contact", CONTACT, False),
    ]
    assert held["incident_ids"] == [cast.seen["case"]]


async def test_nobody_else_does(cast: Cast) -> None:
    path = f"/v1/people/{cast.seen['person']}/export"
    elsewhere = cast.service.client(Role.DATA_PROTECTION_OFFICER, org="ZZ2", subject="elsewhere")

    for client in (cast.manager, cast.approver, cast.auditor):
        assert problem_in(await client.get(path))["code"] == "access.not-permitted"
    async with elsewhere:
        assert problem_in(await elsewhere.get(path))["code"] == "resource.not-found"


async def test_it_is_asked_for_by_an_officer_with_the_texts_that_speak_of_the_person(cast: Cast) -> None:
    seen, people = cast.seen, f"/v1/people/{cast.seen['person']}/erasures"
    events = await read(cast.auditor, f"{seen['at']}/events")
    [report] = [event for event in events if event["type"] == "incident.reported.v1"]
    text = {"position": report["position"], "path": "what_happened"}
    asked = {"incident": seen["case"], "ground": "filed_by_mistake", "reasons": "Another trust's patient."}

    assert await refused(cast.manager, people, **asked) == (403, "access.not-permitted")
    assert await refused(cast.officer, people, **asked, texts=[text | {"path": "nothing"}]) == (
        422,
        "erasure.text-unknown",
    )
    assert await refused(cast.officer, f"/v1/people/{seen['case']}/erasures", **asked) == (404, "resource.not-found")
    recorded = await done(cast.officer, people, **asked, texts=[text])
    seen["erasure"] = recorded["links"]["self"]
    assert seen["erasure"] == f"{people}/{recorded['id']}"
    assert await refused(cast.second, people, **asked) == (409, "erasure.requested-already")
    listed = await read(cast.officer, people, min_position=recorded["position"])
    assert [(each["id"], each["status"]) for each in listed] == [(recorded["id"], "requested")]


async def test_a_second_person_approves_it(cast: Cast) -> None:
    erasure = cast.seen["erasure"]
    other = erasure.replace(cast.seen["person"], cast.seen["witness"])

    assert await refused(cast.officer, f"{erasure}/approval") == (403, "erasure.own-decision")
    assert await refused(cast.manager, f"{erasure}/approval") == (403, "access.not-permitted")
    assert await refused(cast.second, f"{other}/approval") == (404, "resource.not-found")
    await done(cast.second, f"{erasure}/approval")
    shown = await cast.until(erasure, "approved")
    assert shown["due_at"] == (MONDAY + timedelta(days=7)).isoformat().replace("+00:00", "Z")
    assert (shown["reasons"], shown["certificate"]) == ("Another trust's patient.", None)


async def test_until_the_cooling_off_has_ended_nothing_is_gone(cast: Cast) -> None:
    await cast.clock_moves_to(6.99)

    assert await _shown(cast)
    assert (await read(cast.officer, cast.seen["erasure"]))["status"] == "approved"


async def test_a_legal_hold_that_was_placed_meanwhile_holds_it_back(cast: Cast) -> None:
    holds = f"{cast.seen['at']}/legal-holds"
    hold = await done(cast.manager, holds, authority="coroner", reference="INQ-1", reason="An inquest was opened.")
    cast.seen["hold"] = f"{holds}/{hold['id']}"
    await cast.clock_moves_to(7.01)

    shown = await cast.until(cast.seen["erasure"], "held")
    assert shown["carried_out_at"] is None
    assert await _shown(cast)
    witness = f"/v1/people/{cast.seen['witness']}/erasures"
    asked = {"incident": cast.seen["case"], "ground": "wrong_person", "reasons": "Somebody else was meant."}
    assert await refused(cast.officer, witness, **asked) == (409, "erasure.legal-hold-stands")


async def test_once_the_hold_is_released_by_another_the_erasure_goes_on(cast: Cast) -> None:
    seen = cast.seen
    assert await refused(cast.manager, f"{seen['hold']}/release", reason="Over.") == (
        403,
        "incident.own-hold-release",
    )
    await done(cast.approver, f"{seen['hold']}/release", reason="The inquest has ended.")

    shown = await cast.until(seen["erasure"], "carried_out")
    await _until_gone(cast)
    [held] = await read(cast.officer, f"{seen['at']}/legal-holds")
    assert (held["standing"], held["reason"], held["release_reason"]) == (
        False,
        "An inquest was opened.",
        "The inquest has ended.",
    )
    assert (shown["values_erased"], shown["texts_erased"], shown["events_touched"]) == (5, 1, 3)


async def _until_gone(cast: Cast) -> None:
    """The event stands; its keys are destroyed a moment later."""
    for _ in range(200):
        if (await read(cast.officer, cast.seen["erasure"]))["certificate"]["keys_standing"] == 0:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the keys still stand")


async def test_the_certificate_says_what_was_destroyed_and_what_remains(cast: Cast) -> None:
    shown = await read(cast.officer, cast.seen["erasure"])
    certificate = shown["certificate"]

    assert "permanently unreadable and put beyond use" in certificate["statement"]
    assert "deleted" not in str(certificate)
    assert (certificate["keys_standing"], len(certificate["keys"])) == (0, 2)
    assert certificate["positions"] == [
        shown["requested_position"],
        shown["approved_position"],
        shown["carried_out_position"],
    ]
    assert certificate["requested_by"] == shown["requested_by"] != certificate["approved_by"] == shown["approved_by"]
    assert "backup" in certificate["backups"]
    assert "the ciphertext, which nobody can open" in certificate["remains"]


async def test_no_query_shows_the_person_any_more(cast: Cast) -> None:
    assert await _shown(cast) == []


async def test_what_is_erased_says_so_and_is_never_empty(cast: Cast) -> None:
    at, person = cast.seen["at"], cast.seen["person"]
    patient, witness = await read(cast.manager, f"{at}/people")
    [relevant] = await read(cast.manager, f"{at}/candour")
    case = await read(cast.manager, at)
    held = await read(cast.officer, f"/v1/people/{person}/export")

    assert (patient["name"], patient["erased"], patient["sealed"]) == (None, "name nhs_number born_on", "")
    assert (witness["name"], witness["erased"]) == ("Wilhelmina Placeholder", "")
    assert set(relevant["erased"]) >= {"name", "contact"}
    assert (case["what_happened"], case["erased"]) == (None, ["what_happened"])
    assert [(each["value"], each["erased"]) for each in held["values"]] == [(None, True)] * 5


async def test_no_count_has_changed(cast: Cast) -> None:
    after = {path: (await cast.manager.get(path)).json() for path in SUMMARIES}

    for path, before in cast.seen["summaries"].items():
        assert _counts(after[path]) == _counts(before), path


def _counts(answer: Any) -> Any:
    """What a summary counts; the moment moved on, so clocks may be overdue now."""
    return answer.get("total", len(answer)) if isinstance(answer, dict) else len(answer)


async def test_the_story_of_the_case_tells_of_it(cast: Cast) -> None:
    told = [line["sentence"] for line in await read(cast.manager, f"{cast.seen['at']}/timeline")]

    assert "The erasure was due and is held back by 1 legal hold." in told
    assert any(line.startswith("A person was erased: 5 values about them and 1 text") for line in told)
    assert not any("Quillfeather" in line for line in told)


async def test_the_case_goes_on(cast: Cast) -> None:
    manager, at = cast.manager, cast.seen["at"]
    await done(manager, f"{at}/facts", facts=[{"name": "died", "patient": 1, "value": False}])
    await done(cast.engagement, f"{at}/candour/questions", relevant_person=cast.seen["candour"], words="Why?")
    again = {"kind": "patient", "patient": 1, "name": "Somebody Else"}
    assert await refused(manager, f"{at}/people", **again) == (409, "incident.patient-named-already")
    assert await refused(cast.officer, f"{cast.seen['erasure']}/withdrawal", reasons="Oh no.") == (409, "erasure.over")
    gone = {"incident": cast.seen["case"], "ground": "wrong_person", "reasons": "Again."}
    assert await refused(cast.officer, f"/v1/people/{cast.seen['person']}/erasures", **gone) == (
        409,
        "erasure.nothing-to-erase",
    )


async def test_a_restart_changes_nothing(cast: Cast) -> None:
    await cast.service.stop()
    await cast.service.start()

    assert await _shown(cast) == []
    assert (await read(cast.officer, cast.seen["erasure"]))["certificate"]["keys_standing"] == 0


async def test_the_planted_words_are_in_no_file_of_the_whole_home(cast: Cast) -> None:
    await cast.service.stop()
    needles = [form.encode(coding) for form in PLANTED for coding in ("utf-8", "utf-16-le")]
    files = [path for path in sorted(cast.service.home.rglob("*")) if path.is_file()]

    assert any(b"Fictitious Trust" in path.read_bytes() for path in files), "what is not sealed is found so"
    assert [path.name for path in files if any(needle in path.read_bytes() for needle in needles)] == []


async def test_a_backup_from_before_does_not_bring_the_person_back(cast: Cast) -> None:
    """The ledger of the backup knows of no erasure: the journal beside the keys does, and is asked before all else."""
    service = cast.service
    data = _data(service)
    shutil.rmtree(data)
    _backup(service).rename(data)

    with pytest.raises(ServiceNotStartedError):  # what was signed of the newer ledger is missing
        await service.start()
    for remembered in (service.home / "keys").glob("last-checkpoint-*"):
        remembered.unlink()  # as an operator decides who has lost the newer one for good
    await service.start()

    assert await _shown(cast) == []
    patient, witness = await read(cast.manager, f"{cast.seen['at']}/people")
    assert (patient["erased"], witness["name"]) == ("name nhs_number born_on", "Wilhelmina Placeholder")
    assert [each["type"] for each in await read(cast.auditor, f"{cast.seen['at']}/events")][-1].startswith("incident.")
    for path, before in cast.seen["summaries"].items():
        assert _counts((await cast.manager.get(path)).json()) == _counts(before), path
