"""The log as it is handed out: stored bytes, no gap, and nothing of what is outside the scope but its position."""

import json

import pytest

from domain.kernel.actor import Role
from domain.kernel.streams import LEDGER_STREAM
from service.reading.sight import READS_EVENTS
from service.store.ledger import LedgerEvent
from tests.support.chronicle import named
from tests.support.desk_of_queries import QueryStand

pytestmark = pytest.mark.asyncio(loop_scope="module")

NDJSON = {"Accept": "application/x-ndjson"}
FIELDS = [
    "position",
    "id",
    "stream",
    "stream_version",
    "type",
    "effective_at",
    "recorded_at",
    "organisation",
    "actor",
    "correlation_id",
    "causation_id",
    "editions",
    "leaf_hash",
    "payload",
]


async def stored(stand: QueryStand) -> list[LedgerEvent]:
    return await stand.chronicle.ledger.read_all(after=0, limit=1000)


async def test_the_payload_is_the_stored_bytes(stand: QueryStand) -> None:
    lines = (await stand.get("/v1/events", Role.AUDITOR, headers=NDJSON)).content.splitlines()

    for line, event in zip(lines, await stored(stand), strict=True):
        shown = json.loads(line)
        if not shown.get("stub"):
            assert list(shown) == FIELDS
            assert line.endswith(b',"payload":' + event.payload + b"}")


async def test_an_event_says_where_when_whose_and_by_whom(stand: QueryStand) -> None:
    event = (await stored(stand))[6]

    shown = (await stand.ok("/v1/events", Role.AUDITOR, after=6, limit=1))[0]

    assert shown["position"] == 7
    assert (shown["stream"], shown["stream_version"]) == (str(event.stream), 1)
    assert shown["type"] == "incident.reported.v1"
    assert (shown["effective_at"], shown["recorded_at"]) == ("2026-03-02T12:00:00Z", "2026-03-02T12:06:00Z")
    assert (shown["organisation"], shown["actor"]) == ("ZZ1", str(named("actor")))
    assert (shown["correlation_id"], shown["causation_id"]) == ("chronicle", None)
    assert shown["editions"] == ["psirf-2022@1"]


async def test_positions_are_contiguous_and_what_is_out_of_scope_is_a_stub_and_nothing_else(stand: QueryStand) -> None:
    shown = await stand.ok("/v1/events", Role.AUDITOR, limit=500)

    assert [each["position"] for each in shown] == list(range(1, len(await stored(stand)) + 1))
    for each, event in zip(shown, await stored(stand), strict=True):
        hidden = event.organisation != "ZZ1" and event.stream != LEDGER_STREAM
        assert (each == {"position": event.position, "stub": True, "leaf_hash": None}) == hidden
    assert any(each.get("stub") for each in shown)


async def test_a_regulator_without_a_grant_sees_stubs(stand: QueryStand) -> None:
    shown = await stand.ok("/v1/events", Role.REGULATOR, organisation="ZZR", limit=500)

    assert all(each.get("stub") for each in shown[1:])
    assert shown[0]["type"] == "ledger.opened.v1"


async def test_what_people_wrote_stays_in_its_box(stand: QueryStand) -> None:
    for path in ("/v1/events", f"/v1/incidents/{named('first')}/events"):
        text = (await stand.get(path, headers=NDJSON)).text

        assert "What happened in" not in text
        assert "Olive" not in text


@pytest.mark.parametrize("role", sorted(set(Role) - READS_EVENTS - {Role.SYSTEM}))
async def test_another_role_may_not_read_the_log(stand: QueryStand, role: Role) -> None:
    answer = await stand.get("/v1/events", role)

    assert (answer.status_code, answer.json()["code"]) == (403, "access.not-permitted")


async def test_a_case_in_scope_is_not_permitted_and_one_outside_does_not_exist(stand: QueryStand) -> None:
    statuses = [
        (await stand.get(f"/v1/incidents/{named(name)}/events", Role.ANALYST)).status_code
        for name in ("first", "second", "none")
    ]

    assert statuses == [403, 404, 404]


async def test_the_list_is_read_on_by_following_the_link(stand: QueryStand) -> None:
    path, positions = "/v1/events?limit=5", []
    while path:
        answer = await stand.get(path, Role.AUDITOR)
        positions += [each["position"] for each in answer.json()]
        path = answer.links["next"]["url"] if "next" in answer.links else ""

    assert positions == list(range(1, len(await stored(stand)) + 1))


async def test_the_envelope_holds_the_same_events(stand: QueryStand) -> None:
    bare = await stand.get("/v1/events", Role.AUDITOR, after=3, limit=2)
    whole = await stand.ok("/v1/events", Role.AUDITOR, after=3, limit=2, envelope="true")

    assert whole["items"] == bare.json()
    assert whole["total"] == len(await stored(stand)) - 3
    assert whole["next"].startswith("/v1/events?")


async def test_a_stream_goes_on_to_the_head_and_stops_at_a_limit_if_there_is_one(stand: QueryStand) -> None:
    head = (await stand.chronicle.ledger.head()).position

    whole = await stand.get("/v1/events?after=4", Role.AUDITOR, headers=NDJSON)
    part = await stand.get("/v1/events?after=4&limit=3", Role.AUDITOR, headers=NDJSON)

    assert [json.loads(line)["position"] for line in whole.text.splitlines()] == list(range(5, head + 1))
    assert [json.loads(line)["position"] for line in part.text.splitlines()] == [5, 6, 7]
    assert whole.headers["Ledger-Position"] == str(head)


async def test_after_the_head_there_is_nothing(stand: QueryStand) -> None:
    assert await stand.ok("/v1/events", Role.AUDITOR, after=10**6) == []
    assert (await stand.get("/v1/events?after=1000000", Role.AUDITOR, headers=NDJSON)).text == ""


async def test_what_was_known_then_ends_then(stand: QueryStand) -> None:
    by_position = await stand.ok("/v1/events", Role.AUDITOR, as_known_at=6)
    by_instant = await stand.ok("/v1/events", Role.AUDITOR, as_known_at="2026-03-02T12:05:30Z")

    assert [each["position"] for each in by_position] == [1, 2, 3, 4, 5, 6]
    assert by_instant == by_position


async def test_a_case_has_the_events_of_all_its_streams_in_order(stand: QueryStand) -> None:
    shown = await stand.ok(f"/v1/incidents/{named('first')}/events")
    case = await stand.chronicle.ledger.read_case(named("first"))

    assert [each["position"] for each in shown] == [event.position for event in case]
    kinds = {"incident", "action", "evidence", "candour", "learning_response", "erasure"}
    assert {each["type"].split(".")[0] for each in shown} == kinds


async def test_a_case_that_was_not_known_yet_does_not_exist(stand: QueryStand) -> None:
    assert (await stand.get(f"/v1/incidents/{named('first')}/events?as_known_at=6")).status_code == 404


async def test_an_unchanged_stretch_is_not_sent_again(stand: QueryStand) -> None:
    first = await stand.get("/v1/events?limit=3", Role.AUDITOR)

    again = await stand.get("/v1/events?limit=3", Role.AUDITOR, headers={"If-None-Match": first.headers["ETag"]})
    other = await stand.get("/v1/events?limit=4", Role.AUDITOR, headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, other.status_code) == (304, 200)
