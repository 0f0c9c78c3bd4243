"""Questions that write nothing: the head of the ledger before and after is told with the answer."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from service.demo.client import LedgerClient

_TRIES: Final = 20

_Answer = TypeVar("_Answer")


async def ask_in_peace(client: LedgerClient, ask: Callable[[], Awaitable[_Answer]]) -> tuple[_Answer, str]:
    """The answer, and a sentence on the head of the ledger before and after.

    While the ledger itself still adds what follows from the story, the question is asked again.
    """
    for _ in range(_TRIES):
        before = await client.head()
        answer = await ask()
        after = await client.head()
        if before == after:
            return answer, f"Nothing was written: the head of the ledger is {before} before and {after} after."
    return answer, f"The question writes nothing; the ledger itself went on from {before} to {after} meanwhile."
