"""What became of an append, as the caller is told: recorded, answered before, or to be decided again."""

import asyncio
from collections.abc import Sequence

from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.streams import Kind
from service.handling.appending import Draft, request_of
from service.handling.book import Book
from service.handling.order import Order, Receipt
from service.handling.refusals import KeyReused, OrganisationTaken, ReferenceTaken, VersionStale
from service.store.ledger import Appended, Claimed, Conflict, GuardFailed, Known, Ledger, Outcome
from service.store.ledger import KeyReused as KeyReusedOutcome


class Settling:
    """Appends what was decided and answers for it."""

    def __init__(self, ledger: Ledger, book: Book) -> None:
        self._ledger = ledger
        self._book = book

    async def append(
        self, order: Order, digest: bytes, facts: Sequence[Fact | FirstFact], draft: Draft
    ) -> Receipt | None:
        """Append the facts; None when they were overtaken and the command must be decided again.

        Raises:
            KeyReused, ReferenceTaken, OrganisationTaken, VersionStale: nothing is stored.
            LedgerUnavailableError: nothing is known to be stored; the same key is safe to send again.
        """
        if not facts:
            return Receipt(
                draft.stream,
                draft.stream,
                draft.kind,
                draft.expected,
                draft.position,
                draft.cases,
                draft.organisation,
                changed=False,
            )
        request = request_of(self._book, order, digest, facts, draft)
        return await self.settle(order, facts[0], draft, await self._ledger.append(request))

    async def settle(self, order: Order, fact: Fact | FirstFact, draft: Draft, outcome: Outcome) -> Receipt | None:
        """The answer to an outcome; `fact` is the first that was appended."""
        match outcome:
            case Appended(replayed=False, version=version, last_position=position):
                subject = self._book.subject_of(fact, draft.stream)
                return Receipt(subject, draft.stream, draft.kind, version, position, draft.cases, draft.organisation)
            case Appended(stream=stream, version=version, first_position=first, last_position=last) as known:
                return await self.replay(
                    Known(self._book.body_of(order), stream, version, first, last, known.recorded_at), order
                )
            case KeyReusedOutcome():
                raise KeyReused
            case Claimed(stream=owner):
                raise ReferenceTaken(owner)
            case Conflict() if draft.kind is Kind.ORGANISATION and draft.expected == 0:
                raise OrganisationTaken
            case Conflict(version=version) if order.expected is not None and version != draft.expected:
                raise VersionStale(version)
            case Conflict() | GuardFailed():
                await asyncio.sleep(0)
                return None

    async def replay(self, known: Known, order: Order) -> Receipt:
        """The first answer again, rebuilt from what is stored.

        Raises:
            KeyReused: the earlier request was another one.
        """
        if known.body != self._book.body_of(order):
            raise KeyReused
        [first, *_] = await self._ledger.read_all(after=known.first_position - 1, limit=1)
        return Receipt(
            self._book.subject_in(first),
            known.stream,
            Kind(first.kind),
            known.version,
            known.last_position,
            first.cases,
            first.organisation,
            replayed=True,
        )
