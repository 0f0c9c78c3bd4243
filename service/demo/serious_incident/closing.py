"""Closing a serious incident: the trust may not, its commissioner does, within twenty days of the report."""

from service.demo.case import Case
from service.demo.cast import COMMISSIONER, MATRON, RISK_MANAGER


async def finish_action(case: Case, action: str) -> None:
    """Done with evidence, and seen by somebody other than its owner."""
    await case.stage.at(112, "10:00")
    photograph = await case.does(
        MATRON,
        "secures the evidence of the new sheet",
        "evidence",
        item="The new handover sheet of both wards, with the first week filled in.",
        custodian="Sal Example",
    )
    await case.stage.does(
        MATRON,
        "completes the action",
        f"/v1/actions/{action}/completion",
        evidence=[photograph.id],
        summary="Both wards hand over with the new sheet; every mat has a light.",
    )
    await case.stage.at(115, "09:00")
    await case.stage.does(
        RISK_MANAGER,
        "verifies the action",
        f"/v1/actions/{action}/verification",
        seen="I heard four handovers on two evenings: the alarms were asked about in each.",
    )


async def fail_to_close_as_provider(case: Case) -> None:
    """Under the framework the commissioner decides that a serious incident is closed."""
    await case.is_not_closed("tries to close the case")


async def close_as_commissioner(case: Case) -> None:
    """The last step of 2019."""
    await case.stage.at(119, "15:00")
    await case.does(COMMISSIONER, "closes the case: report and plan are of the quality asked for", "closure")
