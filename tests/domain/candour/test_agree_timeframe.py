"""Promising the person a day."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.candour.commands.agree_timeframe import AgreeTimeframe, ChangeUnexplained, PromiseInPast, agree_timeframe
from domain.candour.events import TimeframeAgreed
from domain.kernel.actor import Stamp
from tests.domain.candour.facts import PERSON, PROMISED, STATES, identified, promised, text
from tests.domain.state_tables import NOTHING, check, over_every_state
from tests.support.decisions import Outcome, an_actor, given


def agree(*history: Any, on: date = PROMISED, reason: str | None = None, stamp: Stamp | None = None) -> Outcome:
    command = AgreeTimeframe(promised_on=on, reason=None if reason is None else text(reason))
    return given(*history).when(agree_timeframe, command, stamp)


@over_every_state(STATES, {state: NOTHING if state == "promised" else TimeframeAgreed for state in STATES})
def test_promising_a_day_in_every_state(history: tuple[Any, ...], expected: type[Any] | None) -> None:
    check(agree(*history), expected)


def test_a_promise_names_the_day_and_the_person() -> None:
    agree(identified()).then(TimeframeAgreed, person=PERSON, promised_on=PROMISED, reason=None)


def test_another_day_is_promised_only_with_a_reason() -> None:
    history = (identified(), promised())

    agree(*history, on=date(2026, 6, 30)).then_refused(ChangeUnexplained, "2026-05-29")
    agree(*history, on=date(2026, 6, 30), reason="The coroner asked us to wait").then(
        TimeframeAgreed, promised_on=date(2026, 6, 30), reason=text("The coroner asked us to wait")
    )


def test_the_last_promise_stands() -> None:
    assert given(identified(), promised(), promised(date(2026, 6, 30))).aggregate().promised_on == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("hour", "on", "taken"),
    [
        (12, date(2026, 6, 1), True),
        (12, date(2026, 5, 31), False),
        (23, date(2026, 6, 1), False),  # already 2 June in London
        (23, date(2026, 6, 2), True),
    ],
)
def test_a_day_that_has_passed_in_london_is_not_promised(hour: int, on: date, *, taken: bool) -> None:
    at = datetime(2026, 6, 1, hour, tzinfo=UTC)

    check(agree(identified(), on=on, stamp=Stamp(an_actor(), at, at)), TimeframeAgreed if taken else PromiseInPast)
