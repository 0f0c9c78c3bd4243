"""What if other rules had governed the past: which duties would be others, and why; nothing is written."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from service.demo.asking.in_peace import ask_in_peace
from service.demo.cast import COMMISSIONER
from service.demo.client import LedgerClient
from service.demo.stage import Stage
from service.demo.wording import day, listed, plain

_MET: Final = ":met"

_SECONDS: Final = 0.05
_LOOKS: Final = 400

_Row = Mapping[str, Any]


async def ask_what_if(stage: Stage, does: str, cases: Sequence[str], **asked: str | list[str]) -> None:
    """The commissioner asks it of the past, and these cases (by their ids) are told."""
    (incidents, duties), unwritten = await ask_in_peace(stage.client, lambda: _answer(stage.client, asked))
    lines = [line for row in incidents if row["incident_id"] in cases for line in _lines(row, duties)]
    stage.tell(COMMISSIONER, does, [*lines, unwritten])


async def _answer(client: LedgerClient, asked: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    links = (await client.pose(COMMISSIONER, "/v1/policy/what-if", asked))["links"]
    for _ in range(_LOOKS):
        if (await client.ask(COMMISSIONER, links["self"]))["status"] not in ("queued", "running"):
            break
        await asyncio.sleep(_SECONDS)
    return await client.ask_all(COMMISSIONER, links["incidents"]), await client.ask_all(COMMISSIONER, links["duties"])


def _lines(incident: _Row, duties: Sequence[_Row]) -> Iterator[str]:
    own = [duty for duty in duties if duty["incident_id"] == incident["incident_id"]]
    gone = [duty["rule"] for duty in own if duty["difference"] == "only_under_own"]
    come = [_due(duty) for duty in own if duty["difference"] == "only_under_other"]
    yield f"{incident['local_reference']}, under {incident['regime']}: {incident['same']} of its duties would be the same."
    if met := [plain(each.removesuffix(_MET)) for each in incident["assessed"].split() if each.endswith(_MET)]:
        yield f"Met by the facts, where nobody was asked: {listed(met)}."
    if gone:
        yield f"Not owed ({len(gone)}): {listed(gone)}."
    if come:
        yield f"Owed instead ({len(come)}): {listed(come)}."
    yield f"Why, for one: {min((duty['why'] for duty in own), key=_is_plain)}"


def _is_plain(why: str) -> bool:
    """Whether the reason is no more than that the rules are others."""
    return "is no rule of" in why


def _due(duty: _Row) -> str:
    due = f", due {day(duty['other_due_at'])}" if duty["other_due_at"] else ""
    return f"{duty['rule']} ({plain(duty['other_status'])}{due})"
