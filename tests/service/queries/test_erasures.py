"""What is held about people, their erasures, and how long cases are kept: as a reader of each role is answered."""

from typing import Any

import httpx
import pytest

from domain.kernel.actor import Role
from tests.service.queries.erasing import DUE_AT
from tests.service.queries.test_schemas import validator
from tests.support.chronicle import named
from tests.support.desk_of_queries import QueryStand

pytestmark = pytest.mark.asyncio(loop_scope="module")

OFFICER, APPROVER = Role.DATA_PROTECTION_OFFICER, Role.APPROVER
PERSON = f"/v1/people/{named('patient')}"
ERASURE = f"{PERSON}/erasures/{named('erasure')}"
DRY_RUN = "/v1/retention/dry-runs"


async def test_an_erasure_says_how_far_it_has_come_and_has_no_certificate_yet(stand: QueryStand) -> None:
    shown = await stand.ok(ERASURE, OFFICER)

    assert (shown["status"], shown["ground"], shown["certificate"]) == ("approved", "filed_by_mistake", None)
    assert shown["due_at"] == DUE_AT.isoformat().replace("+00:00", "Z")
    assert shown["reasons"] == "Filed by mistake."
    assert shown["approved_position"] == shown["requested_position"] + 1


@pytest.mark.parametrize(
    ("role", "sealed"), [(OFFICER, []), (APPROVER, []), (Role.PATIENT_SAFETY_MANAGER, ["reasons"])]
)
async def test_why_is_read_by_those_who_decide_about_it(stand: QueryStand, role: Role, sealed: list[str]) -> None:
    assert (await stand.ok(ERASURE, role))["sealed"] == sealed


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/people/{named('nobody')}/erasures",
        f"/v1/people/{named('nobody')}/erasures/{named('erasure')}",
        f"{PERSON}/erasures/{named('nobody')}",
        "/v1/people/nobody/erasures",
    ],
)
async def test_of_somebody_else_there_is_none(stand: QueryStand, path: str) -> None:
    assert (await stand.get(path, OFFICER)).status_code == 404


async def test_what_was_not_asked_for_yet_does_not_exist(stand: QueryStand) -> None:
    position = (await stand.ok(ERASURE, OFFICER))["requested_position"]

    assert (await stand.get(ERASURE, OFFICER, as_known_at=position - 1)).status_code == 404
    assert (await stand.ok(ERASURE, OFFICER, as_known_at=position))["status"] == "requested"


@pytest.mark.parametrize(("status", "count"), [("approved", 1), ("requested", 0), ("carried_out", 0)])
async def test_the_list_can_be_asked_for_one_stage(stand: QueryStand, status: str, count: int) -> None:
    assert len(await stand.ok(f"{PERSON}/erasures", OFFICER, status=status)) == count


async def test_another_trust_sees_nothing_of_it(stand: QueryStand) -> None:
    for path in (ERASURE, f"{PERSON}/erasures", f"{PERSON}/export"):
        assert (await stand.get(path, OFFICER, organisation="ZZ2")).status_code == 404


async def test_the_export_holds_every_value_about_the_person_and_is_as_published(stand: QueryStand) -> None:
    shown = await stand.ok(f"{PERSON}/export", OFFICER)
    validator(stand, "/v1/people/{person}/export").validate(shown)

    values = {each["value"] for each in shown["values"]}
    assert {"Pat Patient", "9990000077", "1931-02-17"} <= values
    assert [each["position"] for each in shown["values"]] == sorted(each["position"] for each in shown["values"])
    assert not any(each["erased"] for each in shown["values"])


async def test_the_export_of_a_past_holds_what_was_recorded_then(stand: QueryStand) -> None:
    whole = (await stand.ok(f"{PERSON}/export", OFFICER))["values"]
    first = whole[0]["position"]
    then = await stand.ok(f"{PERSON}/export", OFFICER, as_known_at=first)

    assert then["values"] == [each for each in whole if each["position"] <= first]
    assert (await stand.get(f"{PERSON}/export", OFFICER, as_known_at=first - 1)).status_code == 404


@pytest.mark.parametrize("role", sorted(set(Role) - {OFFICER, Role.SYSTEM}))
async def test_nobody_but_the_officer_exports_a_person(stand: QueryStand, role: Role) -> None:
    assert (await stand.get(f"{PERSON}/export", role)).status_code == 403


async def test_the_legal_holds_of_a_case_are_shown_with_why(stand: QueryStand) -> None:
    [hold] = await stand.ok(f"/v1/incidents/{named('first')}/legal-holds", OFFICER)
    [closed] = await stand.ok(f"/v1/incidents/{named('first')}/legal-holds", Role.AUDITOR)

    assert (hold["authority"], hold["reference"], hold["reason"]) == ("coroner", "INQ-7", "An inquest was opened.")
    assert (hold["standing"], hold["released_at"]) == (True, None)
    assert (closed["reason"], closed["sealed"]) == (None, "reason")


