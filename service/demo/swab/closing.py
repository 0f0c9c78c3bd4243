"""Closing: refused with every reason, then everything is put right, then the case is closed with one action open."""

from service.demo.case import Case
from service.demo.cast import APPROVER, ENGAGEMENT_LEAD, SAFETY_MANAGER
from service.demo.swab.response import Findings


async def fail_to_close(case: Case) -> None:
    """The investigation is approved, and still the case is not ready."""
    await case.stage.at(85, "09:00")
    await case.is_not_closed("tries to close the case")


async def put_right(case: Case, *, person: str, question: str, response: str, findings: Findings, action: str) -> None:
    """Each reason against closing is answered."""
    await case.stage.at(86, "14:00")
    await case.does(
        ENGAGEMENT_LEAD,
        "answers the second question",
        f"candour/questions/{question}/answers",
        answer="Your surgeon expects the bowel to heal in full; you will be seen after six weeks and after six months.",
    )
    await case.does(
        ENGAGEMENT_LEAD,
        "shares the final report with the patient",
        "candour/shares",
        relevant_person=person,
        learning_response=response,
        stage="final",
        channel="in_person",
        acknowledged=True,
    )
    await case.does(
        ENGAGEMENT_LEAD,
        "sends the results in writing",
        "candour/letters",
        relevant_person=person,
        kind="results",
        apology_given=True,
        contents="We are sorry. This letter holds what the investigation found and what has changed.",
    )
    await case.stage.does(
        APPROVER,
        "says why no action follows from the third finding",
        f"/v1/learning-responses/{response}/findings/{findings.weighing}/no-action",
        reason="A national trial of weighing reports next year; buying scales before that would be a guess.",
    )
    await case.stage.does(
        SAFETY_MANAGER,
        "names who follows the second action up",
        f"/v1/actions/{action}/monitoring",
        group="Theatre safety group",
    )


async def close_at_last(case: Case) -> None:
    """An action that is overdue does not hold the case: it stays on the board."""
    await case.stage.at(91, "09:30")
    await case.is_closed("closes the case: the response is complete, one action stays open")
