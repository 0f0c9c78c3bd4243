"""Policy as other systems meet it: the dry run, the editions, and a decision beside what the rules say."""

from typing import Any

import httpx
import pytest

from tests.support.running.people import People, a_report, ago, problem_in
from tests.support.running.service import ServiceProcess


def asked(**changes: Any) -> dict[str, Any]:
    return {
        "provider": "ZZ1",
        "discovered_at": "2026-03-02T09:00:00Z",
        "patients": [{"sequence": 1, "physical_harm": {"code": "5", "taxonomy": "lfpse-5"}}],
        **changes,
    }


def answers(response: httpx.Response) -> dict[str, Any]:
    assert response.status_code == 200, response.text
    return {answer["question"]: answer for answer in response.json()["answers"]}


async def assess(people: People, **changes: Any) -> httpx.Response:
    return await people.manager.http.post("/v1/assessments", json=asked(**changes))


async def test_a_dry_run_says_what_would_be_met_by_which_fact_and_writes_nothing(
    people: People, service: ServiceProcess
) -> None:
    head = service.head()

    answer = await assess(people, facts=[{"name": "never_event_type", "value": "never-events-2018:3"}])

    never = answers(answer)["never_event"]
    assert (never["outcome"], never["criteria_met"], never["proposed_responses"]) == (
        "met",
        ["never-events-2018:3"],
        ["psii"],
    )
    (met,) = [each for each in never["criteria"] if each["outcome"] == "met"]
    assert met["decided_by"] == [{"fact": "never_event_type", "patient": None, "value": "never-events-2018:3"}]
    assert {"fact": "never_event_exclusion", "patient": None} in never["presumed"]
    assert service.head() == head


async def test_the_duty_of_candour_is_never_derived_from_lfpse_harm(people: People) -> None:
    severe = [{"sequence": 1, "physical_harm": {"code": "2", "taxonomy": "lfpse-5"}}]

    answer = await assess(people, patients=severe, facts=[{"name": "unintended_or_unexpected", "value": True}])

    candour = answers(answer)["notifiable_safety_incident"]
    assert candour["outcome"] == "unclear"
    assert {"fact": "candour_harm", "patient": 1} in candour["missing"]
    moderate = [each for each in candour["counterfactuals"] if each["value"] == "moderate_harm"]
    assert [each["outcome"] for each in moderate if each["fact"] == "candour_harm"] == ["met"]
    assert any("moderate harm" in each["sentence"] for each in moderate)


async def test_obligations_of_a_dry_run_carry_their_due_time_force_and_source(people: People) -> None:
    breach = [{"name": "data_breach", "value": True}]

    answer = await assess(people, facts=breach, identified_at="2026-03-27T18:00:00Z")

    (ico,) = [each for each in answer.json()["obligations"] if each["rule"] == "IG-01"]
    assert (ico["due_at"], ico["unit"], ico["length"], ico["force"]) == ("2026-03-30T18:00:00+00:00", "H", 72, "law")
    assert ico["source"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"provider": "ZZ999"}, "/provider"),
        ({"editions": ["no-such-edition"]}, "/editions/0"),
        ({"editions": ["sif-2015-r2", "psirf-2022-r2"]}, "/editions/1"),
        ({"facts": [{"name": "died", "value": True}]}, "/facts/0/patient"),
        ({"facts": [{"name": "died", "patient": 1, "value": "yes"}]}, "/facts/0/value"),
        ({"facts": [{"name": "no_such_fact", "value": True}]}, "/facts/0/name"),
        (
            {"patients": [{"sequence": 1, "physical_harm": {"code": "9", "taxonomy": "lfpse-5"}}]},
            "/patients/0/physical_harm/value",
        ),
        ({"patients": [{"sequence": 1}, {"sequence": 1}]}, "/patients/1/sequence"),
        ({"unknown": 1}, "/unknown"),
    ],
)
async def test_a_dry_run_refuses_what_could_not_be_recorded(people: People, changes: Any, pointer: str) -> None:
    answer = await assess(people, **changes)
    assert answer.status_code == 422
    assert [error["pointer"] for error in problem_in(answer)["errors"]] == [pointer]


