"""Questions about erasures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from domain.erasure.words import Stage
from projections.engine.pages import Order
from projections.engine.reading import Found, Reading
from projections.erasures.model import MODEL
from projections.erasures.rows import ErasureRow

NEWEST_FIRST: Final = Order("requested_position", descending=True)

_WAITS: Final = (Stage.APPROVED.value, Stage.HELD.value)


@dataclass(frozen=True, kw_only=True, slots=True)
class ErasureFilter:
    """Which erasures: those of one person, and (where given) of one status."""

    person: UUID
    status: str | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """An erasure whose time has come: its stream, whom it erases, whose record it is, and its version."""

    erasure: UUID
    person: UUID
    organisation: str
    version: int


def matching(reading: Reading, wanted: ErasureFilter) -> list[ColumnElement[bool]]:
    """The conditions of a filter, on the view of the erasures."""
    view = reading.view(MODEL)
    of_status = [] if wanted.status is None else [view.c.status == wanted.status]
    return [view.c.person_id == wanted.person, *of_status]


async def find_erasure(reading: Reading, erasure: UUID) -> Found[ErasureRow] | None:
    """The row of an erasure, if it exists for this reader."""
    return await reading.find(MODEL, str(erasure))


async def list_due(reading: Reading, now: datetime) -> Sequence[Due]:
    """The erasures that were approved, and can be taken back no longer."""
    view = reading.view(MODEL)
    asked = select(view.c.id, view.c.person_id, view.c.organisation, view.c.stream_version)
    found = await reading.execute(asked.where(view.c.status.in_(_WAITS), view.c.due_at <= now).order_by(view.c.key))
    return [Due(row["id"], row["person_id"], row["organisation"], row["stream_version"]) for row in found]


async def newest_carried_out(reading: Reading) -> int:
    """The position of the newest erasure that was carried out (0: none was)."""
    view = reading.view(MODEL)
    rows = await reading.execute(select(func.coalesce(func.max(view.c.carried_out_position), 0).label("newest")))
    return int(rows[0]["newest"])
