"""What if, over HTTP: a case of the older framework asked under PSIRF and back, by those who may ask, writing nothing."""

import asyncio
import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from domain.kernel.actor import Role
from service.document import openapi
from tests.support.running.people import People, Person, a_report, ago, problem_in
from tests.support.running.service import ServiceProcess

PATH = "/v1/policy/what-if"
PSIRF, SIF = "psirf-2022-r2", "sif-2015-r2"


async def taken(person: Person, **asked: Any) -> str:
    """Ask; where the answer will be."""
    answer = await person.http.post(PATH, json=asked)
    assert answer.status_code == 202, answer.text
    assert answer.headers["Retry-After"]
    assert answer.json()["links"]["self"] == answer.headers["Location"]
    return answer.headers["Location"]


async def answered(person: Person, **asked: Any) -> tuple[str, dict[str, Any]]:
    """Ask, and wait for the answer."""
    at = await taken(person, **asked)
    found = await person.reads(at)
    while found["status"] in ("queued", "running"):
        await asyncio.sleep(0.05)
        found = await person.reads(at)
    assert found["status"] == "done", found
    return at, found


async def a_serious_incident(people: People) -> str:
    """A case of 2022 at a trust that adopted PSIRF in 2023: under the Serious Incident Framework."""
    discovered = "2022-03-01T09:00:00Z"
    report = a_report(provider="ZZ9", discovered_at=discovered, effective_at="2022-03-01T10:00:00Z")
    case = await people.sif_manager.does("/v1/incidents", **report)
    decided = {"criteria": ["SI-1"], "reasons": "A death.", "edition": "sif-2015", "departure": "It was so."}
    await people.sif_manager.does(
        f"/v1/incidents/{case['id']}/threshold-decisions",
        question="serious_incident",
        outcome="met",
        identified_at="2022-03-01T11:00:00Z",
        effective_at="2022-03-01T12:00:00Z",
        **decided,
    )
    return str(case["id"])


