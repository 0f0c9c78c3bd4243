"""Why was it late? The time that a duty took, in intervals, each put down to whoever it waited for."""

from service.demo.case import Case
from service.demo.wording import moment, plain, span


async def ask_why_late(case: Case, rule: str) -> None:
    """Whoever handles the case asks where the time of its duty under a rule went."""
    stage = case.stage
    (clock,) = await stage.client.ask_all(
        stage.manager, "/v1/timeliness", incident=case.id, rule=rule, min_position=stage.position
    )
    duty = await stage.client.ask(
        stage.manager, f"/v1/incidents/{case.id}/obligations/{clock['id']}", min_position=stage.position
    )
    seconds = [interval["seconds"] for interval in duty["elapsed"]]
    lines = [
        f"{duty['title']}: due {moment(duty['due_at'])}, {plain(duty['status'])}, {duty['days_over']} days over.",
        *(
            f"{moment(each['from'])} to {moment(each['until'])}: {span(each['seconds'])},"
            f" {plain(each['owner'])} ({plain(each['reason'])})."
            for each in duty["elapsed"]
        ),
        f"Together {span(sum(seconds))}, and {span(duty['elapsed_seconds'])} passed.",
    ]
    stage.tell(stage.manager, f"asks why {rule} was late", lines)
