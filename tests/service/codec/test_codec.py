"""Facts to stored bytes and back: strict, deterministic, and silent about values."""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from eventsourcing.domain import Aggregate
from eventsourcing.utils import get_topic
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.action.events import ActionAgreed, ActionMonitored
from domain.catalogue import names
from domain.catalogue.names import StoredNameUnknownError
from domain.catalogue.stored import Stored
from domain.incident.events import IncidentClosed, IncidentReported, PersonAdded
from domain.kernel.envelope import Fact
from domain.kernel.personal import ERASED, Personal, Sealed
from domain.kernel.words import Code, Label, OdsCode
from domain.ledger.events import ClockMoved
from domain.organisation.events import ProviderCommissioned
from service.store.codec import Codec, CodecError, keys_named, stored_name
from service.store.ledger import LedgerEvent
from service.store.sealing import Opener
from service.vault.keyring import Keyring
from tests.support.event_strategies import facts
from tests.support.sample_events import NOON, an_id, as_stored, every_sample, sample, sample_keys

KEYRING = Keyring({1: bytes(range(32))})
KEYS = sample_keys(KEYRING)
CODEC = Codec()


class Thing(Aggregate):
    """An aggregate that stands for an action in these tests."""


@dataclass(frozen=True)
class Grown(Fact):
    """An event that was given a field after it was first released."""

    count: int
    note: Code | None = None


def stored(fact: Any) -> LedgerEvent:
    return as_stored(fact, KEYRING, KEYS)


def with_payload(event: LedgerEvent, **changes: Any) -> LedgerEvent:
    return replace(event, payload=json.dumps(json.loads(event.payload) | changes).encode())


def a_plain_event() -> LedgerEvent:
    return stored(sample(ActionMonitored))


@pytest.mark.parametrize("fact", every_sample(), ids=lambda fact: type(fact).__name__)
def test_what_was_stored_decodes_and_opens_to_the_same_fact(fact: Any) -> None:
    assert Opener(KEYRING).open(CODEC.decode(stored(fact)), KEYS) == fact


@settings(deadline=None)
@given(facts())
def test_any_event_comes_back_as_it_was(fact: Any) -> None:
    event = stored(fact)

    decoded = CODEC.decode(event)

    assert Opener(KEYRING).open(decoded, KEYS) == fact
    assert CODEC.encode(decoded) == event.payload


@settings(deadline=None)
@given(facts(), st.data())
def test_damaged_bytes_are_refused_and_nothing_else_happens(fact: Any, data: st.DataObject) -> None:
    event = stored(fact)
    cut = data.draw(st.integers(0, len(event.payload) - 1))

    with pytest.raises(CodecError):
        CODEC.decode(replace(event, payload=event.payload[:cut]))


def test_the_same_fact_gives_the_same_bytes_in_the_order_of_its_class() -> None:
    payload = CODEC.encode(sample(ProviderCommissioned))

    assert payload == b'{"commissioner":"ZZQ","from_on":"2026-03-02","to_on":"2026-03-02"}'


@pytest.mark.parametrize(
    ("instant", "text"),
    [(NOON, "2026-03-02T12:00:00Z"), (NOON + timedelta(microseconds=1500), "2026-03-02T12:00:00.001500Z")],
)
def test_instants_are_written_in_utc_with_microseconds_only_where_there_are_some(instant: datetime, text: str) -> None:
    payload = CODEC.encode(replace(sample(ClockMoved), to_at=instant))

    assert json.loads(payload) == {"to_at": text}


@pytest.mark.parametrize("instant", [NOON.replace(tzinfo=None), NOON.astimezone(timezone(timedelta(hours=1)))])
def test_an_instant_that_is_not_in_utc_is_not_stored(instant: datetime) -> None:
    with pytest.raises(CodecError):
        CODEC.encode(replace(sample(ClockMoved), to_at=instant))


def test_a_day_with_a_time_of_day_is_not_stored() -> None:
    with pytest.raises(CodecError):
        CODEC.encode(replace(sample(ProviderCommissioned), from_on=NOON))


def test_the_envelope_is_never_in_the_payload() -> None:
    for fact in every_sample():
        assert not set(json.loads(stored(fact).payload)) & {
            "originator_id",
            "originator_version",
            "originator_topic",
            "timestamp",
        }


def test_the_envelope_comes_back_from_the_columns() -> None:
    event = replace(a_plain_event(), stream=UUID(int=7), version=4, effective_at=NOON + timedelta(days=3))

    fact = CODEC.decode(event)

    assert (fact.originator_id, fact.originator_version, fact.timestamp) == (event.stream, 4, event.effective_at)


