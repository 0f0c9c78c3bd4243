"""The learning response: a PSII with a lead from outside, findings that cite what they rest on, and an approval."""

from dataclasses import dataclass

from service.demo.case import Case
from service.demo.cast import APPROVER, RESPONSE_LEAD, SAFETY_MANAGER
from service.demo.swab.first_day import Evidence


@dataclass(frozen=True, slots=True)
class Findings:
    """What the investigation found, by the ids; `weighing` is followed by no action."""

    board: str
    handover: str
    weighing: str
    area: str


async def commission_response(case: Case) -> str:
    """A Never Event asks for a PSII; it has begun when somebody leads it."""
    await case.stage.at(4, "11:00")
    response = await case.does(
        SAFETY_MANAGER,
        "commissions a patient safety incident investigation",
        "learning-responses",
        method="psii",
        reason="A Never Event: the national response is an investigation, with the patient's questions in its terms.",
        alternatives=[{"method": "after_action_review", "reason": "Not enough for a Never Event."}],
    )
    await case.stage.at(4, "11:30")
    await case.stage.does(
        SAFETY_MANAGER,
        "appoints its lead",
        f"/v1/learning-responses/{response.id}/leads",
        name="Lee Specimen",
        role="Patient safety investigator",
        independent_of_service=True,
    )
    await case.does(
        SAFETY_MANAGER,
        "assigns the learning response lead",
        "assignments",
        assignment="learning_response_lead",
        name="Lee Specimen",
        role="Patient safety investigator",
    )
    return response.id


async def find(case: Case, response: str, evidence: Evidence) -> Findings:
    """Three findings, and one area in which the system should change."""
    await case.stage.at(37, "10:00")
    path = f"/v1/learning-responses/{response}"
    board = await _finds(
        case,
        path,
        "the count board cannot be seen from the table",
        words="Swabs added during the operation were written on a board behind the scrub team.",
        evidence=[evidence.count_sheet, evidence.x_ray],
        factors=[{"code": "internal-environment", "seen": "The board hangs behind the scrub team."}],
    )
    handover = await _finds(
        case,
        path,
        "the count was handed over in the middle of closing",
        words="The scrub practitioner changed for a break while the count was going on.",
        evidence=[evidence.count_sheet],
        factors=[{"code": "tasks"}, {"code": "organisation", "seen": "No rule says when breaks are taken."}],
    )
    weighing = await _finds(
        case,
        path,
        "swabs are not weighed",
        words="Weighing was considered by the theatre in 2024 and not taken up.",
        factors=[{"code": "tools-and-technology"}],
    )
    area = await case.stage.does(
        RESPONSE_LEAD,
        "names an area for improvement",
        f"{path}/areas-for-improvement",
        words="How a count is kept, seen and handed over while an operation ends.",
        findings=[board, handover],
    )
    return Findings(board, handover, weighing, area.id)


async def _finds(case: Case, path: str, what: str, /, **body: object) -> str:
    return (await case.stage.does(RESPONSE_LEAD, f"finds that {what}", f"{path}/findings", **body)).id


async def approve_response(case: Case, response: str) -> None:
    """Signed off for the board, within the three months that PSIRF ordinarily expects."""
    await case.stage.at(80, "16:00")
    await case.stage.does(
        APPROVER,
        "approves the investigation for the board",
        f"/v1/learning-responses/{response}/approval",
        approver="Max Placeholder",
    )
