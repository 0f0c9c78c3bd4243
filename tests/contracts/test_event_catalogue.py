"""Every field of every event has a purpose, an owner and a class of data; what is published says the same."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from domain.action.events import ActionAccepted, ActionWithdrawn
from domain.catalogue.fields.described import DataClass, Fields, kept, pseudonym, working
from domain.catalogue.fields.every import EVERY
from domain.catalogue.names import ALL
from domain.catalogue.stored import Stored
from domain.incident.events import FactsAdded, IncidentReported
from domain.kernel.actor import Role
from domain.kernel.envelope import Fact
from service.document.asyncapi import asyncapi, asyncapi_text
from service.document.described_fields import FieldUndescribedError, described_fields
from service.document.event_catalogue import catalogue_markdown
from service.store.codec.classify import Classification, classification_of
from service.store.codec.shape import UnclassifiedFieldError, shape_of
from service.store.schemas import schema_of
from tests.support.golden_events import golden

PUBLISHED = Path(__file__).parents[2] / "openapi"
SPECIFICATION = Path(__file__).parents[1] / "vectors" / "asyncapi" / "3.0.0.json"
SEALED = {DataClass.PERSONAL: Classification.PERSONAL, DataClass.NARRATIVE: Classification.NARRATIVE}

each_event = pytest.mark.parametrize("stored", ALL, ids=[stored.name for stored in ALL])


@dataclass(frozen=True)
class DoorOpened(Fact):
    """An event that nobody described."""

    door: int


@each_event
def test_every_field_is_described_as_the_class_of_data_that_it_is(stored: Stored) -> None:
    sealed = {path: kind for path, kind in classification_of(stored.event).items() if kind in SEALED.values()}

    told = {each.path: each for each in described_fields(stored.event)}

    assert {part.name for part in shape_of(stored.event).parts} == {path for path in told if "." not in path}
    assert {path: SEALED[each.data_class] for path, each in told.items() if each.data_class in SEALED} == sealed
    assert all(each.purpose and not each.purpose.endswith(".") for each in told.values())


def test_a_field_that_nobody_described_fails_the_build() -> None:
    without: Fields = {**EVERY, ActionAccepted: {}}

    with pytest.raises(FieldUndescribedError, match=r"ActionAccepted\.accepted_by"):
        described_fields(ActionAccepted, without)
    with pytest.raises(FieldUndescribedError, match=r"DoorOpened\.door"):
        described_fields(DoorOpened)


def test_a_field_without_an_owner_fails_the_build() -> None:
    bare = {"accepted_by": replace(EVERY[ActionAccepted]["accepted_by"], owner=None)}

    with pytest.raises(FieldUndescribedError, match=r"ActionAccepted\.accepted_by"):
        described_fields(ActionAccepted, {ActionAccepted: bare})


@pytest.mark.parametrize(
    ("event", "name"),
    [(ActionWithdrawn, "reason"), (ActionAccepted, "accepted_by"), (FactsAdded, "facts")],
    ids=["a narrative", "an id", "a part"],
)
def test_a_field_described_as_another_class_of_data_fails_the_build(event: type[Any], name: str) -> None:
    wrong = kept(Role.SYSTEM, **{name: working("a number")})

    with pytest.raises(FieldUndescribedError, match="is not working"):
        described_fields(event, {**EVERY, event: wrong})


def test_a_description_without_a_field_fails_the_build() -> None:
    too_much = kept(Role.SYSTEM, accepted_by=pseudonym("who took it on"), mood=working("how they felt"))

    with pytest.raises(FieldUndescribedError, match="has no field mood"):
        described_fields(ActionAccepted, {ActionAccepted: too_much})


def test_a_field_whose_type_says_nothing_fails_the_build() -> None:
    vague: type[Any] = dataclass(frozen=True)(type("Vague", (Fact,), {"__annotations__": {"said": str}}))

    with pytest.raises(UnclassifiedFieldError, match=r"Vague\.said"):
        described_fields(vague)


def test_no_description_is_left_over_from_a_class_that_is_gone() -> None:
    reached: set[type[Any]] = set()

    class Watching(dict[type[Any], Any]):
        def get(self, key: type[Any], default: Any = None) -> Any:
            reached.add(key)
            return super().get(key, default)

    for stored in ALL:
        described_fields(stored.event, Watching(EVERY))

    assert set(EVERY) - reached == set()


def test_nested_fields_are_told_at_their_path() -> None:
    told = {each.path: each for each in described_fields(IncidentReported)}

    assert told["patients.*.physical_harm.code"].data_class is DataClass.HEALTH
    assert told["what_happened"].owner is Role.REPORTER
    assert told["regime"].owner is Role.SYSTEM


def test_the_asyncapi_document_is_valid_under_the_specification() -> None:
    specification = json.loads(SPECIFICATION.read_text(encoding="utf-8"))

    jsonschema.Draft7Validator(specification).validate(json.loads(asyncapi_text()))


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    document = asyncapi()

    for reference in set(references(document)):
        place: Any = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


def test_two_parts_of_one_name_are_the_same_part() -> None:
    parts: dict[str, set[str]] = {}
    for stored in ALL:
        for name, part in schema_of(stored).get("$defs", {}).items():
            parts.setdefault(name, set()).add(json.dumps(part, sort_keys=True))

    assert [name for name, texts in parts.items() if len(texts) > 1] == []
    assert set(parts) & {stored.name for stored in ALL} == set()


@each_event
def test_an_event_is_valid_under_its_schema_in_the_asyncapi_document(stored: Stored) -> None:
    document = asyncapi()
    schema = {"$ref": f"#/components/schemas/{stored.name}", "components": document["components"]}
    payload = json.loads(golden(stored.name).event.payload)
    event = dict.fromkeys(document["components"]["schemas"][stored.name]["required"])
    envelope = {"position": 1, "stream_version": 1, "type": stored.name, "editions": [], "payload": payload}
    words = dict.fromkeys(("id", "stream", "effective_at", "recorded_at", "organisation", "actor"), "text")

    jsonschema.Draft202012Validator(schema).validate({**event, **words, **envelope})
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate({**event, **words, **envelope, "payload": {"unknown": 1}})


def test_what_is_committed_is_what_the_code_makes() -> None:
    """Write it again with `incident-ledger openapi --write openapi`."""
    assert (PUBLISHED / "asyncapi.json").read_bytes() == asyncapi_text()
    assert (PUBLISHED / "events.md").read_text(encoding="utf-8") == catalogue_markdown()


def references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [each for value in part.values() for each in references(value)]
    return [each for value in part for each in references(value)] if isinstance(part, list) else []
