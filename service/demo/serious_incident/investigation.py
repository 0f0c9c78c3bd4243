"""The comprehensive investigation: weeks without a lead, one finding, one action, a report four days late."""

from service.demo.case import Case
from service.demo.cast import COMMISSIONER, INVESTIGATOR, MATRON, NURSE_DIRECTOR, RISK_MANAGER


async def commission(case: Case) -> str:
    """The level that the rules propose; for more than three weeks nobody leads it."""
    await case.stage.at(11, "11:00")
    response = await case.does(
        RISK_MANAGER,
        "commissions a comprehensive investigation",
        "learning-responses",
        method="comprehensive",
        reason="Severe harm; several teams hand over to each other at that hour.",
        alternatives=[{"method": "concise", "reason": "One ward's managers would not see the handover from outside."}],
    )
    await case.stage.at(35, "10:00")
    await case.stage.does(
        RISK_MANAGER,
        "appoints its lead, after more than three weeks",
        f"/v1/learning-responses/{response.id}/leads",
        name="Drew Specimen",
        role="Investigator, adult wards",
        independent_of_service=True,
    )
    return response.id


async def find(case: Case, response: str) -> str:
    """One finding, about the system and nobody in it; its id."""
    await case.stage.at(58, "15:00")
    sheet = await case.does(
        INVESTIGATOR,
        "secures the handover sheet",
        "evidence",
        item="Handover sheet of the evening, original on paper.",
        custodian="Drew Specimen",
    )
    finding = await case.stage.does(
        INVESTIGATOR,
        "finds that no handover asks about the alarm",
        f"/v1/learning-responses/{response}/findings",
        words="The handover sheet has no line for equipment; whether the mat is on is known by whoever put it there.",
        evidence=[sheet.id],
        factors=[{"code": "tools-and-technology", "seen": "A mat without power looks like one with power."}],
    )
    return finding.id


async def agree_action(case: Case, response: str, finding: str) -> str:
    """One owner, who accepts it, and a group that follows it up."""
    await case.stage.at(88, "10:00")
    action = await case.stage.does(
        RISK_MANAGER,
        "agrees an action: a line for equipment on every handover sheet",
        "/v1/actions",
        incidents=[case.id],
        learning_response=response,
        findings=[finding],
        change="Every handover sheet asks whether alarms are on, and the mats show a light when they are.",
        owner_name="Sal Example",
        owner_role="Matron, older people",
        due_on=case.stage.day(116),
        strength="stronger",
    )
    await case.stage.does(MATRON, "accepts it", f"/v1/actions/{action.id}/acceptance")
    await case.stage.does(
        RISK_MANAGER, "names who follows it up", f"/v1/actions/{action.id}/monitoring", group="Falls group"
    )
    return action.id


async def sign_off(case: Case, response: str) -> None:
    """For the board, a day after the report was due; for two days it is with its approver."""
    await case.stage.at(93, "16:00")
    await case.stage.does(
        RISK_MANAGER,
        "puts the draft forward to its approver",
        f"/v1/learning-responses/{response}/drafts",
        summary="Those affected have come back on it; the plan is agreed with the ward.",
    )
    await case.stage.at(95, "16:00")
    await case.stage.does(
        NURSE_DIRECTOR,
        "approves the investigation for the board",
        f"/v1/learning-responses/{response}/approval",
        approver="Vic Fixture",
    )


async def send_to_commissioner(case: Case, response: str) -> None:
    """Sixty working days after StEIS have passed; the commissioner's own time begins with the receipt."""
    await case.stage.at(98, "09:00")
    await case.stage.does(
        RISK_MANAGER,
        "submits the report and action plan, after the 60 working days",
        f"/v1/learning-responses/{response}/submission",
        to="ZZQ",
    )
    await case.stage.at(100, "11:00")
    await case.stage.does(
        COMMISSIONER,
        "confirms that it has the report",
        f"/v1/learning-responses/{response}/receipt",
        receipt="ZZQ-19-04",
    )
