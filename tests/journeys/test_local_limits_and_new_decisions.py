"""What changes while cases are open: a commissioner's limits are adopted, and a patient's harm turns out to be worse."""

from typing import Any

from tests.support.running.people import People, a_report, ago

LIMITS = {"plan": "zzq-limits-2026", "from_on": "2026-01-01"}
A_SURGEON = {"name": "Dr A Sample", "profession": "surgeon"}


async def rules_of(people: People, case: str, position: int) -> dict[str, Any]:
    return {each["rule"]: each for each in await people.manager.reads(f"{case}/obligations", min_position=position)}


async def reported(people: People) -> tuple[str, int]:
    answer = await people.reporter.does("/v1/incidents", **a_report())
    return f"/v1/incidents/{answer['id']}", answer["position"]


async def test_limits_of_the_commissioner_govern_what_is_reported_from_then_on_beside_the_national_rules(
    people: People,
) -> None:
    before, position = await reported(people)
    assert "ZZQ-04" not in await rules_of(people, before, position)

    await people.administrator.is_refused("/v1/organisations/ZZQ/local-plans", "organisation.not-a-provider", **LIMITS)
    await people.commissioner.is_refused("/v1/organisations/ZZ1/local-plans", "access.not-permitted", **LIMITS)
    await people.administrator.does("/v1/organisations/ZZ1/local-plans", **LIMITS)

    after, position = await reported(people)
    owed = await rules_of(people, after, position)
    assert {owed["ZZQ-04"][name] for name in ("force", "unit", "length")} == {"local", "H", 24}
    assert (owed["PSIRF-01"]["force"], owed["PSIRF-01"]["due_at"]) == ("contract", None)
    facts = await people.manager.does(f"{before}/facts", facts=[{"name": "public_concern", "value": True}])
    assert "ZZQ-04" not in await rules_of(people, before, facts["position"]), "an open case keeps its editions"


async def harmed(people: People, case: str, harm: str, code: str) -> int:
    judge = A_SURGEON | {"judged_at": ago(minutes=30)}
    answer = await people.manager.does(
        f"{case}/facts",
        facts=[
            {"name": "unintended_or_unexpected", "value": True},
            {"name": "candour_harm", "patient": 1, "value": harm, "judged_by": judge},
            {"name": "physical_harm", "patient": 1, "value": {"code": code, "taxonomy": "lfpse-5"}},
        ],
    )
    return int(answer["position"])


async def waiting(people: People, case: str, position: int) -> dict[str, dict[str, Any]]:
    items = await people.manager.reads("/v1/worklist", section="decide", min_position=position)
    return {each["question"]: each for each in items if case.endswith(each["incident_id"]) and each["question"]}


async def test_a_harm_that_turns_out_worse_asks_for_the_decision_again_until_somebody_takes_it(people: People) -> None:
    case, _ = await reported(people)
    await harmed(people, case, "none", "5")
    decision = {
        "question": "notifiable_safety_incident",
        "edition": "candour-regulation-20-r2",
        "reasons": "As judged.",
    }
    path = f"{case}/threshold-decisions"
    first = await people.manager.does(path, **decision, outcome="not_met", identified_at=ago(minutes=5))
    assert "notifiable_safety_incident" not in await waiting(people, case, first["position"])

    worse = await harmed(people, case, "death", "1")

    item = (await waiting(people, case, worse))["notifiable_safety_incident"]
    assert (item["kind"], item["outcome"], item["decision_id"]) == ("decide_again", "not_met", first["id"])
    assert {"candour_harm"} <= set(item["changed_facts"].split())
    assert "DOC-01" not in await rules_of(people, case, worse), "nothing follows before people decide"
    again = decision | {"outcome": "met", "criteria": ["R20-8-death"], "identified_at": ago(minutes=1)}
    second = await people.manager.does(path, **again)
    assert "notifiable_safety_incident" not in await waiting(people, case, second["position"])
    assert "DOC-01" in await rules_of(people, case, second["position"])
    both = await people.manager.reads(path, min_position=second["position"])
    assert [(each["outcome"], each["departs"]) for each in both] == [("not_met", False), ("met", False)]