async def test_a_dry_run_can_be_held_against_other_editions(people: People) -> None:
    death = [
        {"name": "died", "patient": 1, "value": True},
        {"name": "unexpected_or_avoidable", "patient": 1, "value": True},
    ]
    own, older = await assess(people, facts=death), await assess(people, facts=death, editions=["sif-2015-r2"])
    assert "serious_incident" not in answers(own)
    assert answers(older)["serious_incident"]["outcome"] == "met"
    assert older.json()["regime"] == "sif-2015"
    assert "psirf-2022-r2" not in {each.partition("@")[0] for each in older.json()["editions"]}


async def test_an_edition_that_a_dry_run_is_held_against_stands_beside_those_of_other_families(people: People) -> None:
    """A Never Event is a serious incident whatever the harm: the framework's answer rests on that of another edition."""
    swab = [{"name": "never_event_type", "value": "never-events-2018:3"}]

    older = await assess(people, facts=swab, editions=["sif-2015-r2"])

    assert answers(older)["never_event"]["criteria_met"] == ["never-events-2018:3"]
    assert answers(older)["serious_incident"]["criteria_met"] == ["SI-5"]
    assert {"SIF-01", "SIF-03"} <= {each["rule"] for each in older.json()["obligations"]}


async def test_editions_are_listed_shown_and_searched(people: People) -> None:
    http = people.manager.http
    listed = (await http.get("/v1/policy/editions", params={"replaced": "false"})).json()
    assert "sif-2015" not in {each["name"] for each in listed}
    newest = next(each for each in listed if each["name"] == "sif-2015-r2")

    shown = await http.get(f"/v1/policy/editions/{newest['reference']}")
    assert shown.json()["digest"] == newest["digest"]
    assert all(rule["sentence"] and rule["source"] for rule in shown.json()["rules"])
    again = await http.get("/v1/policy/editions/sif-2015-r2", headers={"If-None-Match": shown.headers["ETag"]})
    assert again.status_code == 304
    text = await http.get("/v1/policy/editions/sif-2015-r2", headers={"Accept": "text/markdown"})
    assert text.headers["content-type"] == "text/markdown; charset=utf-8"
    assert text.text.startswith("# Serious Incident Framework 2015")
    assert (await http.get("/v1/policy/editions/no-such-edition")).status_code == 404

    by_name = [(await http.get("/v1/policy/search", params={"words": name})).json() for name in ("SI", "SIRI", "SUI")]
    assert by_name[0] == by_name[1] == by_name[2]
    assert "SIF-01" in {hit["id"] for hit in by_name[0]}


async def test_a_decision_departs_from_a_clear_assessment_only_with_a_reason(people: People) -> None:
    http = people.manager.http
    report = await people.reporter.http.post("/v1/incidents", json=a_report())
    case = f"/v1/incidents/{report.json()['id']}"
    await http.post(f"{case}/facts", json={"facts": [{"name": "never_event_type", "value": "never-events-2018:3"}]})
    decision = {
        "question": "never_event",
        "outcome": "not_met",
        "reasons": "The swab was left in on purpose.",
        "edition": "never-events-2018",
        "identified_at": ago(minutes=5),
    }

    refused = await http.post(f"{case}/threshold-decisions", json=decision)
    taken = await http.post(
        f"{case}/threshold-decisions", json={**decision, "departure": "It was packing, and counted."}
    )

    assert (refused.status_code, problem_in(refused)["code"]) == (422, "incident.departure-unexplained")
    assert taken.status_code == 201, taken.text
    position = taken.json()["position"]
    (shown,) = (await http.get(f"{case}/threshold-decisions", params={"min_position": position})).json()
    assert (shown["outcome"], shown["assessed_outcome"], shown["departs"]) == ("not_met", "met", True)
    assert (shown["assessed_criteria"], shown["departure"]) == ("never-events-2018:3", "It was packing, and counted.")
    one = (await http.get(f"{case}/threshold-decisions/{shown['id']}", params={"min_position": position})).json()
    assert one["explanation"]["reproduced"] is True
    (met,) = [each for each in one["explanation"]["criteria"] if each["outcome"] == "met"]
    assert met["decided_by"] == [{"fact": "never_event_type", "patient": None, "value": "never-events-2018:3"}]
    assert any(each["fact"] == "never_event_exclusion" for each in one["explanation"]["counterfactuals"])
    for person, status in ((people.commissioner, 200), (people.other_manager, 404), (people.auditor, 200)):
        assert (await person.http.get(f"{case}/threshold-decisions/{shown['id']}")).status_code == status
