"""Moving the clock of a simulated ledger."""

from datetime import timedelta

import pytest

from domain.kernel.envelope import first
from domain.kernel.refusal import Refusal
from domain.kernel.streams import LEDGER_STREAM
from domain.ledger.commands.move_clock import ClockMovedBack, ClockNotSimulated, MoveClock, move_clock
from domain.ledger.events import Clock, ClockMoved, LedgerOpened
from domain.ledger.state import Ledger
from tests.support.decisions import NOON, a_stamp, given


def opened(clock: Clock) -> LedgerOpened:
    return LedgerOpened(**first(Ledger, LEDGER_STREAM, a_stamp()), clock=clock)


SIMULATED = opened(Clock.SIMULATED)


def moved(days: float) -> ClockMoved:
    return ClockMoved(
        originator_id=LEDGER_STREAM, originator_version=2, timestamp=NOON, to_at=NOON + timedelta(days=days)
    )


def test_a_simulated_clock_moves_forward() -> None:
    later = NOON + timedelta(days=3)
    given(SIMULATED).when(move_clock, MoveClock(to_at=later), a_stamp()).then(ClockMoved, to_at=later)


def test_moving_the_clock_to_where_it_stands_records_nothing() -> None:
    given(SIMULATED, moved(3)).when(move_clock, MoveClock(to_at=NOON + timedelta(days=3)), a_stamp()).then_nothing()


def test_the_clock_never_moves_back_behind_an_earlier_move() -> None:
    outcome = given(SIMULATED, moved(3)).when(move_clock, MoveClock(to_at=NOON + timedelta(days=2)), a_stamp())
    outcome.then_refused(ClockMovedBack)
    assert outcome.refusal is not None
    assert outcome.refusal.pointers == ("/to",)


def test_the_clock_never_moves_back_behind_the_present_of_the_ledger() -> None:
    """The ledger's present may be later than its last move, where its head was recorded later."""
    outcome = given(SIMULATED).when(move_clock, MoveClock(to_at=NOON + timedelta(days=1)), a_stamp(days=2))
    outcome.then_refused(ClockMovedBack)


@pytest.mark.parametrize(
    ("clock", "days", "expected"),
    [
        (Clock.REAL, -1, ClockNotSimulated),
        (Clock.REAL, 0, ClockNotSimulated),
        (Clock.REAL, 1, ClockNotSimulated),
        (Clock.SIMULATED, -1, ClockMovedBack),
        (Clock.SIMULATED, 0, None),
        (Clock.SIMULATED, 1, ClockMoved),
    ],
)
def test_every_clock_answers_every_direction(clock: Clock, days: int, expected: type | None) -> None:
    outcome = given(opened(clock)).when(move_clock, MoveClock(to_at=NOON + timedelta(days=days)), a_stamp())
    if expected is None:
        outcome.then_nothing()
    elif issubclass(expected, Refusal):
        outcome.then_refused(expected)
    else:
        outcome.then(expected)
