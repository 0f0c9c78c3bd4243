"""The decisions of Maundy Thursday, asked first by dry run, and whom they oblige the trust to tell across Easter."""

from typing import Any, Final

from service.demo.asking.dry_run import try_out
from service.demo.asking.explanation import explain
from service.demo.case import CANDOUR, Case
from service.demo.cast import RISK_MANAGER

_FRAMEWORK: Final = "sif-2015"
_SEVERE: Final = {"code": "2", "taxonomy": "lfpse-5"}

_EASTER: Final = (
    "Good Friday, 19 April, and Easter Monday, 22 April, are no working days: two of them end on Wednesday the 24th,"
    " three on Thursday the 25th."
)

_FACTS: Final[tuple[dict[str, Any], ...]] = (
    {"name": "physical_harm", "patient": 1, "value": _SEVERE},
    {"name": "unexpected_or_avoidable", "patient": 1, "value": True},
    {"name": "unintended_or_unexpected", "value": True},
    {"name": "candour_harm", "patient": 1, "value": "severe_harm"},
)


async def say_facts(case: Case) -> None:
    """The X-ray shows a broken hip; the consultant judges the harm; the rules are tried out before anybody decides."""
    stage = case.stage
    await stage.at(3, "09:45")
    asked = {
        "provider": "ZZ2",
        "discovered_at": stage.instant(2, "21:10"),
        "identified_at": stage.instant(3, "09:30"),
        "patients": [{"sequence": 1}],
        "facts": list(_FACTS),
    }
    await try_out(stage, asked)
    judged = {"name": "Kit Instance", "profession": "Consultant geriatrician", "judged_at": stage.instant(3, "09:20")}
    *seen, candour = _FACTS
    await case.does(
        RISK_MANAGER,
        "adds the broken hip, and the harm as the consultant judged it",
        "facts",
        facts=[*seen, {**candour, "judged_by": judged}],
    )


async def decide(case: Case) -> None:
    """Three questions, answered as the rules say; the first one then explains itself."""
    identified = case.stage.instant(3, "09:30")
    await case.stage.at(3, "10:15")
    serious = await case.decides(
        "serious_incident",
        "met",
        _FRAMEWORK,
        criteria=["SI-2"],
        reasons="A broken hip that an alarm would have prevented: severe harm, and avoidable.",
        rests_on=["physical_harm", "unexpected_or_avoidable"],
        identified_at=identified,
    )
    await explain(case, serious.id)
    await case.decides(
        "never_event",
        "not_met",
        "never-events-2018",
        reasons="Falls are not on the list, save from windows with poor restrictors.",
        rests_on=["never_event_type"],
    )
    await case.decides(
        "notifiable_safety_incident",
        "met",
        CANDOUR,
        criteria=["R20-8-severe-harm"],
        reasons="Unintended, and severe harm in the opinion of the consultant.",
        rests_on=["candour_harm", "unintended_or_unexpected"],
        identified_at=identified,
    )


async def tell_everybody(case: Case) -> None:
    """Good Friday and Easter Monday are no working days: two of them end on Wednesday, three on Thursday."""
    case.stage.teller.note(_EASTER)
    await case.stage.at(8, "09:30")
    for system, does, purpose in (
        ("steis", "reports on StEIS, on the first working day after Easter", "serious-incident"),
        ("nrls", "sends the record to the national learning system", "patient-safety-record"),
    ):
        await case.does(
            RISK_MANAGER,
            does,
            "external-submissions",
            system=system,
            purpose=purpose,
            reference=f"{system.upper()}-{case.stage.reference(1)}",
            status="accepted",
        )
    await case.does(
        RISK_MANAGER,
        "tells the other bodies that must know",
        "notifications",
        recipient="relevant_bodies",
        purpose="serious-incident",
        channel="email",
    )
    await case.stage.at(10, "16:00")
    await case.does(
        RISK_MANAGER,
        "sends the initial review to the commissioner, on its last day",
        "initial-reviews",
        summary="Confirmed as a serious incident. Mats are checked at each handover. Level 2, comprehensive, is proposed.",
        submitted_to="ZZQ",
    )
