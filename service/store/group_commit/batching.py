"""Which waiting requests may share one call: those that depend on no earlier one of the batch.

The append function decides a whole batch from one look at the ledger. Two requests of which the later reads or writes
what the earlier writes must therefore meet in two batches, in their order.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from service.store.ledger import AppendRequest

Waiting = TypeVar("Waiting")
_Thing = tuple[str, object]


def writes_of(request: AppendRequest) -> Iterator[_Thing]:
    """Everything that a request may write, and that another request may depend on."""
    yield "stream", request.stream
    yield "key", request.key
    for digest in request.claims:
        yield "claim", digest
    for case in request.cases:
        yield "case", case
    for key in request.new_keys:
        yield "vault", key.key_id


def reads_of(request: AppendRequest) -> Iterator[_Thing]:
    """Everything that a request relies on besides what it writes."""
    for guard in request.guards:
        yield "stream", guard.stream
    for guarded in request.case_guards:
        yield "case", guarded.case


def split(waiting: Sequence[tuple[Waiting, AppendRequest]]) -> tuple[list[Waiting], list[Waiting]]:
    """Divide what waits into one batch and the requests deferred to the next, both in order.

    A deferred request holds its place: a later one that would change what it reads or writes is deferred behind it.
    The append that opens a ledger goes alone, because every other one depends on it.
    """
    batch: list[Waiting] = []
    deferred: list[Waiting] = []
    written: set[_Thing] = set()
    awaited: set[_Thing] = set()
    opening = False
    for item, request in waiting:
        writes, reads = list(writes_of(request)), list(reads_of(request))
        alone = opening or (request.born is not None and bool(batch))
        if alone or _meet(writes, written) or _meet(reads, written) or _meet(writes, awaited):
            deferred.append(item)
            awaited.update(reads)
        else:
            batch.append(item)
        opening = opening or request.born is not None
        written.update(writes)
    return batch, deferred


def _meet(things: Iterable[_Thing], others: set[_Thing]) -> bool:
    return not others.isdisjoint(things)
