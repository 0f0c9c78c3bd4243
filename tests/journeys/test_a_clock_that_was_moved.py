"""A clock is stopped by the police and extended: its first date stays, and its time is put down to whom it waited for."""

from datetime import datetime, timedelta
from typing import Any

from tests.support.running.people import People, a_report, ago


async def clocks(people: People, case: str, position: int) -> dict[str, Any]:
    rows = await people.manager.reads(f"{case}/obligations", min_position=position)
    return {each["rule"]: each for each in rows}


async def opened(people: People, case: str, rule: str, position: int) -> Any:
    """The clock that a reaction to what stands at a position opens: some events later, one of which is its own."""
    found: dict[str, Any] = {}
    while rule not in found:
        position += 1
        found = await clocks(people, case, position)
    return found[rule]


async def test_a_pause_and_an_extension_keep_the_first_date_and_the_time_adds_up(people: People) -> None:
    report = await people.reporter.does("/v1/incidents", **a_report(discovered_at=ago(days=30)))
    case = f"/v1/incidents/{report['id']}"
    manager = people.manager
    psii = {"method": "psii", "reason": "A Never Event.", "effective_at": ago(days=20)}
    response = await manager.does(f"{case}/learning-responses", **psii)
    before = await opened(people, case, "PSIRF-06", response["position"])
    at = before["id"]

    asked = {"requested_by": "police", "reason": "They asked in writing.", "approved_by": "Kim Sample"}
    pause = asked | {
        "obligation": at,
        "approved_by_organisation": "ZZQ",
        "requested_on": ago(days=13)[:10],
        "review_on": ago(days=5)[:10],
        "effective_at": ago(days=12),
    }
    for missing in ("reason", "approved_by", "approved_by_organisation", "requested_on"):
        await manager.is_refused(
            f"{case}/clock-pauses", "request.invalid", **{name: said for name, said in pause.items() if name != missing}
        )
    stopped = await manager.does(f"{case}/clock-pauses", **pause)
    resumed = await manager.does(f"{case}/clock-pauses/{stopped['id']}/resume", effective_at=ago(days=2))
    ran_on = (await clocks(people, case, resumed["position"]))["PSIRF-06"]
    later = datetime.fromisoformat(ran_on["due_at"]) + timedelta(days=14)
    agreed = {"reason": "A witness is abroad.", "agreed_by": "Kim Sample", "agreed_by_organisation": "ZZQ"}
    extended = await manager.does(f"{case}/clock-extensions", obligation=at, due_at=later.isoformat(), **agreed)

    moved = datetime.fromisoformat(ran_on["due_at"]).date() - datetime.fromisoformat(before["due_at"]).date()
    assert moved == timedelta(days=10)
    one = await manager.reads(f"{case}/obligations/{at}", min_position=extended["position"])
    assert datetime.fromisoformat(one["due_at"]) == later
    assert one["original_due_at"] == before["due_at"]
    assert (one["pauses"], one["extensions"], one["status"]) == (1, 1, "running")
    assert [part["owner"] for part in one["elapsed"]] == ["nobody", "police", "nobody"]
    assert sum(part["seconds"] for part in one["elapsed"]) == one["elapsed_seconds"]


async def test_no_clock_of_candour_or_of_safety_is_stopped_or_extended(people: People) -> None:
    report = await people.reporter.does("/v1/incidents", **a_report())
    case = f"/v1/incidents/{report['id']}"
    decision = {"question": "notifiable_safety_incident", "outcome": "met", "criteria": ["R20-8-moderate-harm"]}
    more = {"edition": "candour-regulation-20-r2", "reasons": "As judged.", "identified_at": ago(minutes=5)}
    decided = await people.manager.does(f"{case}/threshold-decisions", **decision, **more)
    owed = await clocks(people, case, decided["position"])

    pause = {"requested_by": "police", "reason": "They asked.", "approved_by": "Kim Sample"}
    by = {"approved_by_organisation": "ZZQ", "requested_on": ago(days=1)[:10], "review_on": ago(days=-7)[:10]}
    for rule in ("DOC-01", "DOC-03", "DOC-08", "PSIRF-02"):
        problem = await people.manager.is_refused(
            f"{case}/clock-pauses", "incident.duty-not-pausable", obligation=owed[rule]["id"], **pause, **by
        )
        assert [error["pointer"] for error in problem["errors"]] == ["/obligation"]
        later = {"due_at": ago(days=-60), "reason": "They asked.", "agreed_by": "Kim Sample"}
        await people.manager.is_refused(
            f"{case}/clock-extensions",
            "incident.duty-not-extendable",
            obligation=owed[rule]["id"],
            agreed_by_organisation="ZZQ",
            **later,
        )
