"""By which clock a ledger runs is said by its first append, for ever."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from service.store.ledger import OPENED, AppendInvalidError, Conflict, Ledger
from tests.support.running.ledgers import LEDGER, NOON, a_key, a_request, an_event, an_opening, stood


async def test_nothing_is_appended_to_a_ledger_that_was_not_opened(empty_ledger: Ledger) -> None:
    with pytest.raises(AppendInvalidError, match="not open"):
        await empty_ledger.append(a_request())
    assert (await empty_ledger.head()).position == 0


async def test_only_its_own_event_opens_a_ledger(empty_ledger: Ledger) -> None:
    with pytest.raises(AppendInvalidError, match=re.escape(OPENED)):
        await empty_ledger.append(a_request(born="real"))
    with pytest.raises(AppendInvalidError, match=re.escape(OPENED)):
        await empty_ledger.append(a_request(born="real", events=(an_event(), an_event(type=OPENED))))


async def test_a_ledger_is_opened_once(ledger: Ledger) -> None:
    assert await ledger.append(an_opening(key=a_key())) == Conflict(1)
    with pytest.raises(AppendInvalidError, match="open already"):
        await ledger.append(an_opening(key=a_key(), stream=a_request().stream))


async def test_others_of_the_batch_that_opens_a_ledger_are_decided_after_it(empty_ledger: Ledger) -> None:
    fates = await empty_ledger.append_batch([an_opening(), a_request(), a_request(LEDGER, 1)])
    assert [type(fate).__name__ for fate in fates] == ["Appended"] * 3


async def test_a_request_before_the_opening_in_its_batch_fails_alone(empty_ledger: Ledger) -> None:
    fates = await empty_ledger.append_batch([a_request(), an_opening(), a_request()])
    assert [type(fate).__name__ for fate in fates] == ["AppendInvalidError", "Appended", "Appended"]


async def test_a_real_ledger_records_by_the_real_clock(ledger: Ledger) -> None:
    before = datetime.now(UTC)
    appended = await stood(ledger, a_request())
    assert before - timedelta(seconds=5) <= appended.recorded_at <= datetime.now(UTC) + timedelta(seconds=5)


async def test_the_clock_of_a_real_ledger_is_never_set(ledger: Ledger) -> None:
    with pytest.raises(AppendInvalidError, match="real ledger"):
        await ledger.append(a_request(clock=NOON))
    assert (await ledger.head()).position == 1


async def test_a_real_ledger_cannot_be_born_with_a_clock(empty_ledger: Ledger) -> None:
    with pytest.raises(AppendInvalidError, match="real ledger"):
        await empty_ledger.append(an_opening(clock=NOON))


async def test_a_simulated_ledger_begins_with_its_clock(empty_ledger: Ledger) -> None:
    with pytest.raises(AppendInvalidError, match="begins with its clock"):
        await empty_ledger.append(an_opening(born="simulated"))
    opened = await stood(empty_ledger, an_opening(simulated_at=NOON))
    head = await empty_ledger.head()
    assert (opened.recorded_at, head.recorded_at, head.simulated) == (NOON, NOON, True)


async def test_a_simulated_clock_stands_still_until_it_is_moved(empty_ledger: Ledger) -> None:
    await stood(empty_ledger, an_opening(simulated_at=NOON))
    assert (await stood(empty_ledger, a_request())).recorded_at == NOON
    later = NOON + timedelta(days=3, microseconds=7)
    assert (await stood(empty_ledger, a_request(clock=later))).recorded_at == later
    assert (await stood(empty_ledger, a_request())).recorded_at == later


async def test_a_simulated_clock_never_goes_back(empty_ledger: Ledger) -> None:
    await stood(empty_ledger, an_opening(simulated_at=NOON))
    assert (await stood(empty_ledger, a_request(clock=NOON - timedelta(days=1)))).recorded_at == NOON


async def test_each_request_of_a_batch_moves_the_simulated_clock_for_those_after_it(empty_ledger: Ledger) -> None:
    await stood(empty_ledger, an_opening(simulated_at=NOON))
    moves = (None, NOON + timedelta(hours=2), None, NOON + timedelta(hours=1))
    await empty_ledger.append_batch([a_request(clock=move) for move in moves])
    events = await empty_ledger.read_all(after=1, limit=10)
    assert [(event.recorded_at - NOON) // timedelta(hours=1) for event in events] == [0, 2, 2, 2]
