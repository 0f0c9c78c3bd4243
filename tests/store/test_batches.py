"""Contract 1: each request has a fate of its own, whatever becomes of its neighbours."""

import asyncio
from uuid import uuid4

from service.store.ledger import (
    Appended,
    AppendInvalidError,
    CaseGuard,
    Claimed,
    Conflict,
    Fate,
    Guard,
    GuardFailed,
    Ledger,
    NewKey,
)
from tests.support.running.ledgers import a_key, a_request, an_event, stood


def kinds(fates: list[Fate]) -> list[str]:
    return [type(fate).__name__ for fate in fates]


async def test_neighbours_of_a_refused_request_are_untouched(ledger: Ledger) -> None:
    owner, digest = uuid4(), a_key()
    await stood(ledger, a_request(owner, claims=(digest,)))
    fates = await ledger.append_batch(
        [
            a_request(None, 0, b"one", b"two"),
            a_request(owner, 5),
            a_request(guards=(Guard(owner, 5),)),
            a_request(claims=(digest,)),
            a_request(None, 0, b"three"),
        ]
    )
    assert kinds(fates) == ["Appended", "Conflict", "GuardFailed", "Claimed", "Appended"]
    assert [event.payload for event in await ledger.read_all(after=2, limit=10)] == [b"one", b"two", b"three"]


async def test_a_poison_request_fails_alone(ledger: Ledger) -> None:
    used = an_event()
    await stood(ledger, a_request(events=(used,)))
    requests = [a_request() for _ in range(9)]
    requests[4] = a_request(events=(an_event(), used))
    requests[6] = a_request(correlation="\ud800")
    fates = await ledger.append_batch(requests)
    assert [place for place, fate in enumerate(fates) if isinstance(fate, AppendInvalidError)] == [4, 6]
    assert sum(isinstance(fate, Appended) for fate in fates) == 7
    assert (await ledger.head()).position == 9


async def test_a_batch_is_decided_in_its_order(ledger: Ledger) -> None:
    stream = uuid4()
    fates = await ledger.append_batch([a_request(stream, version) for version in range(5)])
    assert kinds(fates) == ["Appended"] * 5
    assert [event.version for event in await ledger.read_stream(stream)] == [1, 2, 3, 4, 5]


async def test_two_of_one_version_have_one_winner(ledger: Ledger) -> None:
    stream = uuid4()
    fates = await ledger.append_batch([a_request(stream), a_request(stream)])
    assert kinds(fates) == ["Appended", "Conflict"]
    outcomes = await asyncio.gather(*(ledger.append(a_request(stream, 1)) for _ in range(10)))
    assert sorted(kinds(list(outcomes))) == ["Appended"] + ["Conflict"] * 9


async def test_a_guard_sees_what_an_earlier_request_of_the_batch_wrote(ledger: Ledger) -> None:
    stream, guarded = uuid4(), a_request()
    fates = await ledger.append_batch(
        [a_request(stream), a_request(guards=(Guard(stream, 0),)), a_request(guards=(Guard(stream, 1),)), guarded]
    )
    assert fates[1] == GuardFailed(stream)
    assert kinds(fates) == ["Appended", "GuardFailed", "Appended", "Appended"]


async def test_a_guard_does_not_see_what_a_later_request_wrote(ledger: Ledger) -> None:
    stream = uuid4()
    fates = await ledger.append_batch(
        [a_request(stream), a_request(stream, 1, guards=(Guard(LATER, 0),)), a_request(LATER)]
    )
    assert kinds(fates) == ["Appended", "Appended", "Appended"]


async def test_a_case_guard_sees_a_stream_that_joined_earlier_in_the_batch(ledger: Ledger) -> None:
    case = uuid4()
    fates = await ledger.append_batch([a_request(cases=(case,)), a_request(case_guards=(CaseGuard(case, 0),))])
    assert fates[1] == GuardFailed(case)


async def test_a_claim_made_earlier_in_the_batch_is_owned(ledger: Ledger) -> None:
    digest, first = a_key(), a_request()
    fates = await ledger.append_batch([a_request(first.stream, claims=(digest,)), a_request(claims=(digest,))])
    assert fates[1] == Claimed(digest, first.stream)


async def test_a_new_key_made_earlier_in_the_batch_is_a_conflict(ledger: Ledger) -> None:
    key = NewKey(uuid4(), uuid4(), b"wrapped", "kek-1")
    fates = await ledger.append_batch([a_request(new_keys=(key,)), a_request(new_keys=(key,))])
    assert fates[1] == Conflict(0)


async def test_more_than_the_queue_holds_is_appended_in_order(ledger: Ledger) -> None:
    fates = await ledger.append_batch([a_request(None, 0, str(number).encode()) for number in range(1300)])
    assert set(kinds(fates)) == {"Appended"}
    events = await ledger.read_all(after=1, limit=2000)
    assert [int(event.payload) for event in events] == list(range(1300))


async def test_no_requests_have_no_fates(ledger: Ledger) -> None:
    assert await ledger.append_batch([]) == []


LATER = uuid4()


async def test_one_that_waits_for_an_earlier_one_lets_others_pass_and_is_decided_as_if_alone(ledger: Ledger) -> None:
    """The first is refused, so that its key is free again for the second; the third has nothing to do with either."""
    key, case = a_key(), uuid4()
    first = a_request(case_guards=(CaseGuard(case, 1),), key=key)
    again, other = a_request(first.stream, key=key), a_request()
    fates = await ledger.append_batch([first, again, other])
    assert kinds(fates) == ["GuardFailed", "Appended", "Appended"]
    places = [fate.first_position for fate in fates if isinstance(fate, Appended)]
    head = (await ledger.head()).position
    assert sorted(places) == [head - 1, head]
