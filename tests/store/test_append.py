"""Contract 1: what may be appended, and each way in which it is not."""

from uuid import uuid4

import pytest

from service.store.ledger import (
    Appended,
    AppendInvalidError,
    CaseGuard,
    Claimed,
    Conflict,
    Guard,
    GuardFailed,
    Ledger,
)
from tests.support.running.ledgers import a_key, a_request, an_event, stood


async def test_a_new_stream_begins_at_version_one(ledger: Ledger) -> None:
    request = a_request()
    appended = await ledger.append(request)
    assert isinstance(appended, Appended)
    assert (appended.stream, appended.version, appended.replayed) == (request.stream, 1, False)
    assert (appended.first_position, appended.last_position) == (2, 2)


async def test_several_events_stand_in_their_order(ledger: Ledger) -> None:
    request = a_request(None, 0, b"one", b"two", b"three")
    appended = await stood(ledger, request)
    assert (appended.version, appended.first_position, appended.last_position) == (3, 2, 4)
    events = await ledger.read_stream(request.stream)
    assert [(event.version, event.position, event.payload) for event in events] == [
        (1, 2, b"one"),
        (2, 3, b"two"),
        (3, 4, b"three"),
    ]


async def test_a_stream_grows_from_the_expected_version(ledger: Ledger) -> None:
    stream = uuid4()
    await stood(ledger, a_request(stream, 0, b"one", b"two"))
    assert (await stood(ledger, a_request(stream, 2))).version == 3


@pytest.mark.parametrize("expected", [0, 1, 3])
async def test_another_version_than_the_expected_one_is_a_conflict(ledger: Ledger, expected: int) -> None:
    stream = uuid4()
    await stood(ledger, a_request(stream, 0, b"one", b"two"))
    assert await ledger.append(a_request(stream, expected)) == Conflict(2)
    assert (await ledger.head()).position == 3


async def test_a_stream_that_never_began_cannot_be_continued(ledger: Ledger) -> None:
    assert await ledger.append(a_request(uuid4(), 1)) == Conflict(0)


async def test_a_guard_that_holds_lets_the_append_through(ledger: Ledger) -> None:
    other, unborn = uuid4(), uuid4()
    await stood(ledger, a_request(other, 0, b"one", b"two"))
    await stood(ledger, a_request(guards=(Guard(other, 2), Guard(unborn, 0))))


@pytest.mark.parametrize("version", [0, 1, 3])
async def test_a_guarded_stream_that_moved_fails_the_append(ledger: Ledger, version: int) -> None:
    other, stream = uuid4(), uuid4()
    await stood(ledger, a_request(other, 0, b"one", b"two"))
    request = a_request(stream, guards=(Guard(uuid4(), 0), Guard(other, version)))
    assert await ledger.append(request) == GuardFailed(other)
    assert await ledger.read_stream(stream) == []


async def test_the_first_guard_that_fails_is_named(ledger: Ledger) -> None:
    first, second = uuid4(), uuid4()
    assert await ledger.append(a_request(guards=(Guard(first, 4), Guard(second, 9)))) == GuardFailed(first)


async def test_a_case_guard_holds_while_nothing_joins_the_case(ledger: Ledger) -> None:
    case = uuid4()
    await stood(ledger, a_request(case, cases=(case,)))
    await stood(ledger, a_request(case_guards=(CaseGuard(case, 1), CaseGuard(uuid4(), 0))))


async def test_a_stream_that_joined_the_case_fails_the_append(ledger: Ledger) -> None:
    case = uuid4()
    await stood(ledger, a_request(case, cases=(case,)))
    await stood(ledger, a_request(cases=(case,)))
    assert await ledger.append(a_request(case, 1, case_guards=(CaseGuard(case, 1),))) == GuardFailed(case)


async def test_a_claim_belongs_to_the_stream_that_made_it_for_ever(ledger: Ledger) -> None:
    owner, digest = uuid4(), a_key()
    await stood(ledger, a_request(owner, claims=(digest,)))
    refused = a_request(claims=(a_key(), digest))
    assert await ledger.append(refused) == Claimed(digest, owner)
    assert await ledger.read_stream(refused.stream) == []


async def test_the_owner_may_claim_the_same_again(ledger: Ledger) -> None:
    owner, digest = uuid4(), a_key()
    await stood(ledger, a_request(owner, claims=(digest,)))
    await stood(ledger, a_request(owner, 1, claims=(digest,)))


async def test_a_refused_append_claims_nothing(ledger: Ledger) -> None:
    digest = a_key()
    assert await ledger.append(a_request(uuid4(), 5, claims=(digest,))) == Conflict(0)
    await stood(ledger, a_request(claims=(digest,)))


async def test_a_conflict_is_told_before_a_failed_guard_and_that_before_a_claim(ledger: Ledger) -> None:
    owner, digest = uuid4(), a_key()
    await stood(ledger, a_request(owner, claims=(digest,)))
    wrong = Guard(owner, 9)
    assert await ledger.append(a_request(owner, 7, guards=(wrong,), claims=(digest,))) == Conflict(1)
    assert await ledger.append(a_request(guards=(wrong,), claims=(digest,))) == GuardFailed(owner)
    assert await ledger.append(a_request(claims=(digest,))) == Claimed(digest, owner)


async def test_an_append_without_events_is_a_mistake(ledger: Ledger) -> None:
    with pytest.raises(AppendInvalidError, match="at least one event"):
        await ledger.append(a_request(events=()))


async def test_an_event_id_is_used_once_in_the_whole_ledger(ledger: Ledger) -> None:
    event = an_event()
    await stood(ledger, a_request(events=(event,)))
    second = a_request(events=(an_event(), event))
    with pytest.raises(AppendInvalidError):
        await ledger.append(second)
    assert await ledger.read_stream(second.stream) == []


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"])
async def test_text_that_no_database_holds_is_a_mistake_and_stores_nothing(ledger: Ledger, text: str) -> None:
    with pytest.raises(AppendInvalidError):
        await ledger.append(a_request(correlation=text))
    assert (await ledger.head()).position == 1
    await stood(ledger, a_request())


async def test_any_bytes_are_stored_exactly_as_given(ledger: Ledger) -> None:
    payloads = (bytes(range(256)), b"", b'{ "a" : 1.0 }', b"x" * 2_000_000)
    request = a_request(None, 0, *payloads)
    await stood(ledger, request)
    assert tuple(event.payload for event in await ledger.read_stream(request.stream)) == payloads
