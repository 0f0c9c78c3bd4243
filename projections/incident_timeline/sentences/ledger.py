"""What the events of the ledger itself say."""

from collections.abc import Callable
from typing import Any, Final

from domain.ledger.events import ClockMoved, LedgerOpened
from projections.incident_timeline.sentences.wording import moment


def opened(fact: LedgerOpened) -> str:
    """By which clock."""
    return f"The ledger was opened on a {fact.clock} clock."


def moved(fact: ClockMoved) -> str:
    """To when."""
    return f"The simulated clock was moved to {moment(fact.to_at)}."


SENTENCES: Final[dict[type[Any], Callable[[Any], str]]] = {
    LedgerOpened: opened,
    ClockMoved: moved,
}
