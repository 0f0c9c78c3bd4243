"""Opening stored events: what can be read, what was erased, and what must not open."""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from domain.incident.events import IncidentReported, PersonAdded
from domain.kernel.personal import ERASED
from service.store.codec import Codec
from service.store.ledger import LedgerEvent
from service.store.sealing import KeyMissingError, Opener
from service.vault.boxes import BoxDamagedError
from service.vault.keyring import DESTROYED, KekMissingError, Keyring, KeyRow
from tests.support.sample_events import an_id, as_stored, sample, sample_keys

KEYRING = Keyring({1: bytes(range(32))})
KEYS = sample_keys(KEYRING)
OPENER = Opener(KEYRING)
CODEC = Codec()


def a_person() -> LedgerEvent:
    return as_stored(sample(PersonAdded), KEYRING, KEYS)


def changed(event: LedgerEvent, **changes: Any) -> LedgerEvent:
    return replace(event, payload=json.dumps(json.loads(event.payload) | changes).encode())


def open_event(event: LedgerEvent, keys: dict[UUID, KeyRow] | None = None) -> Any:
    return OPENER.open(CODEC.decode(event), KEYS if keys is None else keys)


def test_a_value_whose_key_was_destroyed_is_erased_and_the_rest_still_opens() -> None:
    event = as_stored(sample(IncidentReported), KEYRING, KEYS)
    destroyed = KEYS | {an_id("incident key"): replace(a_row("incident key"), wrapped=DESTROYED)}
    assert open_event(event).what_happened.words == "Planted in what_happened"

    fact = open_event(event, destroyed)

    assert fact.what_happened.words is ERASED
    assert fact.location.place.words is ERASED
    assert open_event(a_person(), destroyed).name.words == "Planted in name"


def test_a_missing_row_is_a_failure_and_not_an_erasure() -> None:
    with pytest.raises(KeyMissingError):
        open_event(a_person(), {})


def test_nothing_opens_without_the_key_encryption_key() -> None:
    with pytest.raises(KekMissingError):
        Opener(Keyring({1: bytes(32)})).open(CODEC.decode(a_person()), KEYS)


def test_a_box_moved_to_another_event_does_not_open() -> None:
    moved = replace(a_person(), event_id=UUID(int=99))

    with pytest.raises(BoxDamagedError):
        open_event(moved)


def test_a_box_moved_to_another_field_does_not_open() -> None:
    event = a_person()
    number = json.loads(event.payload)["nhs_number"]

    with pytest.raises(BoxDamagedError):
        open_event(changed(event, name=number))


def test_a_value_said_to_be_about_somebody_else_does_not_open() -> None:
    event = a_person()
    name = json.loads(event.payload)["name"] | {"about": str(UUID(int=99))}

    with pytest.raises(BoxDamagedError):
        open_event(changed(event, name=name))


def test_one_value_can_be_opened_alone() -> None:
    fact = CODEC.decode(a_person())

    assert OPENER.words(fact.nhs_number, KEYS) == "9434765919"


def test_what_is_open_stays_open() -> None:
    fact = sample(PersonAdded)

    assert OPENER.open(fact, {}) == fact


def a_row(name: str) -> Any:
    return KEYS[an_id(name)]
