"""How a row is shown: what is erased says so, what is sealed says so, and lists are flat."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest

from domain.kernel.personal import ERASED, Erased, Narrative, Personal, Sealed
from domain.kernel.words import KeyId, PersonId
from service.reading.decisions import DECISION
from service.reading.forms import Form, Secret, Shown, flat, flat_types, no_case, part_types
from service.reading.listings import ACTIONS, CLOCKS, COMMISSIONERS, INCIDENT, INCIDENTS, ORGANISATIONS, TIMELINE
from service.reading.opening import Opening
from service.reading.records.actions import ACTION
from service.reading.records.candour import CANDOUR
from service.reading.records.evidence import ITEM
from service.reading.records.learning_responses import RESPONSE
from service.reading.records.people import PERSON
from service.store.ledger import NewKey
from service.store.memory import MemoryLedger
from service.store.sealing import Opener
from service.vault.keyring import DESTROYED, Keyring
from tests.support.decisions import NOON, an_id
from tests.support.golden_events import TEST_KEK

SEALED = Sealed(an_id(1), "words", "box")
FORMS: list[Form[Any]] = [each.form for each in (INCIDENTS, CLOCKS, ACTIONS, TIMELINE, ORGANISATIONS, COMMISSIONERS)]
FORMS += [INCIDENT, ITEM, CANDOUR, DECISION, PERSON, RESPONSE, ACTION]


@dataclass(frozen=True)
class Note:
    organisation: str
    id: UUID
    on: date
    at: datetime | None
    words: Narrative
    by: Personal | None
    tags: tuple[str, ...]


NOTE = Note(
    "ZZ1",
    an_id(2),
    date(2026, 3, 2),
    NOON,
    Narrative(an_id(2), SEALED, KeyId(an_id(3))),
    Personal(PersonId(an_id(4)), SEALED, KeyId(an_id(5))),
    ("one", "two"),
)


def shown(note: Note, words: Any) -> Shown:
    return Form(Note, no_case).show(note, as_of=NOON, names={"ZZ1": "First Trust"}, words=words)


def test_what_may_be_read_is_shown() -> None:
    def words(secret: Secret) -> str:
        return f"opened {type(secret).__name__}"

    assert shown(NOTE, words) == {
        "provider": "ZZ1",
        "provider_name": "First Trust",
        "id": str(an_id(2)),
        "on": "2026-03-02",
        "at": "2026-03-02T12:00:00Z",
        "words": "opened Narrative",
        "by": "opened Personal",
        "tags": ["one", "two"],
        "sealed": [],
        "erased": [],
    }


def test_what_was_erased_is_null_and_named() -> None:
    def words(secret: Secret) -> str | Erased:
        return ERASED if isinstance(secret, Personal) else "words"

    note = shown(NOTE, words)

    assert (note["words"], note["by"]) == ("words", None)
    assert (note["sealed"], note["erased"]) == ([], ["by"])


def test_what_is_sealed_is_null_and_named_and_what_was_never_given_is_only_null() -> None:
    note = shown(replace(NOTE, by=None), None)

    assert (note["words"], note["by"]) == (None, None)
    assert (note["sealed"], note["erased"]) == (["words"], [])


@dataclass(frozen=True)
class Bundle:
    organisation: str
    notes: tuple[Note, ...]
    marks: tuple["Mark", ...]


@dataclass(frozen=True)
class Mark:
    at: datetime


BUNDLE = Bundle("ZZ1", (NOTE, replace(NOTE, by=None)), (Mark(NOON),))


def test_a_part_is_shown_like_a_record_and_names_its_own_values() -> None:
    form = Form(Bundle, no_case)

    def words(secret: Secret) -> str | Erased:
        return ERASED if isinstance(secret, Personal) else "words"

    opened = form.show(BUNDLE, as_of=NOON, names={}, words=words)
    closed = form.show(BUNDLE, as_of=NOON, names={}, words=None)

    assert [(note["words"], note["sealed"], note["erased"]) for note in opened["notes"]] == [
        ("words", [], ["by"]),
        ("words", [], []),
    ]
    assert [(note["words"], note["sealed"], note["erased"]) for note in closed["notes"]] == [
        (None, ["words", "by"], []),
        (None, ["words"], []),
    ]
    assert opened["marks"] == [{"at": "2026-03-02T12:00:00Z"}]
    assert (opened["sealed"], opened["erased"]) == ([], [])
    assert [list(note) for note in opened["notes"]] == [list(part_types(Note))] * 2


def test_values_inside_of_parts_are_opened_with_the_others() -> None:
    form = Form(Bundle, no_case)

    assert form.has_secrets
    assert list(form.secrets(BUNDLE)) == [NOTE.words, NOTE.by, NOTE.words]
    assert not Form(Mark, no_case).has_secrets


def test_in_a_list_several_words_stand_in_one_text() -> None:
    assert flat({"tags": ["one", "two"], "count": 1, "none": []}) == {"tags": "one two", "count": 1, "none": ""}
    assert flat_types({"tags": list[str], "count": int}) == {"tags": str, "count": int}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.row.__name__)
def test_what_is_shown_has_the_fields_that_the_schema_declares(form: Form[Any]) -> None:
    values = dict.fromkeys((each.name for each in fields(form.row)), None) | {"due_on": date(2026, 3, 2)}
    kept = {name: value for name, value in values.items() if name in {each.name for each in fields(form.row)}}

    assert list(form.show(form.row(**kept), as_of=NOON, names={}, words=None)) == list(form.types())


async def test_a_value_whose_key_was_destroyed_is_erased() -> None:
    class Forgetful(MemoryLedger):
        async def keys(self, ids: Any) -> dict[UUID, NewKey]:
            return {each: NewKey(each, an_id(2), DESTROYED, "kek") for each in ids}

    secret = NOTE.words
    words = await Opening(Forgetful(), Opener(Keyring(TEST_KEK))).of([secret])

    assert words(secret) is ERASED
