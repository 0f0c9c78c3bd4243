"""An outage of the electronic prescribing system: an incident in which no patient was involved."""

from typing import Any, Final

from service.demo.case import LOCAL_PLAN, Case, report
from service.demo.cast import REPORTER, SAFETY_MANAGER
from service.demo.stage import Stage

_FIRST_DAY: Final = 94


async def play_outage(stage: Stage) -> Case:
    """Play the case to its closure."""
    await stage.at(_FIRST_DAY, "05:10")
    case = await report(stage, REPORTER, "reports an outage; nobody was involved", **_what_was_reported(stage))
    await case.does(
        REPORTER,
        "keeps the wards safe",
        "safety-steps",
        steps_taken="Paper charts were printed from the hourly copy; two pharmacists checked every dose until 06:40.",
    )
    await stage.at(_FIRST_DAY, "13:30")
    await case.does(
        SAFETY_MANAGER,
        "adds that a service stopped",
        "facts",
        facts=[
            {"name": "service_stopped", "value": True},
            {"name": "data_breach", "value": False},
            {"name": "plan_theme", "value": "none"},
        ],
    )
    await _notify_cqc(case)
    await case.decides(
        "plan_priority",
        "not_met",
        LOCAL_PLAN,
        reasons="No priority of the plan is about systems that fail; digital services review the outage themselves.",
        rests_on=["plan_theme"],
    )
    await stage.at(_FIRST_DAY + 1, "10:00")
    await case.is_closed(
        "closes the case, with the reason why there is no learning response",
        reason="Digital services hold the review with the supplier; no patient was affected and no dose was missed.",
    )
    return case


async def _notify_cqc(case: Case) -> None:
    """What stops a service is notified without delay: the law asks, and the case does not close before."""
    await case.decides(
        "cqc_notification",
        "met",
        "cqc-notifications",
        criteria=["CQC-18g"],
        reasons="Electronic prescribing stopped for the whole site, and nobody had told NHS England.",
        rests_on=["service_stopped"],
    )
    await case.stage.at(_FIRST_DAY, "14:10")
    await case.does(
        SAFETY_MANAGER,
        "notifies CQC",
        "notifications",
        recipient="cqc",
        purpose="service-stopped",
        channel="portal",
        receipt=f"CQC-{case.stage.reference(3)}",
    )


def _what_was_reported(stage: Stage) -> dict[str, Any]:
    return {
        "local_reference": stage.reference(3),
        "discovered_at": stage.instant(_FIRST_DAY, "04:20"),
        "occurred_at": {"from": stage.instant(_FIRST_DAY, "03:55"), "to": stage.instant(_FIRST_DAY, "04:20")},
        "what_happened": "Electronic prescribing stopped at about four in the morning after an update of the database.",
        "location": {"site": "Main site", "division": "Digital services"},
        "patients": [],
    }
