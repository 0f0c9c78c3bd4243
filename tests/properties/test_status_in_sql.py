"""What the database says of a clock or an action is what the pure functions say, for every order of its instants."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import Boolean, Date, DateTime, Integer, Subquery, cast, column, select, values
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from domain.kernel.personal import Narrative, Personal, Sealed
from domain.kernel.words import KeyId, PersonId
from domain.policy.status import ClockStatus, Progress, is_missed, status
from projections.action_tracker.queries import is_overdue, overdue_at
from projections.action_tracker.rows import ActionRow
from projections.timeliness.queries import missed_at, status_at
from tests.support.decisions import NOON
from tests.support.running.postgres import EMBEDDED, Server

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECONDS = [NOON + timedelta(seconds=second) for second in range(5)]
"""As many instants as a clock is compared by, so that every order of them occurs, and every tie."""

SPRING = [
    datetime(2026, 3, 28, 23, 59, 59, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 0, tzinfo=UTC),
    datetime(2026, 3, 29, 22, 59, 59, tzinfo=UTC),
    datetime(2026, 3, 29, 23, 0, tzinfo=UTC),
    datetime(2026, 3, 30, 23, 0, tzinfo=UTC),
]
"""Around the day on which the clocks go forward: it ends at 23:00 UTC."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def engine(servers: dict[int, Server]) -> AsyncIterator[AsyncEngine]:
    made = create_async_engine(servers[EMBEDDED].new_database().url(driver="postgresql+asyncpg", role="reader"))
    yield made
    await made.dispose()


def a_view(types: dict[str, Any], rows: Sequence[tuple[Any, ...]]) -> Subquery:
    """Rows as a query sees them, numbered."""
    columns = [column("number", Integer), *(column(name, kind) for name, kind in types.items())]
    numbered = [(number, *row) for number, row in enumerate(rows)]
    table = values(*columns, name="given").data(numbered)
    # a column of nothing but nulls would be text
    return select(*(cast(each, each.type).label(each.name) for each in table.c)).subquery()


async def said(engine: AsyncEngine, view: Subquery, expression: Any) -> list[Any]:
    async with engine.connect() as connection:
        return list((await connection.execute(select(expression).select_from(view).order_by(view.c.number))).scalars())


INSTANT = DateTime(timezone=True)
CLOCK = {
    "met_at": INSTANT,
    "met_recorded_at": INSTANT,
    "set_aside": Boolean(),
    "set_aside_recorded_at": INSTANT,
    "set_aside_overdue_since": INSTANT,
    "due_at": INSTANT,
    "paused_at": INSTANT,
    "missed_due_at": INSTANT,
    "handed_over": Boolean(),
}
MAYBE = [None, *SECONDS]
PLAIN = [
    (met_at, recorded_at, aside, None, None, due_at, paused_at, None, False)
    for met_at, recorded_at, aside, due_at, paused_at in product(MAYBE, MAYBE, [False, True], MAYBE, MAYBE)
]
SET_ASIDE_LATE = [
    (met_at, met_at, True, recorded_at, since, due_at, paused_at, None, False)
    for met_at, recorded_at, since, due_at, paused_at in product([None, SECONDS[2]], MAYBE, MAYBE, MAYBE, MAYBE)
]
MISSED_BEFORE = [
    (met_at, recorded_at, aside, SECONDS[3], since, due_at, None, missed_due_at, handed_over)
    for met_at, recorded_at, aside, since, due_at, missed_due_at, handed_over in product(
        *([None, SECONDS[1]], [None, SECONDS[3]], [False, True], [None, SECONDS[2]], MAYBE, MAYBE, [False, True])
    )
]


def the_word(row: tuple[Any, ...], as_of: datetime) -> ClockStatus:
    met_at, recorded_at, aside, aside_recorded_at, since, due_at, paused_at, *_ = row
    achieved = Progress(met_at, recorded_at, aside, set_aside_recorded_at=aside_recorded_at, overdue_since=since)
    return status(achieved, due_at=due_at, paused_at=paused_at, as_of=as_of)


@pytest.mark.parametrize("as_of", SECONDS)
@pytest.mark.parametrize(
    "rows", [PLAIN, SET_ASIDE_LATE, MISSED_BEFORE], ids=["plain", "set aside late", "missed before"]
)
async def test_the_status_of_every_clock(engine: AsyncEngine, rows: list[tuple[Any, ...]], as_of: datetime) -> None:
    view = a_view(CLOCK, rows)

    assert await said(engine, view, status_at(view, as_of)) == [the_word(row, as_of).value for row in rows]


@pytest.mark.parametrize("as_of", SECONDS)
@pytest.mark.parametrize("rows", [SET_ASIDE_LATE, MISSED_BEFORE], ids=["set aside late", "missed before"])
async def test_whether_every_clock_was_missed(
    engine: AsyncEngine, rows: list[tuple[Any, ...]], as_of: datetime
) -> None:
    view = a_view(CLOCK, rows)

    pure = [not row[-1] and is_missed(the_word(row, as_of), missed_due_at=row[-2], as_of=as_of) for row in rows]
    assert await said(engine, view, missed_at(view, as_of)) == pure


@pytest.mark.parametrize("as_of", SPRING)
async def test_whether_every_action_is_overdue(engine: AsyncEngine, as_of: datetime) -> None:
    instant = DateTime(timezone=True)
    days = [date(2026, 3, day) for day in (28, 29, 30, 31)]
    rows = list(product(days, [None, *SPRING], [None, *SPRING]))
    view = a_view({"due_on": Date(), "completed_at": instant, "withdrawn_at": instant}, rows)

    assert await said(engine, view, overdue_at(view, as_of)) == [is_overdue(an_action(*row), as_of) for row in rows]


def an_action(due_on: date, completed_at: datetime | None, withdrawn_at: datetime | None) -> ActionRow:
    nobody = UUID(int=1)
    sealed = Sealed(nobody, "path", "box")
    return ActionRow(
        organisation="ZZ1",
        id=nobody,
        incident_id=nobody,
        incidents=(nobody,),
        learning_response_id=None,
        findings=0,
        change=Narrative(nobody, sealed, KeyId(nobody)),
        owner_name=Personal(PersonId(nobody), sealed, KeyId(nobody)),
        owner_role="ward manager",
        strength="stronger",
        has_measure=False,
        financial_year="2025/26",
        quarter="Q4",
        agreed_at=NOON,
        due_on=due_on,
        original_due_on=due_on,
        extensions=0,
        handovers=0,
        rejections=0,
        state="agreed",
        monitored_by=None,
        accepted_at=None,
        completed_at=completed_at,
        completed_recorded_at=None,
        verified_at=None,
        withdrawn_at=withdrawn_at,
    )
