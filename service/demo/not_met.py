"""A report that meets no threshold: every question is asked, each is answered "not met", and the case is closed."""

from typing import Any, Final

from service.demo.case import CANDOUR, LOCAL_PLAN, PSIRF, Case, report
from service.demo.cast import REPORTER, SAFETY_MANAGER
from service.demo.stage import Stage

_FIRST_DAY: Final = 92
_NO_HARM: Final = {"code": "5", "taxonomy": "lfpse-5"}
_NO_HARM_IN_MIND: Final = {"code": "4", "taxonomy": "lfpse-5"}


async def play_not_met(stage: Stage) -> Case:
    """Play the case to its closure."""
    await stage.at(_FIRST_DAY, "09:05")
    case = await report(stage, REPORTER, "reports a fall without harm", **_what_was_reported(stage))
    await case.does(
        REPORTER,
        "makes the place safe",
        "safety-steps",
        steps_taken="The spilt water was dried, a warning sign put up, and the patient helped to a chair and examined.",
    )
    await stage.at(_FIRST_DAY + 1, "11:00")
    await case.does(
        SAFETY_MANAGER,
        "records that LFPSE took the report",
        "external-submissions",
        system="lfpse",
        purpose="patient-safety-record",
        reference=f"LFPSE-{stage.reference(2)}",
        status="accepted",
    )
    await _say_facts(case)
    await _answer_every_question(case)
    await stage.at(_FIRST_DAY + 1, "11:45")
    await case.is_closed(
        "closes the case, with the reason why there is no learning response",
        reason="No harm, nothing new to learn: the spill is looked at in the quarterly review of slips.",
    )
    return case


def _what_was_reported(stage: Stage) -> dict[str, Any]:
    return {
        "local_reference": stage.reference(2),
        "discovered_at": stage.instant(_FIRST_DAY, "08:40"),
        "occurred_at": stage.instant(_FIRST_DAY, "08:35"),
        "what_happened": "A patient slipped on spilt water beside the ward kitchen, sat down on the floor, and was not hurt.",
        "location": {"site": "Main site", "division": "Medicine", "specialty": "Care of older people"},
        "patients": [{"sequence": 1, "physical_harm": _NO_HARM, "psychological_harm": _NO_HARM_IN_MIND}],
    }


async def _say_facts(case: Case) -> None:
    """What the answers rest on, so that the rules are as clear as the people who decide."""
    await case.stage.at(_FIRST_DAY + 1, "11:20")
    judged = {
        "name": "Alex Fixture",
        "profession": "Ward doctor",
        "judged_at": case.stage.instant(_FIRST_DAY, "09:30"),
    }
    await case.does(
        SAFETY_MANAGER,
        "adds what the answers rest on, and no harm as a doctor judged it",
        "facts",
        facts=[
            {"name": "unintended_or_unexpected", "value": True},
            {"name": "candour_harm", "patient": 1, "value": "none", "judged_by": judged},
            {"name": "plan_theme", "value": "none"},
        ],
    )


async def _answer_every_question(case: Case) -> None:
    await case.stage.at(_FIRST_DAY + 1, "11:30")
    reasons = (
        ("never_event", PSIRF, "never_event_type", "Nothing on the Never Events list describes a slip on a wet floor."),
        (
            "national_response",
            PSIRF,
            "physical_harm",
            "No death, no detention, no maternity criterion: no response is set nationally.",
        ),
        ("plan_priority", LOCAL_PLAN, "plan_theme", "The plan's priority is falls with harm; this one caused none."),
        (
            "notifiable_safety_incident",
            CANDOUR,
            "candour_harm",
            "No harm that regulation 20 names; the patient was told and thanked us.",
        ),
    )
    for question, edition, fact, words in reasons:
        await case.decides(question, "not_met", edition, reasons=words, rests_on=[fact])
