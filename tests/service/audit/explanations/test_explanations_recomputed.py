"""Every figure that the API answers with, explained over HTTP and worked out again from the events that it names."""

from typing import Any

import pytest

from domain.kernel.actor import Role
from domain.policy.status import ClockStatus
from projections.explaining.recomputing import recompute
from projections.explaining.summaries import SUMMARIES
from projections.worklist.waiting import Section
from tests.service.audit.explanations.figured import LATER, Explainer
from tests.support.chronicle import named
from tests.support.desk_of_queries import QueryStand

pytestmark = pytest.mark.asyncio(loop_scope="session")

READERS: list[tuple[Role, str, dict[str, Any]]] = [
    (Role.AUDITOR, "ZZ1", {}),
    (Role.PATIENT_SAFETY_MANAGER, "ZZ2", {"provider": "ZZ2", "financial_year": "2025/26"}),
    (Role.COMMISSIONER, "ZZQ", {"commissioner": "ZZQ"}),
]


async def is_as_explained(asked: Explainer, summary: str, value: Any, **query: Any) -> None:
    """The explanation has this value, and so has what is worked out from its events alone."""
    explanation = await asked.explained(summary, **query)
    assert explanation.value == value, (summary, query)
    assert recompute(explanation, await asked.events(explanation)) == value


@pytest.mark.parametrize(("role", "organisation", "filters"), READERS, ids=str)
async def test_every_line_of_timeliness(
    figured: QueryStand, role: Role, organisation: str, filters: dict[str, Any]
) -> None:
    asked = Explainer(figured, (role,), organisation)
    lines = await asked.ok("/v1/timeliness/summary", as_of=LATER, **filters)

    for line in lines:
        cell = {name: line[name] for name in ("rule", "title", "force", "status")}
        cell |= {"verified": str(line["verified"]).lower(), "as_of": LATER, **filters}
        for figure in ("clocks", "missed"):
            await is_as_explained(asked, "timeliness/summary", line[figure], figure=figure, **cell)
    await is_as_explained(asked, "timeliness/summary", len(lines), figure="total", as_of=LATER, **filters)


@pytest.mark.parametrize("status", ClockStatus)
async def test_every_standing_of_all_clocks(figured: QueryStand, status: ClockStatus) -> None:
    asked = Explainer(figured, (Role.COMMISSIONER,), "ZZQ")
    lines = await asked.ok("/v1/timeliness/summary", as_of=LATER)
    expected = sum(line["clocks"] for line in lines if line["status"] == status)

    assert expected > 0, "every standing is played"
    await is_as_explained(asked, "timeliness/summary", expected, figure=status.value, as_of=LATER)


@pytest.mark.parametrize(("role", "organisation", "filters"), READERS, ids=str)
async def test_every_line_of_the_actions(
    figured: QueryStand, role: Role, organisation: str, filters: dict[str, Any]
) -> None:
    asked = Explainer(figured, (role,), organisation)
    lines = await asked.ok("/v1/actions/summary", as_of=LATER, **filters)

    assert lines
    for line in lines:
        cell = {"state": line["state"], "strength": line["strength"], "as_of": LATER, **filters}
        for figure in ("actions", "overdue"):
            await is_as_explained(asked, "actions/summary", line[figure], figure=figure, **cell)
    await is_as_explained(asked, "actions/summary", len(lines), figure="total", as_of=LATER, **filters)


@pytest.mark.parametrize("by", ["decider", "provider"])
async def test_every_figure_of_the_agreement(figured: QueryStand, by: str) -> None:
    asked = Explainer(figured, (Role.COMMISSIONER,), "ZZQ")
    said = await asked.ok("/v1/threshold-decisions/agreement", by=by)
    summary = "threshold-decisions/agreement"

    for figure in ("decisions", "without_facts"):
        await is_as_explained(asked, summary, said[figure], figure=figure, by=by)
    for name, value in said["overall"].items():
        await is_as_explained(asked, summary, value, figure=f"overall.{name}", by=by)
    for quarter in said["over_time"]:
        when = {"financial_year": quarter.pop("financial_year"), "quarter": quarter.pop("quarter")}
        for name, value in quarter.items():
            await is_as_explained(asked, summary, value, figure=f"over_time.{name}", by=by, **when)
    for pair in said["pairwise"]["items"]:
        raters = {"first": pair.pop("first"), "second": pair.pop("second")}
        for name, value in pair.items():
            await is_as_explained(asked, summary, value, figure=f"pairwise.{name}", by=by, **raters)
    for name in ("pairwise", "differing"):
        await is_as_explained(asked, summary, said[name]["total"], figure=f"{name}.total", by=by)


