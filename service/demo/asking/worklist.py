"""What waits for somebody today: what nobody has decided, what runs out, what is late."""

from collections.abc import Mapping
from typing import Any, Final

from service.demo.case import Case
from service.demo.wording import moment, plain

_SECTIONS: Final = {"decide": "To decide", "running_out": "Running out", "late": "Late"}


async def read_worklist(case: Case) -> None:
    """Whoever handles the case reads their worklist, of this case alone."""
    stage = case.stage
    items = await stage.client.ask_all(
        stage.manager, "/v1/worklist", incident=case.id, within_days=2, min_position=stage.position
    )
    stage.tell(stage.manager, "reads the worklist of today", [_line(item) for item in items])


def _line(item: Mapping[str, Any]) -> str:
    section = _SECTIONS[item["section"]]
    if item["rule"] is None:
        what = plain(item["question"] or item["kind"])
        said = f"; the rules say {plain(item['outcome'])} from the facts" if item["outcome"] else ""
        return f"{section}: {what}{said}, since {moment(item['waiting_since'])}."
    due = f", due {moment(item['due_at'])}" if item["due_at"] else ", without a time limit in numbers"
    over = f", {item['days_over']} days over" if item["days_over"] else ""
    return f"{section}: {item['rule']}, {item['title']}{due}{over}."
