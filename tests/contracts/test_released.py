"""What was released stays: event names, their fields, their golden examples, and migrations."""

from typing import Any

import pytest

from domain.catalogue.names import ALL
from tests.support.released import fields_of, present, released, words_of

RELEASED = released()
PRESENT = present()
EVENTS = sorted(RELEASED["events"])


def test_everything_that_stands_has_been_released() -> None:
    """`python -m tests.support.released` releases what is new."""
    assert {stored.name for stored in ALL} == set(EVENTS)
    assert set(PRESENT["migrations"]) == set(RELEASED["migrations"])


@pytest.mark.parametrize("name", EVENTS)
def test_no_field_of_a_released_event_has_changed_or_gone(name: str) -> None:
    """Anything but a new optional field is a new stored name, with an upcast."""
    before, now = RELEASED["events"][name], PRESENT["events"][name]

    assert {field: now["fields"].get(field) for field in before["fields"]} == before["fields"]
    assert now["required"] == before["required"]


@pytest.mark.parametrize("name", EVENTS)
def test_no_word_that_a_released_event_may_hold_has_gone(name: str) -> None:
    before, now = RELEASED["events"][name]["words"], PRESENT["events"][name]["words"]

    assert {words: set(before[words]) - set(now.get(words, ())) for words in before} == {
        words: set() for words in before
    }


@pytest.mark.parametrize("name", EVENTS)
def test_the_golden_example_of_a_released_event_has_not_changed(name: str) -> None:
    assert PRESENT["events"][name]["golden"] == RELEASED["events"][name]["golden"]


@pytest.mark.parametrize("path", sorted(RELEASED["migrations"]))
def test_a_released_migration_has_not_changed(path: str) -> None:
    assert PRESENT["migrations"][path] == RELEASED["migrations"][path]


def test_a_change_deep_in_a_fields_form_is_seen_and_a_better_sentence_is_not() -> None:
    def schema(kind: str, description: str = "How.") -> dict[str, Any]:
        method = {"type": kind, "enum": ["psii"], "description": description}
        return {"properties": {"method": {"$ref": "#/$defs/Method"}}, "$defs": {"Method": method}}

    assert fields_of(schema("string")) != fields_of(schema("integer"))
    assert fields_of(schema("string")) == fields_of(schema("string", description="By which method."))
    assert words_of(schema("string")) == {"/$defs/Method": ["psii"]}
