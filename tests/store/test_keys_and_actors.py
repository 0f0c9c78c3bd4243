"""What comes with an append into the vault: wrapped keys once, actors the first time they are seen."""

from uuid import UUID, uuid4

from service.store.ledger import Conflict, Ledger, NewActor, NewKey
from tests.support.running.ledgers import ACTOR, a_request, stood


def a_wrapped_key(key_id: UUID | None = None, about: UUID | None = None, wrapped: bytes = b"\x00wrapped") -> NewKey:
    return NewKey(key_id or uuid4(), about or uuid4(), wrapped, "kek-1")


async def test_a_new_key_stands_with_the_events_that_use_it(ledger: Ledger) -> None:
    key, other = a_wrapped_key(), a_wrapped_key()
    await stood(ledger, a_request(new_keys=(key, other)))
    assert await ledger.keys([key.key_id, uuid4(), other.key_id]) == {key.key_id: key, other.key_id: other}
    assert await ledger.keys_about([key.about, uuid4()]) == {key.about: key}
    assert await ledger.keys([]) == {}


async def test_a_key_id_that_exists_is_a_conflict_and_changes_nothing(ledger: Ledger) -> None:
    key = a_wrapped_key()
    await stood(ledger, a_request(new_keys=(key,)))
    stream = uuid4()
    await stood(ledger, a_request(stream, 0, b"one", b"two"))
    again = a_request(stream, 2, new_keys=(a_wrapped_key(key.key_id, wrapped=b"other"),))
    assert await ledger.append(again) == Conflict(2)
    assert await ledger.keys([key.key_id]) == {key.key_id: key}


async def test_a_refused_append_leaves_no_key(ledger: Ledger) -> None:
    key = a_wrapped_key()
    await ledger.append(a_request(uuid4(), 4, new_keys=(key,)))
    assert await ledger.keys([key.key_id]) == {}


async def test_of_several_keys_about_one_the_lowest_id_is_given(ledger: Ledger) -> None:
    about = uuid4()
    keys = [a_wrapped_key(UUID(int=number), about) for number in (0xF << 124, 3, 2 << 120)]
    await stood(ledger, a_request(new_keys=tuple(keys)))
    assert await ledger.keys_about([about]) == {about: keys[1]}


async def test_an_actor_may_come_with_every_append(ledger: Ledger) -> None:
    for sealed in (b"first", b"second"):
        await stood(ledger, a_request(new_actors=(NewActor(ACTOR, sealed),)))
    fates = await ledger.append_batch([a_request(new_actors=(NewActor(uuid4(), b"x"),)) for _ in range(3)])
    assert len(fates) == 3


async def test_a_key_that_stands_is_given_before_one_that_was_destroyed(ledger: Ledger) -> None:
    about = uuid4()
    destroyed, stands = a_wrapped_key(UUID(int=3), about, b""), a_wrapped_key(UUID(int=4), about)
    await stood(ledger, a_request(new_keys=(destroyed, stands)))
    assert await ledger.keys_about([about]) == {about: stands}
