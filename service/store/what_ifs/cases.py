"""Which cases there are of some providers at a position of the ledger: from its own tables, without any read model."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, and_, any_, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.kernel.streams import Kind
from service.store.schema import STREAM_CASES, STREAMS

_PROVIDER: Final = STREAMS.c.organisation.collate("C")


@dataclass(frozen=True, slots=True)
class CaseAt:
    """An incident: whose it is, and the position at which it began."""

    provider: str
    position: int
    incident: UUID


class Cases:
    """The incidents of providers, provider by provider, in the order in which they began."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def count(self, providers: Sequence[str], *, up_to: int) -> int:
        """How many there are at a position."""
        async with self._engine.connect() as connection:
            counted = select(func.count()).select_from(_INCIDENTS).where(*_of(providers, up_to))
            return int(await connection.scalar(counted) or 0)

    async def next(
        self, providers: Sequence[str], *, up_to: int, after: tuple[str, int] | None, limit: int
    ) -> list[CaseAt]:
        """The next ones after a provider and a position; none: that was all."""
        order = (_PROVIDER, STREAM_CASES.c.position)
        asked = select(STREAMS.c.organisation, STREAM_CASES.c.position, STREAMS.c.stream).select_from(_INCIDENTS)
        asked = asked.where(*_of(providers, up_to)).order_by(*order).limit(limit)
        if after is not None:
            asked = asked.where(tuple_(*order) > after)
        async with self._engine.connect() as connection:
            return [CaseAt(*row) for row in await connection.execute(asked)]


_INCIDENTS: Final = STREAMS.join(
    STREAM_CASES, and_(STREAM_CASES.c.stream == STREAMS.c.stream, STREAM_CASES.c.case_id == STREAMS.c.stream)
)


def _of(providers: Sequence[str], up_to: int) -> tuple[ColumnElement[bool], ...]:
    asked = literal(sorted(providers), ARRAY(Text))
    return (
        STREAMS.c.kind == Kind.INCIDENT.value,
        STREAMS.c.organisation == any_(asked),
        STREAM_CASES.c.position <= up_to,
    )