async def dry_run(stand: QueryStand, *roles: Role, organisation: str = "ZZ1", **body: Any) -> httpx.Response:
    token = stand.issuer.mint(roles or (OFFICER,), organisation=organisation, subject="officer")
    transport = httpx.ASGITransport(stand.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://ledger.test") as client:
        return await client.post(DRY_RUN, json=body, headers={"Authorization": f"Bearer {token}"})


async def kept(stand: QueryStand, **body: Any) -> dict[str, Any]:
    answer = await dry_run(stand, **body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_dry_run_says_of_each_case_how_long_it_is_kept_and_by_which_rule(stand: QueryStand) -> None:
    answer = await kept(stand, as_of="2030-01-01T00:00:00Z")
    by_case = {each["incident_id"]: each for each in answer["items"]}
    never_event, held = by_case[str(named("third"))], by_case[str(named("first"))]

    assert answer["total"] == len(answer["items"]) == 2
    assert never_event["rule"] == "RET-07-never-event"
    assert (never_event["kept_as"], never_event["kept_months"], never_event["due_on"]) == (
        "serious_incident",
        240,
        "2046-03-01",
    )
    assert (never_event["standing"], never_event["verified"]) == ("good practice, text not yet checked", False)
    assert (never_event["due"], never_event["review_owed"], never_event["day_known"]) == ("kept", False, False)
    assert (held["held"], held["legal_holds"], held["due"]) == (True, 1, "held")


async def test_a_time_that_is_over_owes_a_review_and_a_hold_comes_before_it(stand: QueryStand) -> None:
    items = {each["incident_id"]: each for each in (await kept(stand, as_of="2099-01-01T00:00:00Z"))["items"]}

    assert (items[str(named("third"))]["due"], items[str(named("third"))]["review_owed"]) == ("review_owed", True)
    assert (items[str(named("first"))]["due"], items[str(named("first"))]["review_owed"]) == ("held", False)


async def test_the_last_day_still_counts(stand: QueryStand) -> None:
    [last, after] = [
        next(each for each in (await kept(stand, as_of=at))["items"] if each["incident_id"] == str(named("third")))
        for at in ("2046-03-01T23:59:59Z", "2046-03-02T00:00:00Z")
    ]

    assert (last["due"], after["due"]) == ("kept", "review_owed")


async def test_the_past_knows_no_later_hold(stand: QueryStand) -> None:
    held = (await stand.ok(ERASURE, OFFICER))["requested_position"] - 1
    before = await kept(stand, as_of="2099-01-01T00:00:00Z", as_known_at=held - 1)

    assert {each["due"] for each in before["items"]} == {"review_owed"}
    assert before["position"] == held - 1


async def test_pages_go_on_with_the_same_moment(stand: QueryStand) -> None:
    whole = (await kept(stand, as_of="2099-01-01T00:00:00Z"))["items"]
    first = await kept(stand, as_of="2099-01-01T00:00:00Z", limit=1)
    second = await kept(stand, limit=1, cursor=first["next"])

    assert [*first["items"], *second["items"]] == whole
    assert second["next"] is None
    assert (await dry_run(stand, organisation="ZZ2", cursor=first["next"])).status_code == 400


async def test_each_trust_sees_its_own_cases_and_only_its_officer_does(stand: QueryStand) -> None:
    theirs = (await dry_run(stand, organisation="ZZ2")).json()["items"]

    assert {each["provider"] for each in theirs} == {"ZZ2"}
    for role in (Role.PATIENT_SAFETY_MANAGER, Role.AUDITOR, Role.APPROVER, Role.COMMISSIONER):
        assert (await dry_run(stand, role)).status_code == 403


async def test_what_is_asked_otherwise_is_refused(stand: QueryStand) -> None:
    for body in (
        {"limit": 0},
        {"limit": 501},
        {"as_of": "soon"},
        {"as_known_at": True},
        {"due": True},
        {"cursor": "x"},
    ):
        assert (await dry_run(stand, **body)).status_code in (400, 422), body


async def test_a_dry_run_writes_nothing_but_who_read_it(stand: QueryStand) -> None:
    head = (await stand.chronicle.ledger.head()).position
    before = len(stand.reads.records)
    answer = await kept(stand)

    assert (await stand.chronicle.ledger.head()).position == head
    [record] = stand.reads.records[before:]
    assert {str(each.case) for each in record.cases} == {each["incident_id"] for each in answer["items"]}
