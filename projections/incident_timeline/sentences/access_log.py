"""What the events of the access log say."""

from collections.abc import Callable
from typing import Any, Final

from domain.access_log.events import AccessDayBegun, AccessLogDigested


def begun(fact: AccessDayBegun) -> str:
    """Which day."""
    return f"Reading of {fact.day:%-d %B %Y} began to be committed to the ledger."


def digested(fact: AccessLogDigested) -> str:
    """Which records."""
    return f"Records {fact.from_number} to {fact.to_number} of who read what were committed to the ledger."


SENTENCES: Final[dict[type[Any], Callable[[Any], str]]] = {
    AccessDayBegun: begun,
    AccessLogDigested: digested,
}
