"""Two improvement actions: one completed with evidence and verified by somebody else, one extended and then overdue."""

from typing import Any

from service.demo.case import Case
from service.demo.cast import APPROVER, SAFETY_MANAGER, THEATRE_MANAGER, WARD_MANAGER
from service.demo.swab.response import Findings


async def agree_actions(case: Case, response: str, findings: Findings) -> tuple[str, str]:
    """Each has one named owner, who accepts it; only the first has a group that follows it up."""
    await case.stage.at(57, "10:00")
    boards = await _is_agreed(
        case,
        "a count board in sight of the table",
        response,
        findings=[findings.board],
        change="Hang an electronic count board in sight of the scrub team in every theatre.",
        owner_name="Terry Specimen",
        owner_role="Theatre manager",
        due_on=case.stage.day(77),
        strength="stronger",
        measure="Counts that needed a search, for each thousand operations.",
    )
    breaks = await _is_agreed(
        case,
        "no break while a count is going on",
        response,
        areas_for_improvement=[findings.area],
        change="Rosters give breaks before the closing count or after it, never during it.",
        owner_name="Nic Sample",
        owner_role="Ward and theatre rota lead",
        due_on=case.stage.day(70),
        strength="intermediate",
    )
    await case.stage.at(58, "09:00")
    await _does(case, THEATRE_MANAGER, "accepts the first action", boards, "acceptance")
    await _does(case, WARD_MANAGER, "accepts the second action", breaks, "acceptance")
    await _does(
        case,
        SAFETY_MANAGER,
        "names who follows the first action up",
        boards,
        "monitoring",
        group="Theatre safety group",
    )
    return boards, breaks


async def see_actions_through(case: Case, actions: tuple[str, str]) -> None:
    """The second gets more time; the first is done, and somebody other than its owner goes and looks."""
    boards, breaks = actions
    await case.stage.at(67, "15:00")
    await _does(
        case,
        APPROVER,
        "gives the second action two more weeks",
        breaks,
        "extensions",
        due_on=case.stage.day(84),
        reason="The rota system takes the new rule only with its next release.",
        agreed_by="Max Placeholder",
    )
    await case.stage.at(74, "13:00")
    photograph = await case.does(
        THEATRE_MANAGER,
        "secures the evidence that the boards hang",
        "evidence",
        item="Photographs of the new count boards in all eight theatres, with the dates.",
        custodian="Terry Specimen",
    )
    await _does(
        case,
        THEATRE_MANAGER,
        "completes the first action",
        boards,
        "completion",
        evidence=[photograph.id],
        summary="All eight theatres have the board; staff have used it for a week.",
    )
    await case.stage.at(78, "09:30")
    seen = "I watched three counts in theatres 2, 4 and 7: everybody at the table looked up at the board."
    await _does(case, SAFETY_MANAGER, "verifies the first action", boards, "verification", seen=seen)


async def _is_agreed(case: Case, what: str, response: str, /, **body: Any) -> str:
    agreed = await case.stage.does(
        SAFETY_MANAGER,
        f"agrees an action: {what}",
        "/v1/actions",
        incidents=[case.id],
        learning_response=response,
        **body,
    )
    return agreed.id


async def _does(case: Case, *said: Any, **body: Any) -> None:
    voice, does, action, part = said
    await case.stage.does(voice, does, f"/v1/actions/{action}/{part}", **body)
