"""Before anybody decides: what the rules say of the facts, and what would be owed; nothing is recorded of it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from service.demo.asking.in_peace import ask_in_peace
from service.demo.stage import Stage
from service.demo.wording import day, listed, plain

_Answers = list[Mapping[str, Any]]


async def try_out(stage: Stage, known: Mapping[str, Any]) -> None:
    """Whoever handles cases asks what follows from what is known, and how the head of the ledger stands meanwhile."""
    answer, unwritten = await ask_in_peace(
        stage.client, lambda: stage.client.pose(stage.manager, "/v1/assessments", known)
    )
    lines = [
        *_lines(answer["answers"]),
        f"If people decide so, owed by a day: {listed(_dated(answer['obligations']))}.",
        unwritten,
    ]
    stage.tell(stage.manager, "asks by dry run what the rules say, before anybody decides", lines)


def _lines(answers: _Answers) -> Iterator[str]:
    by = {
        outcome: [each for each in answers if each["outcome"] == outcome] for outcome in ("met", "not_met", "unclear")
    }
    yield f"Met: {listed(map(_met, by['met']))}."
    yield f"Not met: {listed(plain(each['question']) for each in by['not_met'])}."
    yield f"Unclear for want of facts: {listed(plain(each['question']) for each in by['unclear'])}."


def _met(answer: Mapping[str, Any]) -> str:
    return f"{plain(answer['question'])} (by {listed(answer['criteria_met'])})"


def _dated(duties: Iterable[Mapping[str, Any]]) -> list[str]:
    dated = sorted((duty["due_at"], duty["rule"]) for duty in duties if duty["due_at"] is not None)
    return [f"{rule} {day(due)}" for due, rule in dated]
