"""The pen of one command: keys for what is written, boxes for what was decided."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings

from domain.action.events import ActionHandedOver
from domain.incident.events import IncidentReported, PersonAdded, SafetySecured
from domain.kernel.personal import ERASED
from domain.kernel.words import KeyId, PersonId
from service.store.codec import CodecError, rewrite_secrets
from service.store.codec.sealed_values import with_words
from service.store.sealing import KeyMissingError, Pen
from service.vault.keyring import DESTROYED, Keyring, KeyRow
from tests.support.event_strategies import facts
from tests.support.sample_events import an_id, as_stored, every_sample, planted_words, sample, sample_keys

KEYRING = Keyring({1: bytes(range(32))})
KEYS = sample_keys(KEYRING)
EVENT, STREAM, PERSON = UUID(int=1), UUID(int=2), PersonId(UUID(int=3))


def ids() -> Callable[[], UUID]:
    numbers = count(100)
    return lambda: UUID(int=next(numbers))


def a_pen(*known: KeyRow) -> Pen:
    return Pen(KEYRING, new_id=ids(), known=known)


def a_step(pen: Pen, words: str) -> SafetySecured:
    step: SafetySecured = replace(sample(SafetySecured), steps_taken=pen.narrative(STREAM, words))
    return step


def test_what_one_command_writes_shares_one_fresh_key() -> None:
    pen = a_pen()

    assert pen.narrative(STREAM, "one").key == pen.narrative(STREAM, "two").key
    assert a_pen().narrative(STREAM, "one").about == STREAM


def test_the_next_version_of_a_text_is_under_another_key() -> None:
    draw = ids()
    first = Pen(KEYRING, new_id=draw)
    first.seal(EVENT, a_step(first, "one"))

    second = Pen(KEYRING, new_id=draw, known=first.new_keys())

    assert second.narrative(STREAM, "two").key not in {row.key_id for row in first.new_keys()}


def test_a_person_keeps_the_key_they_have() -> None:
    row = KEYRING.new_key(UUID(int=9), PERSON)

    assert a_pen(row).personal(PERSON, "Planted").key == row.key_id


def test_a_person_with_several_keys_is_written_under_the_lowest() -> None:
    rows = [KEYRING.new_key(UUID(int=number), PERSON) for number in (9, 7, 8)]

    assert a_pen(*rows).personal(PERSON, "Planted").key == UUID(int=7)


def test_a_person_whose_key_was_destroyed_gets_a_new_one() -> None:
    row = replace(KEYRING.new_key(UUID(int=9), PERSON), wrapped=DESTROYED)

    assert a_pen(row).personal(PERSON, "Planted").key != row.key_id


def test_only_keys_that_stored_events_use_are_to_be_stored() -> None:
    pen = a_pen()
    pen.personal(PERSON, "Planted, but the decision did not record it")

    pen.seal(EVENT, a_step(pen, "one"))

    assert [(row.about, row.kek) for row in pen.new_keys()] == [(STREAM, KEYRING.newest)]


def test_a_key_that_stands_is_not_stored_again() -> None:
    pen = a_pen(*KEYS.values())

    pen.seal(EVENT, sample(PersonAdded))

    assert pen.new_keys() == ()


def test_a_value_taken_over_from_an_earlier_event_keeps_its_key() -> None:
    row = KEYRING.new_key(UUID(int=9), PERSON)
    owner = a_pen(row).personal(PERSON, "Planted")
    handed_over = replace(sample(ActionHandedOver), owner_name=owner)

    assert str(row.key_id).encode() in a_pen(row, *KEYS.values()).seal(EVENT, handed_over)


def test_a_value_under_a_key_that_is_not_known_is_not_sealed() -> None:
    with pytest.raises(KeyMissingError):
        a_pen().seal(EVENT, sample(PersonAdded))


def test_a_value_under_somebody_elses_key_is_not_sealed() -> None:
    pen = a_pen()
    mine = pen.personal(PERSON, "Planted")
    theirs = replace(mine, about=PersonId(UUID(int=44)))

    with pytest.raises(CodecError):
        pen.seal(EVENT, replace(sample(PersonAdded, full=False), name=theirs))


def test_an_erased_value_is_not_sealed_again() -> None:
    pen = a_pen()
    erased = replace(pen.narrative(STREAM, ""), words=ERASED)

    with pytest.raises(CodecError):
        pen.seal(EVENT, replace(sample(SafetySecured), steps_taken=erased))


def test_nothing_is_sealed_under_a_destroyed_key() -> None:
    row = replace(KEYRING.new_key(UUID(int=9), STREAM), wrapped=DESTROYED)
    pen = a_pen(row)
    step = replace(a_step(pen, "one").steps_taken, key=KeyId(row.key_id))

    with pytest.raises(CodecError):
        pen.seal(EVENT, replace(sample(SafetySecured), steps_taken=step))


def test_half_of_a_surrogate_pair_is_not_sealed() -> None:
    pen = a_pen()

    with pytest.raises(CodecError) as refused:
        pen.seal(EVENT, a_step(pen, "Planted \ud800"))

    assert "Planted" not in str(refused.value)
    assert refused.value.__suppress_context__


@pytest.mark.parametrize("fact", every_sample(), ids=lambda fact: type(fact).__name__)
def test_no_planted_word_is_in_the_stored_bytes(fact: Any) -> None:
    payload = as_stored(fact, KEYRING, KEYS).payload

    for words in planted_words(fact):
        assert words.encode() not in payload
        for shift in range(3):
            inner = b64encode(b"x" * shift + words.encode())[4 : -4 or None]
            assert inner not in payload


@settings(deadline=None)
@given(facts().filter(planted_words))
def test_whatever_is_written_is_not_in_the_stored_bytes(fact: Any) -> None:
    planted = rewrite_secrets(fact, lambda value, _path: with_words(value, f"Planted Name {value.words}"))

    payload = as_stored(planted, KEYRING, KEYS).payload

    assert b"Planted Name" not in payload
    assert b"Planted Name" in repr(planted).encode()


def test_the_planted_words_are_where_they_should_be_before_sealing() -> None:
    assert "Planted in what_happened" in planted_words(sample(IncidentReported))
    assert an_id("incident") == sample(IncidentReported).originator_id
