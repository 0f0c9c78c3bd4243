"""The decisions: a Never Event on the first day, candour once the harm is judged, and an ICB that is told too late."""

from service.demo.asking.lateness import ask_why_late
from service.demo.asking.worklist import read_worklist
from service.demo.case import CANDOUR, PSIRF, Case
from service.demo.cast import SAFETY_MANAGER


async def decide_never_event(case: Case) -> None:
    """It is one whatever the harm, and the local plan gives two working days to tell the ICB."""
    await case.stage.at(0, "14:00")
    await case.does(
        SAFETY_MANAGER,
        "adds which Never Event it is",
        "facts",
        facts=[
            {"name": "never_event_type", "value": "never-events-2018:3"},
            {"name": "unintended_or_unexpected", "value": True},
        ],
    )
    await case.decides(
        "never_event",
        "met",
        PSIRF,
        criteria=["never-events-2018:3"],
        reasons="A swab that is part of a formal count was retained after a procedure; harm is not needed.",
        rests_on=["never_event_type"],
        identified_at=case.stage.instant(0, "11:30"),
    )


async def decide_candour(case: Case) -> None:
    """The patient returns to theatre; a professional judges the harm, and the duty of candour is owed."""
    await case.stage.at(1, "09:30")
    await case.does(
        SAFETY_MANAGER,
        "records that LFPSE took the report",
        "external-submissions",
        system="lfpse",
        purpose="patient-safety-record",
        reference=f"LFPSE-{case.stage.reference(1)}",
        status="accepted",
    )
    await case.stage.at(1, "16:30")
    await case.does(
        SAFETY_MANAGER,
        "adds the return to theatre, and the harm that is now known",
        "facts",
        facts=[
            {"name": "return_to_theatre", "patient": 1, "value": True},
            {"name": "physical_harm", "patient": 1, "value": {"code": "3", "taxonomy": "lfpse-5"}},
        ],
    )
    await case.stage.at(2, "10:00")
    judged = {"name": "Alex Fixture", "profession": "Consultant surgeon", "judged_at": case.stage.instant(2, "09:15")}
    await case.does(
        SAFETY_MANAGER,
        "adds the harm as a surgeon judged it",
        "facts",
        facts=[{"name": "candour_harm", "patient": 1, "value": "moderate_harm", "judged_by": judged}],
    )
    await case.decides(
        "notifiable_safety_incident",
        "met",
        CANDOUR,
        criteria=["R20-8-moderate-harm"],
        reasons="Unintended, and a further operation was needed: moderate harm in the opinion of the surgeon.",
        rests_on=["candour_harm", "unintended_or_unexpected"],
    )


async def work_off_the_worklist(case: Case) -> None:
    """Nobody has said in so many words that the response is set nationally, and the ICB was forgotten."""
    await case.stage.at(7, "11:15")
    await read_worklist(case)
    await case.decides(
        "national_response",
        "met",
        PSIRF,
        criteria=["psirf-never-event"],
        reasons="A Never Event has an investigation, whatever the plan says; it was commissioned on Friday.",
        rests_on=["never_event_type"],
    )
    await _tell_the_icb_late(case)
    await ask_why_late(case, "ZZ1-01")


async def _tell_the_icb_late(case: Case) -> None:
    """Two working days ended last week; the notification counts, and shows as late."""
    await case.stage.at(7, "11:30")
    await case.does(
        SAFETY_MANAGER,
        "tells the ICB, after the two working days of the local plan",
        "notifications",
        recipient="commissioner",
        organisation="ZZQ",
        purpose="never-event",
        channel="email",
        receipt=f"ZZQ-{case.stage.reference(1)}",
    )
