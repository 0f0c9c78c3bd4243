"""Data keys: wrapped for their owner, unwrapped by the right keyring, gone once destroyed."""

from dataclasses import replace
from uuid import UUID

import pytest

from service.secret_files import SecretFileError
from service.vault.boxes import BoxDamagedError
from service.vault.keks.source import KekSourceUnavailableError
from service.vault.keyring import DESTROYED, KekMissingError, Keyring

FIRST, SECOND = bytes(range(32)), bytes(range(32, 64))
PERSON = UUID(int=5)
KEY = UUID(int=6)


def test_a_wrapped_key_is_unwrapped_by_the_same_key_encryption_key() -> None:
    row = Keyring({1: FIRST}).new_key(KEY, PERSON)
    one, other = Keyring({1: FIRST}).cipher(row), Keyring({1: FIRST}).cipher(row)

    assert one is not None
    assert other is not None
    assert other.decrypt(bytes(12), one.encrypt(bytes(12), b"words", None), None) == b"words"


def test_a_wrapped_key_says_neither_itself_nor_the_key_that_wraps_it() -> None:
    row = Keyring({1: FIRST}).new_key(KEY, PERSON)

    assert FIRST not in row.wrapped
    assert FIRST.hex()[:8] not in row.kek
    assert len(row.wrapped) == 1 + 12 + 32 + 16


def test_two_keys_about_the_same_person_are_different() -> None:
    keyring = Keyring({1: FIRST})

    assert keyring.new_key(KEY, PERSON).wrapped != keyring.new_key(KEY, PERSON).wrapped


def test_the_newest_key_encryption_key_wraps_and_older_ones_still_unwrap() -> None:
    old = Keyring({1: FIRST})
    both = Keyring({2: SECOND, 1: FIRST})

    assert both.new_key(KEY, PERSON).kek == both.newest != old.newest
    assert both.cipher(old.new_key(KEY, PERSON)) is not None


def test_another_key_of_the_same_number_is_known_to_be_another() -> None:
    row = Keyring({1: FIRST}).new_key(KEY, PERSON)

    with pytest.raises(KekMissingError):
        Keyring({1: SECOND}).cipher(row)


@pytest.mark.parametrize("change", [{"key_id": UUID(int=9)}, {"about": UUID(int=9)}, {"wrapped": b"\x01" + bytes(60)}])
def test_a_row_that_was_changed_does_not_unwrap(change: dict[str, object]) -> None:
    keyring = Keyring({1: FIRST})
    row = keyring.new_key(KEY, PERSON)

    with pytest.raises(BoxDamagedError):
        keyring.cipher(replace(row, **change))  # type: ignore[arg-type] # the table of changes has many types


def test_a_destroyed_key_gives_nothing_even_where_it_was_used_before() -> None:
    keyring = Keyring({1: FIRST})
    row = keyring.new_key(KEY, PERSON)
    assert keyring.cipher(row) is not None

    assert keyring.cipher(replace(row, wrapped=DESTROYED)) is None


class Kept:
    """Whoever keeps the keys, and how often they were asked."""

    name = "a test"

    def __init__(self, *keys: bytes) -> None:
        self.keys = dict(enumerate(keys, 1))
        self.trouble: Exception | None = None
        self.asked = 0

    def load(self) -> dict[int, bytes]:
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble
        return dict(self.keys)


def test_a_key_that_another_process_made_is_asked_for_once() -> None:
    kept = Kept(FIRST)
    keyring = Keyring(kept.load(), reload=kept.load)
    row = Keyring({1: FIRST, 2: SECOND}).new_key(KEY, PERSON)
    kept.keys[2] = SECOND

    assert keyring.cipher(row) is not None
    assert keyring.newest == row.kek
    assert keyring.cipher(replace(row)) is not None
    assert kept.asked == 2


def test_a_key_that_nobody_has_is_not_asked_for_with_every_request() -> None:
    kept = Kept(FIRST)
    keyring = Keyring(kept.load(), reload=kept.load)
    row = Keyring({1: SECOND}).new_key(KEY, PERSON)

    for name in (row.kek, row.kek, "kek-9-00000000"):
        with pytest.raises(KekMissingError):
            keyring.cipher(replace(row, kek=name))
    with pytest.raises(KekMissingError):
        keyring.actor_cipher(9)
    assert kept.asked == 2


@pytest.mark.parametrize("trouble", [KekSourceUnavailableError("away"), SecretFileError("open")])
def test_whoever_keeps_the_keys_may_be_away_while_those_in_memory_go_on(trouble: Exception) -> None:
    kept = Kept(FIRST)
    keyring = Keyring(kept.load(), reload=kept.load)
    known, unknown = keyring.new_key(KEY, PERSON), Keyring({2: SECOND}).new_key(KEY, PERSON)
    kept.trouble = trouble

    with pytest.raises(KekMissingError):
        keyring.cipher(unknown)
    assert keyring.cipher(known) is not None
    assert keyring.cipher(keyring.new_key(UUID(int=7), PERSON)) is not None


def test_a_key_that_is_held_stays_though_it_is_not_kept_any_more() -> None:
    keyring = Keyring({1: FIRST})
    row = keyring.new_key(KEY, PERSON)

    keyring.take_in({2: SECOND})

    assert keyring.cipher(row) is not None
    assert keyring.held == (row.kek, keyring.newest)
    assert keyring.numbers == frozenset({1, 2})
    assert keyring.name_of(1) == row.kek
    assert keyring.name_of(3) is None


def test_a_key_wrapped_anew_is_the_same_key_under_the_newest() -> None:
    keyring = Keyring({1: FIRST})
    row = keyring.new_key(KEY, PERSON)
    before = keyring.cipher(row)
    keyring.take_in({2: SECOND})

    anew = keyring.wrapped_anew(row)

    after = Keyring({2: SECOND}).cipher(anew)
    assert before is not None
    assert after is not None
    assert after.decrypt(bytes(12), before.encrypt(bytes(12), b"words", None), None) == b"words"
    assert (anew.key_id, anew.about, anew.kek) == (KEY, PERSON, keyring.newest)


def test_a_destroyed_key_is_never_wrapped_anew() -> None:
    keyring = Keyring({1: FIRST})

    with pytest.raises(BoxDamagedError):
        keyring.wrapped_anew(replace(keyring.new_key(KEY, PERSON), wrapped=DESTROYED))


def test_a_key_that_was_dropped_from_memory_is_unwrapped_again() -> None:
    keyring = Keyring({1: FIRST})
    row = keyring.new_key(KEY, PERSON)
    before = keyring.cipher(row)
    assert keyring.cipher(row) is before

    keyring.drop_unwrapped()

    assert keyring.cipher(row) is not before
