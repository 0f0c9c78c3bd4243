"""Whom a pseudonym stands for is sealed, because a token's subject may be an e-mail address."""

from uuid import UUID

import pytest

from service.handling.book import Book, Secrets
from service.store.codec import Codec
from service.store.memory import MemoryLedger
from service.vault.actors import open_actor, seal_actor
from service.vault.boxes import BoxDamagedError
from service.vault.keyring import KekMissingError, Keyring
from tests.support.desks import an_order

OLD = Keyring({1: bytes(range(32))})
BOTH = Keyring({1: bytes(range(32)), 2: bytes(range(32, 64))})
ACTOR = UUID(int=3)


def test_a_subject_comes_out_as_it_went_in_and_cannot_be_read_between() -> None:
    sealed = seal_actor(OLD, ACTOR, "planted.person@example.net")

    assert b"planted" not in sealed
    assert open_actor(OLD, ACTOR, sealed) == "planted.person@example.net"


def test_a_subject_sealed_under_an_older_key_still_opens() -> None:
    assert open_actor(BOTH, ACTOR, seal_actor(OLD, ACTOR, "subject")) == "subject"


def test_a_subject_does_not_open_without_its_key_encryption_key() -> None:
    with pytest.raises(KekMissingError):
        open_actor(OLD, ACTOR, seal_actor(BOTH, ACTOR, "subject"))


def test_a_subject_does_not_open_for_another_actor() -> None:
    with pytest.raises(BoxDamagedError):
        open_actor(OLD, UUID(int=4), seal_actor(OLD, ACTOR, "subject"))


@pytest.mark.parametrize("sealed", [b"", b"\x00\x00\x00", b"\x00\x00\x00\x01", b"\x00\x00\x00\x01\x02"])
def test_what_is_too_short_does_not_open(sealed: bytes) -> None:
    with pytest.raises(BoxDamagedError):
        open_actor(OLD, ACTOR, sealed)


def test_after_a_rotation_no_actor_is_sealed_under_the_older_key_any_more() -> None:
    keyring = Keyring({1: bytes(range(32))})
    book = Book(MemoryLedger(), Codec(), Secrets(keyring=keyring, digests=b"d" * 32), build="test")
    order = an_order()
    before = book.actor_of(order)
    assert book.actor_of(order) is before

    keyring.take_in({2: bytes(range(32, 64))})

    assert before.sealed[:4] == (1).to_bytes(4, "big")
    assert book.actor_of(order).sealed[:4] == (2).to_bytes(4, "big")
