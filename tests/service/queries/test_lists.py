"""Lists: pages that together are the whole, filters, and the whole as CSV and NDJSON."""

import csv
import io
import json
from contextlib import AsyncExitStack, nullcontext
from typing import Any

import pytest
from sqlalchemy.pool import QueuePool
from starlette.responses import Response

from domain.kernel.actor import Role
from service.api.queries.lists import HeldAnswer
from tests.support.chronicle import named
from tests.support.desk_of_queries import QueryStand

pytestmark = pytest.mark.asyncio(loop_scope="module")

LISTS = (
    "/v1/incidents",
    "/v1/timeliness",
    "/v1/actions",
    f"/v1/incidents/{named('first')}/timeline",
    f"/v1/incidents/{named('first')}/obligations",
    f"/v1/incidents/{named('first')}/evidence",
    "/v1/timeliness/summary",
    "/v1/actions/summary",
    "/v1/organisations",
    "/v1/organisations/ZZ1/commissioners",
)
PAGED = ("/v1/incidents", "/v1/timeliness", "/v1/actions", f"/v1/incidents/{named('first')}/timeline")


@pytest.mark.parametrize("path", LISTS)
async def test_every_item_is_flat(stand: QueryStand, path: str) -> None:
    items = await stand.ok(path)

    assert items
    for item in items:
        assert all(value is None or isinstance(value, str | int | bool) for value in item.values()), item


@pytest.mark.parametrize("path", PAGED)
async def test_pages_together_are_the_whole_list(stand: QueryStand, path: str) -> None:
    whole = await stand.ok(path)
    found: list[Any] = []
    following = f"{path}?limit=1"
    while following:
        answer = await stand.get(following)
        assert len(answer.json()) == 1
        found += answer.json()
        following = answer.links["next"]["url"] if "next" in answer.links else ""

    assert found == whole


@pytest.mark.parametrize("path", PAGED)
async def test_the_envelope_says_where_it_goes_on_and_how_many_there_are(stand: QueryStand, path: str) -> None:
    whole = await stand.ok(path)

    first = await stand.ok(path, limit=1, envelope="true")
    last = await stand.ok(path, envelope="true")

    assert (first["items"], first["total"]) == (whole[:1], len(whole))
    assert "cursor=" in first["next"]
    assert last == {"items": whole, "next": None, "total": len(whole)}


@pytest.mark.parametrize("path", LISTS)
async def test_csv_and_ndjson_hold_the_whole_list(stand: QueryStand, path: str) -> None:
    whole = await stand.ok(path)

    lines = (await stand.get(path, headers={"Accept": "application/x-ndjson"})).text.splitlines()
    table = await stand.get(path, headers={"Accept": "text/csv"})
    rows = list(csv.reader(io.StringIO(table.text)))

    assert [json.loads(line) for line in lines] == whole
    assert rows[0] == list(whole[0])
    assert [row[0] for row in rows[1:]] == [item[rows[0][0]] for item in whole]
    assert table.headers["Ledger-Position"] == str((await stand.chronicle.ledger.head()).position)


@pytest.mark.parametrize("failing", [False, True])
async def test_what_an_export_reads_from_is_let_go_of_when_it_has_been_sent_or_not(failing: bool) -> None:
    events: list[str] = []

    async def send(message: Any) -> None:
        events.append(message["type"])
        if failing:
            raise ConnectionResetError

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    held = AsyncExitStack()
    held.callback(events.append, "let go")
    with nullcontext() if not failing else pytest.raises(ConnectionResetError):
        await HeldAnswer(Response(b"row"), held)({"type": "http", "headers": []}, receive, send)

    assert events[-1] == "let go"
    assert events.count("let go") == 1


