"""What every place of key-encryption keys keeps to."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from service.secret_files import SecretFileError
from service.vault.keks.source import KekSourceRefusedError
from service.vault.keyring import Keyring
from tests.service.vault.keks.conftest import Place

KEY = bytes(range(32))


def test_a_place_is_empty_until_a_key_is_made_and_reading_makes_none(place: Place) -> None:
    assert place.source.load() == {}
    assert place.source.numbers() == frozenset()
    with pytest.raises(KekSourceRefusedError, match="there is no key-encryption key"):
        Keyring.of(place.source)


def test_a_key_that_was_made_is_found_by_the_next_process(place: Place) -> None:
    assert place.source.make_next() == 1

    kept = place.again().load()

    assert kept == place.source.load()
    assert list(kept) == [1]
    assert len(kept[1]) == 32
    assert place.again().numbers() == frozenset({1})


def test_the_next_key_is_another_and_leaves_the_first(place: Place) -> None:
    place.source.make_next()
    first = place.source.load()[1]

    assert place.source.make_next() == 2

    kept = place.again().load()
    assert sorted(kept) == [1, 2]
    assert kept[1] == first != kept[2]


def test_a_key_from_elsewhere_is_kept_and_never_replaces_one_that_stands(place: Place) -> None:
    place.source.add(7, KEY)
    place.source.add(7, bytes(32))

    assert place.again().load() == {7: KEY}
    assert place.source.make_next() == 8


def test_a_retired_key_is_gone_and_its_number_is_not_used_again(place: Place) -> None:
    for _ in range(2):
        place.source.make_next()

    for _ in range(2):
        place.source.retire(1)

    assert sorted(place.again().load()) == [2]
    assert place.source.make_next() == 3


def test_processes_that_make_a_key_at_once_have_the_same(place: Place) -> None:
    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(lambda _: place.again().make_next(), range(4)))

    kept = place.source.load()
    assert set(numbers) == set(kept)
    assert all(len(key) == 32 for key in kept.values())


def test_what_is_damaged_is_refused_and_the_rest_is_not_given_without_it(place: Place) -> None:
    for _ in range(2):
        place.source.make_next()
    place.damage(1)

    with pytest.raises((KekSourceRefusedError, SecretFileError)):
        place.again().load()


def test_the_name_tells_an_operator_which_place_it_is_and_nothing_else(place: Place) -> None:
    assert place.source.name
    assert "/" not in place.source.name


def test_a_keyring_opens_what_the_keyring_of_another_process_wrapped(place: Place) -> None:
    place.source.make_next()
    row = Keyring.of(place.source).new_key(UUID(int=1), UUID(int=2))

    assert Keyring.of(place.again()).cipher(row) is not None
