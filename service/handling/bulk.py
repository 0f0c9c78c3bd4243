"""Many commands of one kind at once: each is decided and answered alone, and all are appended together."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from uuid import UUID

from domain.kernel.envelope import Fact, FirstFact
from service.handling.appending import Draft, request_of
from service.handling.desk import Desk, Written
from service.handling.order import Order, Receipt
from service.handling.pen import Pen
from service.handling.specification import Begin
from service.store.ledger import AppendRequest, Fate

AT_ONCE: Final = 32
"""How many commands of one batch are decided at the same time."""


@dataclass(frozen=True, slots=True)
class Item:
    """One command of a batch, and the id of the stream that it begins."""

    order: Order
    make: Callable[[Pen], Any]
    stream: UUID


@dataclass(frozen=True, slots=True)
class _Decided:
    digest: bytes
    facts: Sequence[Fact | FirstFact]
    draft: Draft
    request: AppendRequest


T = TypeVar("T")

Answer = Receipt | Exception
"""What became of one command: its receipt, the refusal, or the failure that met it alone."""


async def begin_many(desk: Desk, task: Begin[Any], items: Sequence[Item]) -> list[Answer]:
    """Decide every command, append what was decided in one go, and answer each in its place.

    A command that others overtook is given again alone. Nothing is raised: a failure is the answer of its own command.
    """
    gate = asyncio.Semaphore(AT_ONCE)

    async def decide(item: Item) -> Answer | _Decided:
        async with gate:
            return await _alone(_decide(desk, task, item))

    decided = await asyncio.gather(*(decide(item) for item in items))
    waiting = [each for each in decided if isinstance(each, _Decided)]
    fates = iter(await desk.ledger.append_batch([each.request for each in waiting]))
    answers: list[Answer] = []
    for item, each in zip(items, decided, strict=True):
        answers.append(
            await _alone(_settle(desk, task, item, each, next(fates))) if isinstance(each, _Decided) else each
        )
    return answers


async def _alone(answering: Awaitable[T]) -> T | Exception:
    try:
        return await answering
    except Exception as error:  # noqa: BLE001 - the others of the batch must not pay for this one; the edge reports it
        return error


async def _decide(desk: Desk, task: Begin[Any], item: Item) -> Receipt | _Decided:
    digest = desk.book.key_of(item.order)
    stamp = await desk.stamp(item.order)
    pen = await desk.book.pen(item.stream, path={}, persons=(), now=stamp.now)
    prepared = await desk.prepare(item.order, task, Written(digest, item.make(pen), pen, stamp, at_hand=True))
    if isinstance(prepared, Receipt):
        return prepared
    facts, draft = prepared
    return _Decided(digest, facts, draft, request_of(desk.book, item.order, digest, facts, draft))


async def _settle(desk: Desk, task: Begin[Any], item: Item, decided: _Decided, fate: Fate) -> Receipt:
    if isinstance(fate, Exception):
        raise fate
    receipt = await desk.settling.settle(item.order, decided.facts[0], decided.draft, fate)
    if receipt is None:
        receipt = await desk.begin(item.order, task, item.make, stream=item.stream)
    return receipt
