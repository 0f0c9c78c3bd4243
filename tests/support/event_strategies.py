"""Hypothesis strategies for events: any values that the types of the catalogue allow."""

from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from domain.catalogue.names import ALL
from domain.kernel.envelope import FirstFact
from domain.kernel.personal import Narrative, Personal
from domain.kernel.words import KeyId, PersonId
from service.store.codec.shape import Either, Many, Maybe, Plain, Record, Secret, Shape, shape_of
from tests.support.sample_events import an_id, kind_of

INSTANTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds the zone

_PLAIN: dict[type[Any], SearchStrategy[Any]] = {
    UUID: st.uuids(),
    str: st.text(max_size=40),
    int: st.integers(-(2**53) + 1, 2**53 - 1),
    bool: st.booleans(),
    datetime: INSTANTS,
    date: st.dates(date(1900, 1, 1), date(2200, 1, 1)),
}


def facts() -> SearchStrategy[Any]:
    """Any event of the catalogue."""
    return st.sampled_from(ALL).flatmap(lambda stored: facts_of(stored.event))


def facts_of(event: type[Any]) -> SearchStrategy[Any]:
    """Any event of one class, under the keys of `sample_keys`."""
    envelope = {
        "originator_id": st.just(an_id(kind_of(event))),
        "originator_version": st.just(1) if issubclass(event, FirstFact) else st.integers(2, 500),
        "timestamp": INSTANTS,
    } | ({"originator_topic": st.just("")} if issubclass(event, FirstFact) else {})
    values = {part.name: _any(part.shape) for part in shape_of(event).parts}
    return st.fixed_dictionaries(envelope | values).map(lambda made: event(**made))


def _any(shape: Shape) -> SearchStrategy[Any]:
    match shape:
        case Plain(type=plain):
            return st.sampled_from(list(plain)) if issubclass(plain, Enum) else _PLAIN[plain]
        case Secret(type=secret):
            return st.text(max_size=200).map(lambda words: _secret(secret, words))
        case Maybe(inner=inner):
            return st.none() | _any(inner)
        case Many(each=each):
            return st.lists(_any(each), max_size=3).map(tuple)
        case Either(options=options):
            return st.one_of([_any(option) for option in options])
        case Record(type=record, parts=parts):
            values = {part.name: _any(part.shape) for part in parts}
            return st.fixed_dictionaries(values).map(lambda made: record(**made))


def _secret(secret: type[Personal] | type[Narrative], words: str) -> Personal | Narrative:
    if secret is Personal:
        return Personal(PersonId(an_id("person")), words, KeyId(an_id("personal key")))
    return Narrative(an_id("incident"), words, KeyId(an_id("incident key")))
