"""A read model told a few events and nothing else: the rows that it then shows."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from projections.engine.feed import Told
from projections.engine.model import AnyReadModel


def rows_told(model: AnyReadModel, events: Iterable[Told]) -> Mapping[str, Any]:
    """The rows of one case (or stream) after these of its events, in order."""
    state = None
    for event in events:
        state = model.fold(state, event)
    return {} if state is None else model.rows(state)


def moving(model: AnyReadModel, events: Iterable[Told]) -> Iterator[Told]:
    """The events that change what is kept of the case; without the others it stands exactly as with them."""
    state = None
    for event in events:
        after = model.fold(state, event)
        if after is not state and after != state:
            yield event
        state = after
