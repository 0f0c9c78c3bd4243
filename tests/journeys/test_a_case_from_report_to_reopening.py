"""The whole life of a case over HTTP: reported, decided, answered for, closed, and opened again when facts change."""

from typing import Any

from tests.support.running.people import People, a_report, ago

PSIRF = "psirf-2022"
CANDOUR = "candour-regulation-20"
NOT_READY = {
    "legal-duty-unmet",
    "person-without-notice",
    "person-without-letter",
    "person-without-results",
    "question-unanswered",
    "response-not-approved",
    "response-not-shared",
    "action-not-accepted",
    "action-not-monitored",
}


async def test_a_case_lives_from_its_report_to_its_reopening(people: People) -> None:
    # Given a report of harm that is not yet known,
    case = await people.reporter.does("/v1/incidents", **a_report())
    at = f"/v1/incidents/{case['id']}"
    await people.reporter.does(f"{at}/safety-steps", steps_taken="The pump was taken out of use.")

    # when a surgeon judges the harm and the questions are answered, candour is owed to the patient,
    await people.manager.does(f"{at}/facts", facts=_harm("moderate_harm"))
    await _decides_questions(people, at)
    towards, question = await _asks(people, at)

    # and a learning response finds something that an action answers.
    response, finding = await _learns(people, at)
    action = await _agrees_action(people, case["id"], response, finding)

    # Then the case cannot be closed, and every reason is told at once,
    refused = await people.manager.is_refused(f"{at}/closure", "incident.case-not-ready")
    assert {error["code"] for error in refused["errors"]} == NOT_READY
    assert [error["detail"] for error in refused["errors"]] == refused["reasons"]

    # and when each of them is put right
    await _is_open_with(people, at, towards, question)
    await people.approver.does(f"/v1/learning-responses/{response}/approval", approver="Max Placeholder")
    await _shares_results(people, at, towards, response)
    await people.owner.does(f"/v1/actions/{action}/acceptance")
    await people.manager.does(f"/v1/actions/{action}/monitoring", group="Medicines safety group")

    # it is closed, with an action that stays on the board,
    closed = await people.manager.does(f"{at}/closure")
    record = await people.manager.reads(at, min_position=closed["position"])
    assert (record["status"], record["ending"], record["actions_open"]) == ("closed", "response_complete", 1)
    board = await people.owner.reads("/v1/actions", min_position=closed["position"])
    assert action in {row["id"] for row in board}

    # and is opened again when the facts change.
    await _is_opened_again(people, at)


async def _is_opened_again(people: People, at: str) -> None:
    # A closed case still takes facts; one that a decision rested on asks for a new decision,
    fact = await people.manager.does(f"{at}/facts", facts=_harm("death"))
    record = await people.manager.reads(at, min_position=fact["position"])
    assert (record["status"], record["decide_again"]) == ("closed", ["notifiable_safety_incident"])
    again = _decision("notifiable_safety_incident", "met", CANDOUR, criteria=["death"])
    await people.manager.is_refused(f"{at}/threshold-decisions", "incident.case-closed", **again)

    # which is taken once the case is open.
    await people.manager.does(f"{at}/reopening", reason="The patient died.")
    decided = await people.manager.does(f"{at}/threshold-decisions", **again)
    record = await people.manager.reads(at, min_position=decided["position"])
    assert (record["status"], record["decide_again"], record["times_reopened"]) == ("open", [], 1)


async def test_a_serious_incident_of_2019_is_closed_by_its_commissioner(people: People) -> None:
    # Given a trust that adopted PSIRF in 2023, and a serious incident that it discovered in 2019,
    manager, approver = people.sif_manager, people.sif_approver
    discovered = "2019-03-04T09:00:00Z"
    report = a_report(provider="ZZ9", discovered_at=discovered, patients=[{"sequence": 1}])
    case = await manager.does("/v1/incidents", **report, effective_at=discovered)
    at = f"/v1/incidents/{case['id']}"
    assert (await manager.reads(at, min_position=case["position"]))["regime"] == "sif-2015"
    for question, outcome in (("serious_incident", "met"), ("never_event", "not_met")):
        await manager.does(f"{at}/threshold-decisions", **_decision(question, outcome, "sif-2015"))
    await manager.does(f"{at}/threshold-decisions", **_decision("notifiable_safety_incident", "not_met", CANDOUR))
    await manager.does(f"{at}/external-submissions", system="steis", purpose="serious-incident", status="accepted")
    response = await manager.does(f"{at}/learning-responses", method="comprehensive", reason="A level 2 case.")
    answer = f"/v1/learning-responses/{response['id']}"
    await manager.does(f"{answer}/leads", name="Lee Sample", role="Investigator", independent_of_service=True)
    finding = await manager.does(f"{answer}/findings", words="Two charts were in use.", factors=[{"code": "tasks"}])
    await manager.does(f"{answer}/findings/{finding['id']}/no-action", reason="The charts were merged since.")
    await approver.does(f"{answer}/approval")

    # when its provider wants to close it, that is not the provider's decision;
    refused = await manager.is_refused(f"{at}/closure", "incident.closure-is-the-commissioners")
    assert refused["status"] == 403

    # nor can the commissioner close it before the report was submitted, and shared with whom it affected or not at all.
    early = await people.commissioner.is_refused(f"{at}/closure", "incident.case-not-ready")
    assert {error["code"] for error in early["errors"]} == {"response-not-submitted", "response-not-shared"}
    await people.commissioner.is_refused(f"{answer}/receipt", "learning_response.not-submitted")

    # After submission, receipt and a reason the commissioner closes it.
    await manager.does(f"{answer}/sharing-waiver", reason="The patient died of another illness and had no family.")
    await manager.does(f"{answer}/submission", to="ZZQ")
    await people.commissioner.does(f"{answer}/receipt", receipt="ZZQ-2019-17")
    closed = await people.commissioner.does(f"{at}/closure")
    record = await manager.reads(at, min_position=closed["position"])
    assert (record["status"], record["ending"]) == ("closed", "response_complete")

    # And no sixty days run on a case under PSIRF, while they do on this one.
    clocks = await manager.reads(f"{at}/obligations", min_position=closed["position"])
    assert {"SIF-01", "SIF-05", "SIF-07"} <= {clock["rule"] for clock in clocks}


