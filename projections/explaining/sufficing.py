"""The fewest events that still say the same: no one of them can be taken away."""

from collections.abc import Callable, Sequence
from typing import TypeVar

Event = TypeVar("Event")


def sufficing(events: Sequence[Event], holds: Callable[[Sequence[Event]], bool]) -> list[Event]:
    """A part of these events for which `holds` is true, and is no longer once any one of them is taken away.

    Of two that would serve alike the earlier one stays. `holds` must be true of all of them together.

    Raises:
        ValueError: it is not.
    """
    kept = list(events)
    if not holds(kept):
        raise ValueError("not even all of them together suffice")
    size = len(kept)
    while size > 1:
        # Large pieces first: most events of a case have nothing to do with what is asked.
        size = (size + 1) // 2
        kept = _without_pieces(kept, holds, size=size)
    while len(thinner := _without_pieces(kept, holds, size=1)) < len(kept):
        kept = thinner
    return kept


def _without_pieces(events: list[Event], holds: Callable[[Sequence[Event]], bool], *, size: int) -> list[Event]:
    end = len(events)
    while end > 0:
        start = max(0, end - size)
        rest = events[:start] + events[end:]
        if holds(rest):
            events = rest
        end = start
    return events
