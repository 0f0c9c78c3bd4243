"""The worklist over HTTP: what is due for whom, in which order, and how it is asked for."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from domain.kernel.actor import Role
from service.identity.caller import Pseudonyms
from service.identity.issuers import LOCAL_ISSUER
from service.identity.key_files import KeyFolder
from tests.service.worklist.work_that_waits import MARY, play
from tests.support.chronicle import a_chronicle, named
from tests.support.desk_of_queries import QueryStand, a_query_stand
from tests.support.running.postgres import EMBEDDED, Server

pytestmark = pytest.mark.asyncio(loop_scope="module")

MANAGER, ICB = Role.PATIENT_SAFETY_MANAGER, Role.COMMISSIONER
PLAIN, SERIOUS = str(named("plain")), str(named("serious"))
IDLE = (Role.REPORTER, Role.REPORTER_SYSTEM, Role.AUDITOR, Role.ANALYST, Role.DATA_PROTECTION_OFFICER,
        Role.REGULATOR, Role.ADMINISTRATOR)  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stand(servers: dict[int, Server], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[QueryStand]:
    """No test of this module may change it."""
    folder = tmp_path_factory.mktemp("worklist")
    async with a_chronicle(servers[EMBEDDED]) as chronicle:
        pseudonyms = Pseudonyms(KeyFolder(folder / "keys").secret("pseudonyms"))
        await play(chronicle, pseudonyms.actor(LOCAL_ISSUER, "ZZ1", "somebody"))
        yield a_query_stand(chronicle, folder)


def about(item: dict[str, Any]) -> str:
    """An item in a word: its question, or the name of its clock, action or learning response."""
    names = {
        str(named(name)): name
        for name in (
            "late", "later", "soon", "far", "law", "of response", "icb", "aside", "their duty", "not led", "led", "sent",
            "mine", "other", "offered", "done", "checked by another",
        )
    }  # fmt: skip
    found = item["clock_id"] or item["action_id"] or item["learning_response_id"]
    return f"{item['local_reference']} {item['question'] or names[found]}"


async def worklist(stand: QueryStand, *roles: Role, organisation: str = "ZZ1", **query: Any) -> list[str]:
    items = await stand.ok("/v1/worklist", *roles, organisation=organisation, **query)
    return [about(item) for item in items]


async def test_a_manager_sees_what_to_decide_then_what_runs_out_then_what_is_late(stand: QueryStand) -> None:
    items = await stand.ok("/v1/worklist")

    assert [(item["section"], item["kind"], about(item)) for item in items if item["section"] != "decide"] == [
        ("running_out", "clock", "plain soon"),
        ("running_out", "clock", "serious of response"),
        ("running_out", "action", "plain mine"),
        ("running_out", "action", "plain other"),
        ("running_out", "clock", "plain law"),
        ("late", "clock", "plain late"),
        ("late", "clock", "plain later"),
        ("late", "action_to_accept", "plain offered"),
    ]
    decide = [(item["kind"], about(item)) for item in items if item["section"] == "decide"]
    assert [item["section"] for item in items[: len(decide)]] == ["decide"] * len(decide)
    assert sorted(decide[:5]) == [
        ("undecided", f"plain {question}")
        for question in ("national_response", "never_event", "notifiable_safety_incident", "plan_priority")
    ] + [("undecided", "serious notifiable_safety_incident")]
    assert decide[5:] == [
        ("unclear", "serious serious_incident"),
        ("decide_again", "serious never_event"),
        ("response_without_lead", "serious not led"),
        ("action_to_verify", "plain done"),
    ]


async def test_an_answer_to_be_given_again_says_which_facts_changed(stand: QueryStand) -> None:
    items = await stand.ok("/v1/worklist", kind="decide_again")

    assert [(item["changed_facts"], item["outcome"], item["decision_id"]) for item in items] == [
        ("died physical_harm", "not_met", str(named("never_event")))
    ]


async def test_a_clock_says_its_rule_its_force_and_to_whom_it_is_owed(stand: QueryStand) -> None:
    items = {about(item): item for item in await stand.ok("/v1/worklist", kind="clock")}

    soon, law, late = (items[f"plain {name}"] for name in ("soon", "law", "late"))
    assert (soon["rule"], soon["title"], soon["force"]) == ("PSIRF-01", "Tell the commissioner", "national")
    assert (soon["verified"], soon["owed_by"], soon["person"]) == (False, "provider", str(MARY))
    assert (soon["provider"], soon["provider_name"]) == ("ZZ1", "First Trust")
    assert (soon["days_left"], soon["days_over"], late["days_left"], late["days_over"]) == (1, 0, None, 2)
    assert (law["due_at"], law["days_left"], law["force"]) == (None, None, "law")


async def test_what_nobody_handles_is_seen(stand: QueryStand) -> None:
    handled = await stand.ok("/v1/worklist", assigned="handler")
    unhandled = await stand.ok("/v1/worklist", assigned="no_handler")

    assert {(item["incident_id"], item["has_handler"], item["assigned"]) for item in handled} == {
        (SERIOUS, True, "handler")
    }
    assert {(item["incident_id"], item["has_handler"], item["assigned"]) for item in unhandled} == {(PLAIN, False, "")}
    assert await worklist(stand, assigned="engagement_lead") == []


@pytest.mark.parametrize(
    ("role", "organisation", "found"),
    [
        (Role.ACTION_OWNER, "ZZ1", ["plain mine", "plain offered"]),
        (Role.APPROVER, "ZZ1", ["serious led", "plain done"]),
        (Role.ENGAGEMENT_LEAD, "ZZ1", ["plain soon", "plain law"]),
        (Role.LEARNING_RESPONSE_LEAD, "ZZ1", ["serious of response"]),
        (
            Role.COMMISSIONER,
            "ZZQ",
            [
                "theirs never_event",
                "theirs notifiable_safety_incident",
                "theirs serious_incident",
                "serious notifiable_safety_incident",
                "serious serious_incident",
                "serious never_event",
                "serious sent",
                "serious icb",
            ],
        ),
        (Role.COMMISSIONER, "ZZ1", []),
        (Role.PATIENT_SAFETY_MANAGER, "ZZQ", []),
        *((role, "ZZ1", []) for role in IDLE),
    ],
)
async def test_each_role_sees_its_own_work(stand: QueryStand, role: Role, organisation: str, found: list[str]) -> None:
    assert sorted(await worklist(stand, role, organisation=organisation)) == sorted(found)


async def test_roles_add_up(stand: QueryStand) -> None:
    both = await worklist(stand, Role.ENGAGEMENT_LEAD, Role.LEARNING_RESPONSE_LEAD, Role.AUDITOR)

    assert sorted(both) == ["plain law", "plain soon", "serious of response"]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
async def test_nobody_sees_work_of_another_organisation_unless_they_commission_it(
    stand: QueryStand, role: Role
) -> None:
    for organisation in ("ZZ1", "ZZ2", "ZZQ"):
        items = await stand.ok("/v1/worklist", role, organisation=organisation, within_days="366")
        allowed = {"ZZ1", "ZZ2"} if organisation == "ZZQ" and role is ICB else {organisation}
        assert {item["provider"] for item in items} <= allowed


async def test_the_other_trust_sees_its_own(stand: QueryStand) -> None:
    found = await worklist(stand, MANAGER, organisation="ZZ2", section="running_out")

    assert found == ["theirs their duty"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"within_days": "0"}, ["plain law"]),
        ({"within_days": "1"}, ["plain soon", "serious of response", "plain law"]),
        ({"within_days": "6"}, ["plain soon", "serious of response", "plain mine", "plain other", "plain law"]),
        ({"within_days": "7", "kind": "clock"}, ["plain soon", "serious of response", "plain far", "plain law"]),
        ({"site": "South site"}, ["serious of response"]),
        ({"provider": "ZZ2"}, []),
        ({"incident": SERIOUS}, ["serious of response"]),
        ({"commissioner": "ZZQ", "site": "South site"}, ["serious of response"]),
        ({"commissioner": "ZZR"}, []),
        ({"as_of": "2026-03-03T12:00:01Z", "kind": "clock"}, ["plain law"]),
    ],
)
async def test_it_is_found_by_what_is_asked(stand: QueryStand, query: dict[str, str], found: list[str]) -> None:
    assert sorted(await worklist(stand, section="running_out", **query)) == sorted(found)


async def test_what_runs_out_becomes_late_without_anything_happening(stand: QueryStand) -> None:
    later = await stand.ok("/v1/worklist", section="late", as_of="2026-03-05T00:00:00Z")

    assert [(about(item), item["days_over"]) for item in later] == [
        ("plain late", 5),
        ("plain later", 4),
        ("plain offered", 4),
        ("plain soon", 2),
        ("serious of response", 2),
        ("plain mine", 1),
        ("plain other", 1),
    ]


async def test_the_past_is_known_as_it_was(stand: QueryStand) -> None:
    first = next(
        event.position for event in await stand.chronicle.ledger.read_all(after=0, limit=100)
        if event.type == "incident.reported.v1"
    )  # fmt: skip

    items = await stand.ok("/v1/worklist", as_known_at=str(first))

    assert {(item["kind"], item["local_reference"]) for item in items} == {("undecided", "plain")}


async def test_pages_together_are_the_whole_and_exports_hold_it(stand: QueryStand) -> None:
    whole = await stand.ok("/v1/worklist")
    found: list[Any] = []
    following = "/v1/worklist?limit=4"
    while following:
        answer = await stand.get(following)
        found += answer.json()
        following = answer.links["next"]["url"] if "next" in answer.links else ""
    table = await stand.get("/v1/worklist", headers={"Accept": "text/csv"})
    envelope = await stand.ok("/v1/worklist", limit=1, envelope="true")

    assert found == whole
    assert [row["item"] for row in csv.DictReader(io.StringIO(table.text))] == [item["item"] for item in whole]
    assert len({item["item"] for item in whole}) == len(whole)
    assert (envelope["total"], envelope["items"]) == (len(whole), whole[:1])


async def test_every_item_is_flat_and_leads_to_its_record(stand: QueryStand) -> None:
    for item in await stand.ok("/v1/worklist"):
        assert all(value is None or isinstance(value, str | int | bool) for value in item.values()), item
        assert (await stand.get(item["link"])).status_code == 200


@pytest.mark.parametrize(
    "query", ["within_days=-1", "within_days=367", "within_days=soon", "section=done", "assigned=somebody", "rule=X"]
)
async def test_what_is_not_known_is_refused(stand: QueryStand, query: str) -> None:
    assert (await stand.get(f"/v1/worklist?{query}")).status_code == 400


async def test_a_clock_that_is_set_aside_is_nobodys_work_even_at_a_moment_when_it_was_late(stand: QueryStand) -> None:
    before = await worklist(stand, section="late", as_of="2026-03-02T11:00:00Z")

    assert "plain late" in before
    assert "plain aside" not in before