def test_a_first_fact_gets_the_aggregate_of_its_kind_back() -> None:
    event = stored(sample(ActionAgreed))

    fact = Codec({"action": Thing}).decode(event)

    assert fact.originator_topic == get_topic(Thing)
    assert isinstance(Codec().decode(event), ActionAgreed)
    assert Codec().decode(event).originator_topic == ""


def test_a_value_that_is_still_open_is_not_stored() -> None:
    with pytest.raises(CodecError) as refused:
        CODEC.encode(sample(PersonAdded))

    assert "Planted" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_an_erased_value_is_not_stored() -> None:
    name = Personal(an_id("person"), ERASED, an_id("personal key"))  # type: ignore[arg-type] # plain ids will do

    with pytest.raises(CodecError):
        CODEC.encode(replace(sample(PersonAdded, full=False), name=name))


@pytest.mark.parametrize("group", [None, 7, NOON, Personal])
def test_a_value_of_another_type_is_not_stored(group: Any) -> None:
    with pytest.raises(CodecError):
        CODEC.encode(replace(sample(ActionMonitored), group=group))


def test_half_of_a_surrogate_pair_is_not_stored() -> None:
    with pytest.raises(CodecError):
        CODEC.encode(replace(sample(ActionMonitored), group=Label("\ud800")))


def test_an_unknown_stored_name_is_refused() -> None:
    with pytest.raises(StoredNameUnknownError):
        CODEC.decode(replace(a_plain_event(), type="action.sold.v1"))


def test_an_event_outside_the_catalogue_has_no_stored_name() -> None:
    with pytest.raises(StoredNameUnknownError):
        CODEC.encode(Grown(UUID(int=1), 1, NOON, 1))


def test_an_unknown_field_is_damage() -> None:
    with pytest.raises(CodecError, match="surprise"):
        CODEC.decode(with_payload(a_plain_event(), surprise=1))


def test_an_unknown_field_inside_another_is_damage() -> None:
    event = stored(sample(IncidentReported))
    location = json.loads(event.payload)["location"]

    with pytest.raises(CodecError, match=r"location\.floor"):
        CODEC.decode(with_payload(event, location=location | {"floor": "2"}))


def test_a_missing_field_is_damage() -> None:
    with pytest.raises(CodecError, match="group"):
        CODEC.decode(replace(a_plain_event(), payload=b"{}"))


@pytest.mark.parametrize("value", ["7", 7.0, True, None])
def test_a_number_that_is_not_one_is_damage(value: Any) -> None:
    with pytest.raises(CodecError, match="actions_open"):
        CODEC.decode(with_payload(stored(sample(IncidentClosed)), actions_open=value))


@pytest.mark.parametrize("text", ["2026-03-02T12:00:00+01:00", "2026-03-02T12:00:00", "yesterday"])
def test_a_stored_instant_that_is_not_in_utc_is_damage(text: str) -> None:
    with pytest.raises(CodecError, match="to_at"):
        CODEC.decode(with_payload(stored(sample(ClockMoved)), to_at=text))


def test_damage_is_told_without_the_value() -> None:
    with pytest.raises(CodecError) as damage:
        CODEC.decode(with_payload(stored(sample(PersonAdded)), name="Planted Name"))

    assert "Planted" not in str(damage.value)
    assert damage.value.__cause__ is None


def test_a_field_added_later_reads_as_none_in_older_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = Stored("action.grown.v1", Grown)
    monkeypatch.setitem(names.BY_NAME, entry.name, entry)
    monkeypatch.setitem(names.BY_EVENT, Grown, entry)
    old = replace(a_plain_event(), type=entry.name, payload=b'{"count":3}')

    fact = CODEC.decode(old)

    assert (fact.count, fact.note) == (3, None)
    assert CODEC.encode(replace(fact, note=Code("more"))) == b'{"count":3,"note":"more"}'


def test_sealed_values_carry_their_event_and_their_path() -> None:
    event = stored(sample(IncidentReported))

    fact = CODEC.decode(event)

    box = json.loads(event.payload)["location"]["place"]["box"]
    assert fact.location.place.words == Sealed(event.event_id, "location.place", box)


def test_an_event_names_the_keys_that_open_it() -> None:
    assert keys_named(sample(PersonAdded)) == {an_id("personal key")}
    assert keys_named(sample(ActionMonitored)) == set()


def test_dates_and_codes_come_back_as_themselves() -> None:
    fact = CODEC.decode(stored(sample(ProviderCommissioned)))

    assert type(fact.from_on) is date
    assert fact.commissioner == OdsCode("ZZQ")
    assert stored_name(fact) == stored_name(ProviderCommissioned) == "organisation.commissioned.v1"