async def test_an_export_lets_go_of_its_connection(stand: QueryStand) -> None:
    pool = stand.chronicle.engine.pool
    assert isinstance(pool, QueuePool)

    for accept in ("text/csv", "application/x-ndjson", "application/json"):
        await stand.get("/v1/timeliness", headers={"Accept": accept})
        await stand.get(f"/v1/incidents/{named('none')}/timeline", headers={"Accept": accept})

    assert pool.checkedout() == 0


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("", ["first", "third"]),
        ("never_event=met", ["third"]),
        ("never_event=not_met", []),
        ("decide_again=false", ["third"]),
        ("decide_again=true", ["first"]),
        ("status=open&record_type=incident", ["first", "third"]),
        ("status=closed", []),
        ("local_reference=third&source_system=example-lrms", ["third"]),
        ("provider=ZZ1&commissioner=ZZQ", ["first", "third"]),
        ("provider=ZZ2", []),
        ("commissioner=ZZR", []),
        ("site=North%20site&division=Surgery&specialty=urology", ["first", "third"]),
        ("site=South", []),
        ("financial_year=2025/26&quarter=Q4&regime=psirf-2022", ["first", "third"]),
        ("discovered_from=2026-03-02T12:00:00Z", ["first"]),
        ("discovered_to=2026-03-02T12:00:00Z", ["third"]),
    ],
)
async def test_incidents_are_found_by_what_is_asked(stand: QueryStand, asked: str, names: list[str]) -> None:
    assert [row["local_reference"] for row in await stand.ok(f"/v1/incidents?{asked}")] == names


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("", ["late", "soon", "open"]),
        ("status=overdue", ["late"]),
        ("status=running", ["soon"]),
        ("status=without_number", ["open"]),
        ("status=met", []),
        ("as_of=2026-03-09T12:00:00Z&status=overdue", ["late", "soon"]),
        ("rule=PSIRF-01&force=national", ["late", "soon", "open"]),
        ("force=law", []),
        ("due_before=2026-03-02T13:00:01Z", ["late"]),
        (f"incident={named('first')}", ["late", "soon", "open"]),
        (f"incident={named('third')}", []),
        ("commissioner=ZZQ&provider=ZZ1", ["late", "soon", "open"]),
    ],
)
async def test_clocks_are_found_by_what_is_asked(stand: QueryStand, asked: str, names: list[str]) -> None:
    found = [row["id"] for row in await stand.ok(f"/v1/timeliness?{asked}")]

    assert found == [str(named(name)) for name in names]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("", ["early", "later"]),
        ("overdue=true", ["early"]),
        ("overdue=false", ["later"]),
        ("overdue=true&as_of=2026-03-20T23:59:00Z", ["early"]),
        ("overdue=true&as_of=2026-03-21T00:00:00Z", ["early", "later"]),
        ("state=agreed&strength=stronger&owner_role=ward%20manager", ["early", "later"]),
        ("state=verified", []),
        ("monitored_by=nobody", []),
        (f"incident={named('first')}", ["early", "later"]),
        (f"incident={named('third')}", []),
        ("due_before=2026-03-20", ["early"]),
    ],
)
async def test_actions_are_found_by_what_is_asked(stand: QueryStand, asked: str, names: list[str]) -> None:
    found = [row["id"] for row in await stand.ok(f"/v1/actions?{asked}")]

    assert found == [str(named(name)) for name in names]


async def test_a_clock_says_by_how_many_days_it_is_over(stand: QueryStand) -> None:
    rows = await stand.ok("/v1/timeliness?as_of=2026-03-05T08:00:00Z")

    assert [(row["status"], row["days_over"]) for row in rows] == [
        ("overdue", 3),
        ("overdue", 2),
        ("without_number", 0),
    ]


async def test_sums_agree_with_the_lists(stand: QueryStand) -> None:
    clocks = await stand.ok("/v1/timeliness/summary", Role.COMMISSIONER, organisation="ZZQ")
    actions = await stand.ok("/v1/actions/summary?commissioner=ZZQ")

    assert {row["status"]: row["clocks"] for row in clocks} == {"overdue": 1, "running": 2, "without_number": 1}
    assert actions == [{"state": "agreed", "strength": "stronger", "actions": 2, "overdue": 1}]
    assert await stand.ok("/v1/timeliness/summary?provider=ZZ2") == []


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("/v1/incidents?colour=red", "request.parameter-unknown"),
        ("/v1/incidents?status=shut", "request.parameter-invalid"),
        ("/v1/incidents?limit=501", "request.parameter-invalid"),
        ("/v1/incidents?never_event=perhaps", "request.parameter-invalid"),
        ("/v1/timeliness?status=late", "request.parameter-invalid"),
        ("/v1/actions?overdue=yes", "request.parameter-invalid"),
        ("/v1/incidents?cursor=none", "request.cursor-invalid"),
    ],
)
async def test_a_filter_that_is_not_known_is_refused(stand: QueryStand, asked: str, code: str) -> None:
    answer = await stand.get(asked)

    assert (answer.status_code, answer.json()["code"]) == (400, code)


async def test_a_cursor_opens_only_the_list_and_the_reader_it_was_made_for(stand: QueryStand) -> None:
    following = (await stand.ok("/v1/timeliness?limit=1&envelope=true"))["next"]

    others = [
        await stand.get(following, Role.AUDITOR),
        await stand.get(f"{following}&rule=PSIRF-01"),
        await stand.get(following.replace("/v1/timeliness", "/v1/actions")),
    ]

    assert [answer.json()["code"] for answer in others] == ["request.cursor-invalid"] * 3
    assert (await stand.get(following)).status_code == 200


@pytest.mark.parametrize("path", ["/v1/incidents", "/v1/actions"])
@pytest.mark.parametrize("record", ["not-an-id", str(named("none")), "6c33e8df64e356b4bfaa9a85779428cd"])
async def test_what_is_not_there_is_not_found(stand: QueryStand, path: str, record: str) -> None:
    answer = await stand.get(f"{path}/{record}")

    assert (answer.status_code, answer.json()["code"]) == (404, "resource.not-found")


@pytest.mark.parametrize("code", ["ZZ9", "zz1", "%00", "ZZ1%00", "%FF", "%ED%A0%80"])
@pytest.mark.parametrize("part", ["", "/commissioners"])
async def test_what_is_no_code_names_no_organisation(stand: QueryStand, code: str, part: str) -> None:
    answer = await stand.get(f"/v1/organisations/{code}{part}", Role.ADMINISTRATOR)

    assert (answer.status_code, answer.json()["code"]) == (404, "resource.not-found")
