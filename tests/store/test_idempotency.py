"""Contract 3: the same key has one effect and one answer, for ever."""

import asyncio
from dataclasses import replace
from uuid import uuid4

from service.store.ledger import Appended, Conflict, KeyReused, Known, Ledger
from tests.support.running.ledgers import a_key, a_request, an_event, an_opening, stood


async def test_the_same_key_returns_the_first_result(ledger: Ledger) -> None:
    request = a_request(None, 0, b"one", b"two")
    first = await stood(ledger, request)
    await stood(ledger, a_request(request.stream, 2))
    again = await ledger.append(replace(request, events=(an_event(), an_event())))
    assert again == replace(first, replayed=True)
    assert (await ledger.head()).position == 4


async def test_a_key_answers_before_anything_else_is_looked_at(ledger: Ledger) -> None:
    request = a_request()
    first = await stood(ledger, request)
    other = a_request(uuid4(), 9, key=request.key)
    assert await ledger.append(other) == replace(first, replayed=True)


async def test_a_key_with_another_body_is_refused(ledger: Ledger) -> None:
    request = a_request()
    await stood(ledger, request)
    assert await ledger.append(replace(request, body=a_key())) == KeyReused()
    assert (await ledger.head()).position == 2


async def test_a_refusal_is_not_remembered(ledger: Ledger) -> None:
    stream = uuid4()
    request = a_request(stream, 1)
    assert await ledger.append(request) == Conflict(0)
    await stood(ledger, a_request(stream))
    assert isinstance(await ledger.append(request), Appended)


async def test_the_same_key_sent_many_times_at_once_has_one_effect(ledger: Ledger) -> None:
    request = a_request()
    outcomes = await asyncio.gather(
        *(ledger.append(replace(request, stream=uuid4(), events=(an_event(),))) for _ in range(20))
    )
    stood_at = {outcome.first_position for outcome in outcomes if isinstance(outcome, Appended)}
    assert stood_at == {2}
    assert sum(isinstance(outcome, Appended) and not outcome.replayed for outcome in outcomes) == 1
    assert (await ledger.head()).position == 2


async def test_the_same_key_twice_in_one_batch_has_one_effect(ledger: Ledger) -> None:
    request = a_request()
    first, second = await ledger.append_batch([request, replace(request, events=(an_event(),))])
    assert isinstance(first, Appended)
    assert second == replace(first, replayed=True)


async def test_opening_is_replayed_by_its_key_too(ledger: Ledger) -> None:
    again = await ledger.append(an_opening())
    assert isinstance(again, Appended)
    assert (again.replayed, again.first_position) == (True, 1)


async def test_a_look_finds_what_a_key_did(ledger: Ledger) -> None:
    request = a_request(None, 0, b"one", b"two")
    appended = await stood(ledger, request)
    look = await ledger.look(request.key, [])
    assert look.known == Known(request.body, request.stream, 2, 2, 3, appended.recorded_at)


async def test_a_look_finds_nothing_of_a_key_never_used(ledger: Ledger) -> None:
    assert (await ledger.look(a_key(), [])).known is None
    assert (await ledger.look(None, [])).known is None
