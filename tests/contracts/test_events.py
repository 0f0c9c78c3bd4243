"""Every event has a stored name, a classification of every field, a schema and a golden example, for ever."""

import importlib
import json
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import domain
from domain.catalogue.names import ALL
from domain.catalogue.stored import Stored
from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.personal import Narrative, Personal
from service.store.codec import Codec, stored_name
from service.store.codec.classify import Classification, classification_of
from service.store.codec.shape import UnclassifiedFieldError
from service.store.schemas import CLASSIFICATION, schema_of, schema_text
from service.store.sealing import Opener
from service.vault.keyring import Keyring
from tests.support.golden_events import FOLDER, TEST_KEK, golden, words_by_path
from tests.support.sample_events import sample

SCHEMAS = Path(__file__).parents[2] / "openapi" / "events"
NAMES = [stored.name for stored in ALL]

each_event = pytest.mark.parametrize("stored", ALL, ids=NAMES)


def events_of_the_domain() -> set[type[Any]]:
    for module in pkgutil.walk_packages(domain.__path__, "domain."):
        importlib.import_module(module.name)
    return {event for event in (*descendants(Fact), *descendants(FirstFact)) if event.__module__.startswith("domain.")}


def descendants(event: type[Any]) -> Iterator[type[Any]]:
    for child in event.__subclasses__():
        yield child
        yield from descendants(child)


def test_every_event_has_exactly_one_stored_name() -> None:
    named = Counter(stored.event for stored in ALL)

    assert {event.__qualname__ for event in events_of_the_domain() - set(named)} == set()
    assert [name for name, count in Counter(NAMES).items() if count > 1] == []
    assert [event.__qualname__ for event, count in named.items() if count > 1] == []


@each_event
def test_a_stored_name_says_aggregate_fact_and_version(stored: Stored) -> None:
    aggregate = stored.event.__module__.split(".")[1]

    assert re.fullmatch(rf"{aggregate}\.[a-z][a-z_]*\.v[1-9][0-9]*", stored.name)


@each_event
def test_the_subject_of_a_stored_name_is_a_field_of_its_event(stored: Stored) -> None:
    assert stored.subject is None or stored.subject in {each.name for each in fields(stored.event)}


@each_event
def test_every_field_of_every_event_is_classified(stored: Stored) -> None:
    by_path = classification_of(stored.event)

    secret = {path for path, kind in by_path.items() if kind is not Classification.PLAIN}
    assert {re.sub(r"\.\d+", ".*", path) for path in words_by_path(sample(stored.event))} <= secret
    assert {path.split(".")[0] for path in by_path} == set(schema_of(stored)["properties"])


def test_the_classification_says_what_is_sealed() -> None:
    by_event = {stored.name: classification_of(stored.event) for stored in ALL}

    assert by_event["incident.reported.v1"]["what_happened"] is Classification.NARRATIVE
    assert by_event["incident.reported.v1"]["location.place"] is Classification.NARRATIVE
    assert by_event["incident.reported.v1"]["local_reference"] is Classification.PLAIN
    assert by_event["incident.person_added.v1"]["nhs_number"] is Classification.PERSONAL
    assert by_event["incident.facts_added.v1"]["facts.*.judge.name"] is Classification.PERSONAL
    assert by_event["candour.relevant_person_identified.v1"]["consents.*.to_tell"] is Classification.PERSONAL


@pytest.mark.parametrize(
    "annotation",
    [
        str,
        str | None,
        float,
        Any,
        bytes,
        dict[str, int],
        list[int],
        tuple[str, ...],
        tuple[int, int],
        Personal | Narrative,
    ],
    ids=str,
)
def test_a_field_whose_type_does_not_say_what_it_is_fails(annotation: Any) -> None:
    event: type[Any] = dataclass(frozen=True)(
        type("NameShouted", (Fact,), {"__annotations__": {"shouted": annotation}})
    )

    with pytest.raises(UnclassifiedFieldError, match=r"NameShouted\.shouted"):
        classification_of(event)


@each_event
def test_the_schema_of_every_event_is_committed_as_the_code_makes_it(stored: Stored) -> None:
    committed = (SCHEMAS / f"{stored.name}.json").read_text(encoding="utf-8")

    assert committed == schema_text(stored), "run `python -m service.store.schemas`"


@each_event
def test_every_schema_is_valid_titled_and_classified(stored: Stored) -> None:
    schema = schema_of(stored)

    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["title"]
    assert schema["description"]
    for part in (schema, *schema.get("$defs", {}).values()):
        for name, field in part["properties"].items():
            is_inside_a_secret = part.get("title") in {"Personal", "Narrative"}
            assert CLASSIFICATION in field or "$ref" in json.dumps(field) or is_inside_a_secret, name


def test_there_is_no_schema_and_no_golden_event_without_a_stored_name() -> None:
    assert sorted(path.stem for path in SCHEMAS.glob("*.json")) == sorted(NAMES)
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == sorted(NAMES)


@each_event
def test_the_golden_event_decodes_and_opens_for_ever(stored: Stored) -> None:
    kept = golden(stored.name)

    fact = Opener(Keyring(TEST_KEK)).open(Codec().decode(kept.event), kept.keys)

    assert stored_name(fact) == stored.name
    assert words_by_path(fact) == kept.opened
    assert (fact.originator_id, fact.originator_version, fact.timestamp) == (
        kept.event.stream,
        kept.event.version,
        kept.event.effective_at,
    )


@each_event
def test_the_golden_event_is_written_again_as_it_was(stored: Stored) -> None:
    """To the byte; but for optional fields that were added since, which are null."""
    event = golden(stored.name).event
    written = Codec().encode(Codec().decode(event))

    added = {name: value for name, value in json.loads(written).items() if name not in json.loads(event.payload)}
    assert set(added.values()) <= {None}
    if not added:
        assert written == event.payload


@each_event
def test_the_golden_event_is_valid_under_its_schema_and_no_looser_one(stored: Stored) -> None:
    payload = json.loads(golden(stored.name).event.payload)
    schema = jsonschema.Draft202012Validator(schema_of(stored))

    assert list(schema.iter_errors(payload)) == []
    assert not schema.is_valid(payload | {"unknown": 1})
    assert not schema.is_valid(dict(list(payload.items())[1:]))