LENGTHS: list[tuple[str, dict[str, Any]]] = [
    ("timeliness", {}),
    ("timeliness", {"status": "overdue"}),
    ("timeliness", {"missed": "true", "due_before": "2026-03-02T13:30:00Z"}),
    ("timeliness", {"missed": "false", "incident": str(named("moved"))}),
    ("timeliness", {"commissioner": "ZZQ", "force": "national", "site": "North site"}),
    ("timeliness", {"rule": "PSIRF-06", "division": "Surgery", "specialty": "urology", "quarter": "Q4"}),
    ("actions", {}),
    ("actions", {"overdue": "true"}),
    ("actions", {"overdue": "false", "strength": "stronger", "owner_role": "ward manager"}),
    ("actions", {"state": "accepted", "incident": str(named("met"))}),
    ("actions", {"due_before": "2026-03-02", "provider": "ZZ1", "financial_year": "2025/26"}),
    ("actions", {"commissioner": "ZZQ", "quarter": "Q4"}),
    ("threshold-decisions", {}),
    ("threshold-decisions", {"agrees": "true", "outcome": "not_met", "current": "true"}),
    ("threshold-decisions", {"decider": str(named("Anna")), "assessed_outcome": "met", "departs": "false"}),
    ("threshold-decisions", {"commissioner": "ZZQ", "decided_by": "ZZ2", "entered_in_error": "false"}),
    (
        "threshold-decisions",
        {"question": "serious_incident", "regime": "psirf-2022", "incident": str(named("decided 1"))},
    ),
    ("incidents", {}),
    ("incidents", {"status": "entered_in_error"}),
    ("incidents", {"status": "closed", "provider": "ZZ1"}),
    ("incidents", {"serious_incident": "met", "commissioner": "ZZQ"}),
    ("incidents", {"discovered_from": "2026-03-02T12:00:00Z", "discovered_to": "2026-03-02T12:00:01Z"}),
    ("incidents", {"decide_again": "false", "local_reference": "met", "record_type": "incident"}),
]


@pytest.mark.parametrize(("path", "filters"), LENGTHS, ids=str)
async def test_the_length_of_every_list(figured: QueryStand, path: str, filters: dict[str, Any]) -> None:
    asked = Explainer(figured, (Role.COMMISSIONER,), "ZZQ")
    listed = await asked.ok(f"/v1/{path}", envelope="true", as_of=LATER, **filters)

    assert listed["total"] > 0
    await is_as_explained(asked, path, listed["total"], as_of=LATER, **filters)


WAITING: list[tuple[tuple[Role, ...], str, dict[str, Any]]] = [
    ((Role.PATIENT_SAFETY_MANAGER,), "ZZ1", {}),
    ((Role.PATIENT_SAFETY_MANAGER,), "ZZ1", {"within_days": "366", "assigned": "no_handler", "site": "North site"}),
    ((Role.PATIENT_SAFETY_MANAGER,), "ZZ1", {"kind": "clock", "incident": str(named("moved")), "within_days": "20"}),
    ((Role.PATIENT_SAFETY_MANAGER,), "ZZ1", {"section": "decide", "provider": "ZZ1"}),
    ((Role.APPROVER, Role.ACTION_OWNER), "ZZ1", {}),
    ((Role.PATIENT_SAFETY_MANAGER, Role.COMMISSIONER), "ZZQ", {"commissioner": "ZZQ"}),
    ((Role.AUDITOR,), "ZZ1", {}),
]


@pytest.mark.parametrize(("roles", "organisation", "filters"), WAITING, ids=str)
async def test_the_length_of_a_worklist_and_of_each_section(
    figured: QueryStand, roles: tuple[Role, ...], organisation: str, filters: dict[str, Any]
) -> None:
    asked = Explainer(figured, (*roles, Role.AUDITOR), organisation)
    asked_of = {"as_of": LATER, **filters}
    listed = await asked.ok("/v1/worklist", envelope="true", limit=500, **asked_of)

    assert listed["total"] > 0 or set(roles) <= {Role.AUDITOR, Role.COMMISSIONER} or organisation == "ZZQ"
    await is_as_explained(asked, "worklist", listed["total"], **asked_of)
    for section in Section:
        among = sum(item["section"] == section for item in listed["items"])
        await is_as_explained(asked, "worklist", among, figure=section.value, **asked_of)


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("incidents/{incident}", f"incidents/{named('met')}"),
        ("actions/{action}", f"actions/{named('over and completed')}"),
        ("actions/{action}", f"actions/{named('more time')}"),
        (
            "incidents/{incident}/obligations/{obligation}",
            f"incidents/{named('moved')}/obligations/{named('extended')}",
        ),
        ("incidents/{incident}/obligations/{obligation}", f"incidents/{named('met')}/obligations/{named('over')}"),
    ],
)
async def test_every_figure_of_one_record(figured: QueryStand, template: str, path: str) -> None:
    asked = Explainer(figured)
    record = await asked.ok(f"/v1/{path}", as_of=LATER)

    for name in SUMMARIES[template].figures:
        await is_as_explained(asked, path, record[name], figure=name, as_of=LATER)
