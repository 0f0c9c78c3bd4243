"""What waits for a person in an incident, a learning response or an action, event by event.

Nothing here looks at the present: what is due or late is a comparison with a moment, made by the question.
"""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from projections.engine.feed import Told
from projections.worklist.actions import follow_action
from projections.worklist.cases import follow_case
from projections.worklist.responses import follow_response
from projections.worklist.waiting import Waiting

_KINDS: Final = frozenset({"incident", "learning_response", "action"})


def keys(event: Told) -> Iterable[UUID]:
    """Each incident, each learning response and each action waits on its own."""
    return (event.stream,) if event.kind in _KINDS else ()


def fold(waiting: Waiting | None, event: Told) -> Waiting | None:
    """Apply one event of the stream."""
    before = waiting or Waiting()
    match event.kind:
        case "incident":
            after = Waiting(case=follow_case(before.case, event))
        case "learning_response":
            after = Waiting(response=follow_response(before.response, event))
        case _:
            after = Waiting(action=follow_action(before.action, event))
    return None if after == Waiting() else after