async def rows(person: Person, at: str, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await person.reads(f"{at}/duties", **query)
    return found


async def test_a_case_of_the_older_framework_is_asked_under_psirf(people: People) -> None:
    case = await a_serious_incident(people)

    at, found = await answered(people.sif_manager, editions=[PSIRF])
    duties = await rows(people.sif_manager, at, incident=case, limit=500)
    by_rule = {duty["rule"]: duty for duty in duties}

    report = by_rule["SIF-01"]
    assert (report["difference"], report["other_status"]) == ("only_under_own", None)
    assert report["why"] == f"SIF-01 is no rule of {PSIRF}."
    assert report["own_due_at"] == "2022-03-03T23:59:59.999999Z"
    assert (report["own_status"], report["own_missed"]) == ("overdue", True)
    assert {"PSIRF-01", "PSIRF-02"} <= {
        rule for rule, each in by_rule.items() if each["difference"] == "only_under_other"
    }
    assert (report["provider"], report["provider_name"], report["financial_year"]) == ("ZZ9", "Trust ZZ9", "2021/22")
    assert found["result"]["changed"] >= 1
    assert found["looked_at"] == found["total"]
    counted = {each["rule"]: each for each in found["result"]["rules"]}
    assert counted["SIF-01"]["only_under_own"] == counted["SIF-01"]["missed_under_own"] >= 1
    incidents = await people.sif_manager.reads(f"{at}/incidents", incident=case)
    assert [each["regime"] for each in incidents] == ["sif-2015"]
    assert f"SIF-01 is no rule of {PSIRF}." in incidents[0]["why"]


async def test_and_a_case_under_psirf_is_asked_under_the_older_framework(people: People) -> None:
    case = (await people.reporter.does("/v1/incidents", **a_report()))["id"]

    at, _ = await answered(people.manager, editions=[SIF], provider="ZZ1")

    duties = await rows(people.manager, at, incident=case, rule="PSIRF-01")
    assert [each["difference"] for each in duties] == ["only_under_own"]


async def test_what_governs_the_cases_already_changes_nothing(people: People) -> None:
    await people.reporter.does("/v1/incidents", **a_report())

    at, found = await answered(people.manager, editions=[PSIRF])

    assert (found["result"]["changed"], found["result"]["duties"]["changed"]) == (0, 0)
    assert found["result"]["unchanged"] > 0
    assert found["result"]["duties"]["same"] > 0
    assert await rows(people.manager, at) == []


async def test_nothing_is_written_to_the_ledger(service: ServiceProcess, people: People) -> None:
    await a_serious_incident(people)
    auditor = service.token([role for role in Role if role is not Role.SYSTEM], organisation="ZZ9")
    (opened,) = service.get("/v1/events", auditor, limit=1)
    head = service.head()

    await answered(people.sif_manager, editions=[PSIRF], without=["candour"])

    # the ledger's own reactions to the case may still come in
    added = service.get("/v1/events", auditor, after=head, limit=500)
    assert {event["actor"] for event in added} <= {opened["actor"]}


async def test_the_past_is_the_one_that_was_known_then(people: People) -> None:
    case = await a_serious_incident(people)
    events = await people.sif_manager.reads(f"/v1/incidents/{case}/events")
    reported = events[0]["position"]

    at, found = await answered(people.sif_manager, editions=[PSIRF], as_known_at=reported)

    assert found["position"] == reported
    known = {each["rule"] for each in await rows(people.sif_manager, at, incident=case, limit=500)}
    assert "PSIRF-01" in known
    assert "SIF-01" not in known
    before, nothing = await answered(people.sif_manager, editions=[PSIRF], as_known_at=reported - 1)
    assert await rows(people.sif_manager, before, incident=case) == []
    assert nothing["total"] == found["total"] - 1


async def test_a_span_in_which_nothing_was_discovered_is_answered_with_zero(people: People) -> None:
    await a_serious_incident(people)

    at, found = await answered(
        people.sif_manager,
        editions=[PSIRF],
        discovered_from="2010-01-01T00:00:00Z",
        discovered_to="2011-01-01T00:00:00Z",
    )

    assert found["result"]["outside_span"] == found["total"] > 0
    assert (found["result"]["changed"], found["result"]["unchanged"], found["result"]["rules"]) == (0, 0, [])
    assert await people.sif_manager.reads(f"{at}/incidents") == []


async def test_a_span_takes_in_its_first_moment_and_not_its_last(people: People) -> None:
    case = await a_serious_incident(people)
    found_at = "2022-03-01T09:00:00Z"

    first, _ = await answered(people.sif_manager, editions=[PSIRF], discovered_from=found_at)
    last, _ = await answered(people.sif_manager, editions=[PSIRF], discovered_to=found_at)

    assert await rows(people.sif_manager, first, incident=case)
    assert await rows(people.sif_manager, last, incident=case) == []


async def test_a_commissioner_asks_about_those_whom_it_commissions(people: People) -> None:
    case = await a_serious_incident(people)

    at, found = await answered(people.commissioner, editions=[PSIRF])

    assert {"ZZ1", "ZZ2", "ZZ9"} <= set(found["providers"])
    assert await rows(people.commissioner, at, incident=case)
    _, one = await answered(people.commissioner, editions=[PSIRF], provider="ZZ9")
    assert one["providers"] == ["ZZ9"]


async def test_a_plan_stands_for_its_own_provider_and_limits_for_those_commissioned(people: People) -> None:
    await people.reporter.does("/v1/incidents", **a_report())

    for editions, person, provider in (
        (["zz1-plan-2026"], people.manager, "ZZ1"),
        (["zzq-limits-2026"], people.manager, "ZZ1"),
        (["zzq-limits-2026"], people.commissioner, None),
    ):
        await answered(person, editions=editions, provider=provider)
    for person, provider in ((people.other_manager, "ZZ2"), (people.commissioner, None)):
        problem = problem_in(await person.http.post(PATH, json={"editions": ["zz1-plan-2026"], "provider": provider}))
        assert [(each["pointer"], each["code"]) for each in problem["errors"]] == [("/editions/0", "plan-of-another")]


@pytest.mark.parametrize(
    ("asked", "pointer", "code"),
    [
        ({"editions": [PSIRF, "no-such-edition"]}, "/editions/1", "edition-unknown"),
        ({"editions": [PSIRF, SIF]}, "/editions/1", "family-repeated"),
        ({"without": ["regime"]}, "/without/0", "regime-missing"),
        ({}, "/editions", "nothing-asked"),
    ],
)
async def test_editions_that_cannot_be_are_refused_with_their_place(
    people: People, asked: dict[str, Any], pointer: str, code: str
) -> None:
    problem = problem_in(await people.manager.http.post(PATH, json=asked))

    assert (problem["status"], problem["code"]) == (422, "request.invalid")
    assert [(each["pointer"], each["code"]) for each in problem["errors"]] == [(pointer, code)]


async def test_a_past_that_the_ledger_has_not_reached_is_not_there_yet(service: ServiceProcess, people: People) -> None:
    answer = await people.manager.http.post(PATH, json={"editions": [SIF], "as_known_at": service.head() + 1_000_000})

    assert (answer.status_code, answer.json()["code"]) == (503, "service.not-yet-visible")


async def test_who_may_not_ask_is_told_so_and_other_providers_do_not_exist(people: People) -> None:
    for person in (people.lead, people.reporter, people.administrator):
        answer = await person.http.post(PATH, json={"editions": [SIF]})
        assert (answer.status_code, answer.json()["code"]) == (403, "access.not-permitted")
    for person in (people.manager, people.auditor):
        answer = await person.http.post(PATH, json={"editions": [SIF], "provider": "ZZ2"})
        assert answer.status_code == 404


async def test_somebody_elses_question_does_not_exist(people: People) -> None:
    at, _ = await answered(people.manager, editions=[SIF])

    for person in (people.auditor, people.other_manager, people.commissioner):
        for path in (at, f"{at}/incidents", f"{at}/duties"):
            assert (await person.http.get(path)).status_code == 404
    assert (await people.manager.http.get(f"{PATH}/018f0000-0000-7000-8000-000000000000")).status_code == 404


async def test_an_answer_is_gone_for_a_commissioner_whose_relation_has_ended(
    service: ServiceProcess, people: People
) -> None:
    register = people.administrator.does
    await register("/v1/organisations", ods="ZZX", name="Elsewhere ICB", kind="commissioner")
    begun = await register("/v1/organisations/ZZ2/commissioners", commissioner="ZZX", from_on="2015-04-01")
    await people.administrator.reads("/v1/organisations/ZZ2", min_position=begun["position"])
    async with service.client(Role.COMMISSIONER, organisation="ZZX", subject="there") as http:
        person = Person(http)
        at, found = await answered(person, editions=[SIF], provider="ZZ2")
        assert found["providers"] == ["ZZ2"]

        ended = await register("/v1/organisations/ZZ2/commissioners/ended", commissioner="ZZX", to_on=ago(days=1)[:10])
        await people.administrator.reads("/v1/organisations/ZZ2", min_position=ended["position"])

        assert (await http.get(at)).status_code == 404


async def test_the_lists_come_as_pages_and_as_whole_files(people: People) -> None:
    await a_serious_incident(people)
    at, found = await answered(people.sif_manager, editions=[PSIRF])
    differing = sum(found["result"]["duties"][way] for way in ("only_under_own", "only_under_other", "changed"))

    paged: list[dict[str, Any]] = []
    following: str | None = f"{at}/duties?limit=2&envelope=true"
    while following is not None:
        page = await people.sif_manager.reads(following)
        assert page["total"] == differing
        paged += page["items"]
        following = page["next"]
    lines = await _file(people.sif_manager, f"{at}/duties", "application/x-ndjson")
    table = await _file(people.sif_manager, f"{at}/duties", "text/csv")

    assert [json.loads(line) for line in lines.text.splitlines()] == paged
    assert len(list(csv.DictReader(io.StringIO(table.text)))) == len(paged) == differing
    only = await rows(people.sif_manager, at, difference="only_under_other", limit=500)
    assert {each["difference"] for each in only} == {"only_under_other"}
    stolen = (await people.sif_manager.reads(f"{at}/duties", limit=1, envelope="true"))["next"].partition("cursor=")[2]
    assert (await people.sif_manager.http.get(f"{at}/incidents?cursor={stolen}")).status_code == 400


async def _file(person: Person, path: str, form: str) -> httpx.Response:
    answer = await person.http.get(path, headers={"Accept": form})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(form)
    return answer


async def test_a_question_sent_again_under_its_key_is_the_same_question(people: People) -> None:
    headers = {"Idempotency-Key": f"what-if-{ago()}"}
    first, again = [await people.manager.http.post(PATH, json={"editions": [SIF]}, headers=headers) for _ in range(2)]
    other = await people.manager.http.post(PATH, json={"editions": [PSIRF]}, headers=headers)

    assert first.json()["id"] == again.json()["id"]
    assert ("Idempotent-Replayed" in first.headers, again.headers["Idempotent-Replayed"]) == (False, "true")
    assert problem_in(other)["code"] == "idempotency.key-reused"


async def test_an_answer_that_is_known_is_not_sent_again(people: People) -> None:
    at, _ = await answered(people.manager, editions=[SIF])
    answer = await people.manager.http.get(at)

    again = await people.manager.http.get(at, headers={"If-None-Match": answer.headers["ETag"]})

    assert again.status_code == 304
    assert answer.headers["Ledger-Position"] == str(answer.json()["position"])


async def test_an_operator_asks_on_the_command_line(service: ServiceProcess, people: People) -> None:
    case = await a_serious_incident(people)

    said = await _command(service, "--provider", "ZZ9", "--edition", PSIRF)

    told = [json.loads(line) for line in said.stdout.splitlines()]
    assert {"SIF-01", "PSIRF-01"} <= {row["rule"] for row in told if row["incident_id"] == case}
    assert "changed" in said.stderr
    for wrong in (["--edition", "no-such-edition"], ["--edition", "zz1-plan-2026"], []):
        refused = await _command(service, "--provider", "ZZ9", *wrong)
        assert (refused.returncode, refused.stdout) == (2, "")


async def _command(service: ServiceProcess, *arguments: str) -> "subprocess.CompletedProcess[str]":
    program = Path(sys.executable).parent / "incident-ledger"
    environment = {**os.environ, "INCIDENT_LEDGER_HOME": str(service.home)}

    def ran() -> "subprocess.CompletedProcess[str]":
        command = [str(program), "what-if", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    return await asyncio.to_thread(ran)


@pytest.mark.parametrize("part", ["", "/incidents", "/duties"])
async def test_every_answer_is_as_published(people: People, part: str) -> None:
    await a_serious_incident(people)
    at, _ = await answered(people.sif_manager, editions=[PSIRF])
    document = openapi()
    published = document["paths"][f"{PATH}/{{what_if}}{part}"]["get"]["responses"]["200"]["content"]
    components = {name: _closed(schema) for name, schema in document["components"]["schemas"].items()}
    check = Draft202012Validator({"components": {"schemas": components}, **published["application/json"]["schema"]})

    check.validate(await people.sif_manager.reads(f"{at}{part}"))
    if part:
        check.validate(await people.sif_manager.reads(f"{at}{part}", envelope="true"))


def _closed(schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "additionalProperties": False} if "properties" in schema else schema
