"""One answer: rows as one reader is shown them, all at one position and compared with one moment."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any, Final

from sqlalchemy import ColumnElement

from domain.kernel.words import OdsCode
from domain.policy.clocks import local_day
from projections.engine.merging import AnyMerged, Merged
from projections.engine.model import AnyReadModel, ReadModel, Row, State
from projections.engine.pages import Cursor
from projections.engine.reading import Found, Freshness, MergedRows, Reading
from projections.organisation_register.queries import commissioned_by
from service.reading.audit.shown import ShownCases
from service.reading.forms import Form, Shown, the_case_asked_for
from service.reading.listings import Listing, Wanted
from service.reading.opening import Opening
from service.reading.sight import Sight
from service.store.ledger import LedgerEvent

_OPENED_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class ShownPage:
    """One page: its items, where the next begins, how many there are in all (where asked), what it speaks for."""

    items: Sequence[Shown]
    next: Cursor | None
    total: int | None
    freshness: Freshness


class CaseUnnamedError(TypeError):
    """Rows that hang on a case are shown, and nobody said on which: the read could not be written down."""


class Answering:
    """Answers one reader. Made by `Queries.ask`, and gone with its context.

    `shown` are the cases of every row shown so far: they are written down before the answer leaves.
    """

    def __init__(
        self, reading: Reading, sight: Sight, *, as_of: datetime, names: Mapping[str, str], opening: Opening
    ) -> None:
        self.reading = reading
        self.sight = sight
        self.as_of = as_of
        self.shown = ShownCases()
        self._names = names
        self._opening = opening

    def where(self, listing: Listing[State, Row, Wanted], wanted: Wanted) -> list[ColumnElement[bool]]:
        """The conditions of a filter."""
        return list(listing.where(self.reading, wanted, self.as_of))

    def commissioned(self, model: AnyReadModel | AnyMerged, commissioner: OdsCode) -> ColumnElement[bool]:
        """The rows of providers that a commissioner buys services from on the day of `as_of`."""
        providers = commissioned_by(self.reading, commissioner, on=local_day(self.as_of))
        view = model.view(self.reading, self.as_of) if isinstance(model, Merged) else self.reading.view(model)
        return view.c.organisation.in_(providers)

    def sees(self, event: LedgerEvent) -> bool:
        """Whether an event of the ledger exists for this reader."""
        return self.sight.records.sees(OdsCode(event.organisation))

    async def page(
        self,
        listing: Listing[State, Row, Any],
        where: Sequence[ColumnElement[bool]],
        *,
        limit: int,
        cursor: Cursor | None = None,
        counted: bool = False,
    ) -> ShownPage:
        """The next items of a list.

        Raises:
            CursorError: the cursor was not made by this list.
        """
        rows = self._rows(listing)
        found = await self.reading.page(rows, *where, order=listing.order, limit=limit, cursor=cursor)
        total = await self.reading.count(rows, *where) if counted else None
        changed = max((each.changed_position for each in found.rows), default=0)
        freshness = replace(await self.reading.freshness(), changed_position=changed)
        return ShownPage(await self.show(listing.form, found.rows), found.next, total, freshness)

    async def each(
        self, listing: Listing[State, Row, Any], where: Sequence[ColumnElement[bool]]
    ) -> AsyncGenerator[Shown, None]:
        """Every item of a list, streamed."""
        batch: list[Found[Row]] = []
        async with aclosing(self.reading.each(self._rows(listing), *where, order=listing.order)) as rows:
            async for found in rows:
                batch.append(found)
                if len(batch) < _OPENED_AT_ONCE:
                    continue
                for shown in await self.show(listing.form, batch):
                    yield shown
                batch.clear()
        for shown in await self.show(listing.form, batch):
            yield shown

    async def show(self, form: Form[Row], found: Sequence[Found[Row]]) -> list[Shown]:
        """Rows as this reader is shown them.

        Raises:
            CaseUnnamedError: they hang on the case that was asked for, and that was not added to what is shown.
        """
        for each in found:
            self.shown.add(*form.cases(each.row))
        if found and form.cases is the_case_asked_for and not self.shown:
            raise CaseUnnamedError(form.row.__name__)
        mine = [each.row for each in found if self._opens(form, each.row)]
        secrets = list(chain.from_iterable(form.secrets(row) for row in mine))
        if secrets:
            self.shown.open_words()
        words = await self._opening.of(secrets)
        return [
            form.show(
                each.row,
                as_of=self.as_of,
                names=self._names,
                words=words if self._opens(form, each.row) else None,
            )
            for each in found
        ]

    def _rows(self, listing: Listing[State, Row, Any]) -> ReadModel[State, Row] | MergedRows[Row]:
        model = listing.model
        return model.at(self.reading, self.as_of) if isinstance(model, Merged) else model

    def _opens(self, form: Form[Row], row: Row) -> bool:
        organisation: str = getattr(row, "organisation")  # noqa: B009 - every row has it, which its bound does not say
        return form.has_secrets and self.sight.opens(organisation, form.audience)
