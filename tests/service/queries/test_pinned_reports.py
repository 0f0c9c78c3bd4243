"""A report that is pinned to a position is the same to the byte a year and a thousand events later."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.incident.duty_events import DutyRedated
from domain.kernel.actor import Role
from domain.kernel.words import Code, DutyId
from projections.timeliness.model import MODEL as TIMELINESS
from tests.service.queries.test_schemas import ANSWERS
from tests.support.chronicle import Chronicle, named
from tests.support.decisions import NOON
from tests.support.desk_of_queries import QueryStand
from tests.support.read_models.projections import envelope

pytestmark = pytest.mark.asyncio(loop_scope="module")

LATER_EVENTS = 1_000
READERS = ((Role.PATIENT_SAFETY_MANAGER,), (Role.AUDITOR,), (Role.ANALYST,))
FORMS = ("application/json", "text/csv", "application/x-ndjson")
LIVE = f"timeliness:{TIMELINESS.version}"
OTHER = f"timeliness:{TIMELINESS.version + 1}"


def pinnable(stand: QueryStand) -> list[str]:
    """The addresses of every query that can be asked about the past."""
    paths = stand.app.openapi()["paths"]
    return [
        asked
        for path, asked in ANSWERS.items()
        if "as_known_at" in {each["name"] for each in paths[path]["get"]["parameters"]}
    ]


async def pinned(stand: QueryStand, position: int) -> dict[tuple[str, tuple[Role, ...], str], Any]:
    """What every reader is answered in every form about one position; the moment of comparison follows from it."""
    answers: dict[tuple[str, tuple[Role, ...], str], Any] = {}
    for path in pinnable(stand):
        mark = "&" if "?" in path else "?"
        for roles in READERS:
            for form in FORMS:
                address = f"{path}{mark}as_known_at={position}"
                answer = await stand.get(address, *roles, headers={"Accept": form})
                told = {name: answer.headers.get(name) for name in ("Ledger-Position", "Projection-Version")}
                body = answer.content if answer.status_code == 200 else b""
                answers[path, roles, form] = (answer.status_code, body, told)
    return answers


async def a_year_goes_by(chronicle: Chronicle) -> None:
    """A thousand events later: corrections of what was known then, new cases, new actions."""
    chronicle.clock += timedelta(days=365)
    first = named("first")
    for number in range(LATER_EVENTS // 4):
        name = f"case {number}"
        await chronicle.record(
            chronicle.report(name, discovered_at=NOON - timedelta(hours=number)), cases=[named(name)]
        )
        redated = DutyRedated(
            **envelope(first, at=NOON),
            duty=DutyId(named("late")),
            rule=Code("rule"),
            previous_started_at=NOON,
            previous_due_at=NOON + timedelta(hours=number),
            started_at=NOON - timedelta(hours=number),
            due_at=NOON + timedelta(hours=number + 1),
            calendar=Code("england-2026"),
            because=Code("start-corrected"),
        )
        await chronicle.record(redated, cases=[first])
        await chronicle.record(chronicle.agreed(f"action {number}", "first", due_on=date(2026, 3, 2)), cases=[first])
        await chronicle.record(chronicle.preserved(f"item {number}", "first"), cases=[first])
    await chronicle.tell()


async def test_every_pinned_answer_is_the_same_to_the_byte_a_year_and_a_thousand_events_later(
    stand: QueryStand,
) -> None:
    position = (await stand.chronicle.ledger.head()).position
    before = await pinned(stand, position)
    unpinned = (await stand.get("/v1/timeliness")).content

    await a_year_goes_by(stand.chronicle)

    assert (await stand.chronicle.ledger.head()).position >= position + LATER_EVENTS
    after = await pinned(stand, position)
    assert [asked for asked in before if before[asked] != after[asked]] == []
    assert sum(status == 200 for status, _, _ in before.values()) > len(before) // 3
    assert (await stand.get("/v1/timeliness")).content != unpinned, "the present has moved on"


async def test_an_answer_names_the_versions_that_gave_it(stand: QueryStand) -> None:
    answer = await stand.get("/v1/timeliness/summary")

    assert LIVE in answer.headers["Projection-Version"].split(", ")


async def test_the_version_that_answers_may_be_insisted_on(stand: QueryStand) -> None:
    assert (await stand.get(f"/v1/timeliness?projection={LIVE}")).status_code == 200
    assert (await stand.get(f"/v1/timeliness/summary?projection={LIVE}")).status_code == 200


@pytest.mark.parametrize(
    "path", ["/v1/timeliness", "/v1/timeliness/summary", f"/v1/incidents/{named('first')}/obligations"]
)
async def test_another_version_names_the_difference(stand: QueryStand, path: str) -> None:
    answer = await stand.get(f"{path}?projection={OTHER}")

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "projection.other-version")
    assert OTHER in problem["detail"]
    assert LIVE in problem["detail"]


@pytest.mark.parametrize("path", ["/v1/actions", "/v1/events"])
async def test_a_read_model_that_has_no_part_in_the_answer_cannot_be_insisted_on(stand: QueryStand, path: str) -> None:
    answer = await stand.get(f"{path}?projection={LIVE}", Role.AUDITOR)

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (400, "request.parameter-invalid")
    assert problem["errors"][0]["pointer"] == "?projection"