async def test_a_report_entered_in_error_takes_nothing_more(people: People) -> None:
    case = await people.reporter.does("/v1/incidents", **a_report())
    at = f"/v1/incidents/{case['id']}"
    await people.manager.does(f"{at}/entered-in-error", reason="It was meant for another system.")

    for path, body in (
        ("facts", {"facts": [{"name": "service_stopped", "value": True}]}),
        ("safety-steps", {"steps_taken": "None."}),
        ("people", {"kind": "staff", "name": "Sam Instance"}),
        ("threshold-decisions", _decision("never_event", "not_met", PSIRF)),
        ("closure", {"reason": "Over."}),
        ("reopening", {"reason": "Not over."}),
        ("evidence", {"item": "A sheet.", "custodian": "Terry Specimen"}),
        ("learning-responses", {"method": "psii", "reason": "To learn."}),
        ("candour/relevant-persons", {"name": "Pat Example", "relationship": "patient"}),
    ):
        refused = await people.manager.is_refused(f"{at}/{path}", "incident.case-entered-in-error", **body)
        assert refused["status"] == 409


def _harm(code: str) -> list[dict[str, Any]]:
    judge = {"name": "Alex Fixture", "profession": "Consultant surgeon", "judged_at": ago(minutes=5)}
    return [{"name": "candour_harm", "patient": 1, "value": code, "judged_by": judge}]


def _decision(question: str, outcome: str, edition: str, **more: Any) -> dict[str, Any]:
    criteria = ["a-criterion"] if outcome == "met" else []
    said = {"criteria": criteria, "reasons": "As the facts stand.", "decided_by": "Robin Sample"}
    return {"question": question, "outcome": outcome, "edition": edition, **said, **more}


async def _decides_questions(people: People, at: str) -> None:
    for question, outcome, edition in (
        ("never_event", "not_met", PSIRF),
        ("national_response", "not_met", PSIRF),
        ("plan_priority", "met", PSIRF),
        ("notifiable_safety_incident", "met", CANDOUR),
    ):
        rests_on = ["candour_harm"] if edition == CANDOUR else []
        decision = _decision(question, outcome, edition, rests_on=rests_on)
        await people.manager.does(f"{at}/threshold-decisions", **decision)


async def _asks(people: People, at: str) -> tuple[dict[str, str], str]:
    """The patient asks a question."""
    patient = await people.manager.does(f"{at}/people", kind="patient", patient=1, name="Pat Example")
    named = {"person": patient["id"], "name": "Pat Example", "relationship": "patient"}
    person = await people.engagement.does(f"{at}/candour/relevant-persons", **named)
    towards = {"relevant_person": person["id"]}
    question = await people.engagement.does(f"{at}/candour/questions", **towards, words="Why was it given twice?")
    return towards, question["id"]


async def _learns(people: People, at: str) -> tuple[str, str]:
    """A learning response and its finding."""
    evidence = await people.reporter.does(f"{at}/evidence", item="The pump's log.", custodian="Terry Specimen")
    response = await people.manager.does(f"{at}/learning-responses", method="psii", reason="A priority of the plan.")
    answer = f"/v1/learning-responses/{response['id']}"
    await people.manager.does(f"{answer}/leads", name="Lee Sample", role="Investigator", independent_of_service=True)
    finding = await people.lead.does(f"{answer}/findings", words="Two charts were in use.", evidence=[evidence["id"]])
    return response["id"], finding["id"]


async def _agrees_action(people: People, case: str, response: str, finding: str) -> str:
    agreed = await people.manager.does(
        "/v1/actions",
        incidents=[case],
        learning_response=response,
        findings=[finding],
        change="One chart for each patient.",
        owner_name="Nic Sample",
        owner_role="Chief pharmacist",
        due_on="2199-12-31",
        strength="stronger",
    )
    action: str = agreed["id"]
    return action


async def _is_open_with(people: People, at: str, towards: dict[str, str], question: str) -> None:
    await people.engagement.does(
        f"{at}/candour/conversations",
        **towards,
        channel="in_person",
        facts_known="A dose was given twice.",
        apology_given=True,
        next_enquiries="An investigation.",
        support_offered="A named nurse.",
    )
    await people.engagement.does(f"{at}/candour/letters", **towards, kind="notification", apology_given=True)
    await people.engagement.does(f"{at}/candour/questions/{question}/answers", answer="Two charts were in use.")


async def _shares_results(people: People, at: str, towards: dict[str, str], response: str) -> None:
    shared = {"learning_response": response, "stage": "final", "channel": "in_person", "acknowledged": True}
    await people.engagement.does(f"{at}/candour/shares", **towards, **shared)
    await people.engagement.does(f"{at}/candour/letters", **towards, kind="results", apology_given=True)
