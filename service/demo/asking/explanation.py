"""Why a decision is as it is: by which criterion and fact, and what would have changed it."""

from typing import Any

from service.demo.case import Case
from service.demo.wording import fact, listed, plain


async def explain(case: Case, decision: str) -> None:
    """Whoever handles the case asks the decision to explain itself."""
    stage = case.stage
    path = f"/v1/incidents/{case.id}/threshold-decisions/{decision}"
    shown = await stage.client.ask(stage.manager, path, min_position=stage.position)
    stage.tell(stage.manager, "asks why: the decision explains itself", _lines(shown))


def _lines(shown: dict[str, Any]) -> list[str]:
    explained = shown["explanation"]
    agrees = "departing from" if shown["departs"] else "as"
    said = f"{agrees} the rules say of the known facts ({plain(explained['outcome'])})"
    lines = [f"{plain(shown['question']).capitalize()}: {plain(shown['outcome'])}, {said}."]
    for met in (each for each in explained["criteria"] if each["outcome"] == "met"):
        lines += [
            f"By {met['id']}: {met['title']}.",
            f"Decided by the facts: {listed(map(fact, met['decided_by']))}.",
            f"Force: {met['standing']}. Source: {met['source']}.",
        ]
    lines += [f"What would change it: {each['sentence']}" for each in explained["counterfactuals"][:1]]
    return lines
