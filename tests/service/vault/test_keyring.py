"""Data keys: wrapped for their owner, unwrapped by the right keyring, gone once destroyed."""

from dataclasses import replace
from uuid import UUID

import pytest

from service.vault.boxes import BoxDamagedError
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
