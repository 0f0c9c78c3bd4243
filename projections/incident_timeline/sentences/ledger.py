"""What the events of the ledger itself say."""

from collections.abc import Callable
from typing import Any, Final

from domain.ledger.events import ClockMoved, LedgerOpened, LedgerResumed, Loss
from projections.incident_timeline.sentences.wording import moment

_LOSSES: Final = {
    Loss.SHORTER: "it was put back to before what had been signed",
    Loss.CHANGED: "it holds something else than what had been signed",
    Loss.DISPUTED: "a witness holds another history of it",
}


def opened(fact: LedgerOpened) -> str:
    """By which clock."""
    return f"The ledger was opened on a {fact.clock} clock."


def moved(fact: ClockMoved) -> str:
    """To when."""
    return f"The simulated clock was moved to {moment(fact.to_at)}."


def resumed(fact: LedgerResumed) -> str:
    """How much had been signed before."""
    return f"The ledger goes on as {fact.origin}, because {_LOSSES[fact.loss]}. Before, {fact.signed_size} events were signed."


SENTENCES: Final[dict[type[Any], Callable[[Any], str]]] = {
    LedgerOpened: opened,
    ClockMoved: moved,
    LedgerResumed: resumed,
}
