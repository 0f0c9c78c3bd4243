"""One row for each erasure: from its request to what became of it."""

from typing import Any

import pytest

from projections.erasures.model import MODEL
from projections.erasures.rows import ErasureRow
from tests.domain.erasure.facts import DUE_AT, ERASURE, INCIDENT, PAT, STAGES, place, requested, words
from tests.support.read_models.projections import Story, shown


def row_of(*facts: Any) -> ErasureRow:
    story = Story()
    for number, fact in enumerate(facts, start=1):
        story.tell(fact, kind="erasure", cases=(INCIDENT,), actor=number)
    [row] = shown(MODEL, story.events).rows.values()
    return row


def test_a_request_shows_who_is_to_go_and_with_which_texts() -> None:
    row = row_of(requested(place(2, "what_happened"), place(5, "factors.0.seen")))

    assert (row.id, row.person_id, row.incident_id, row.incident_ids) == (ERASURE, PAT, INCIDENT, (INCIDENT,))
    assert (row.status, row.ground, row.reasons) == ("requested", "filed_by_mistake", words())
    assert row.texts == ("2:what_happened", "5:factors.0.seen")
    assert (row.requested_position, row.requested_by.int, row.stream_version) == (1, 1, 1)
    assert (row.approved_at, row.due_at, row.held_at, row.ended_at, row.carried_out_at) == (None,) * 5
    assert (row.keys_destroyed, row.values_erased, row.texts_erased, row.events_touched) == (None,) * 4


def test_an_approval_shows_by_whom_and_until_when_it_can_be_taken_back() -> None:
    row = row_of(*STAGES["approved"])

    assert (row.status, row.due_at, row.approved_position) == ("approved", DUE_AT, 2)
    assert row.approved_by is not None
    assert row.approved_by.int == 2


def test_what_is_held_back_shows_since_when() -> None:
    row = row_of(*STAGES["held"])

    assert (row.status, row.held_position, row.due_at, row.stream_version) == ("held", 3, DUE_AT, 3)


@pytest.mark.parametrize("stage", ["refused", "withdrawn"])
def test_what_ended_shows_why(stage: str) -> None:
    row = row_of(*STAGES[stage])

    assert (row.status, row.ended_position, row.ended_because) == (stage, 2, words())
    assert row.carried_out_at is None


def test_what_was_carried_out_shows_how_much_and_names_no_key() -> None:
    row = row_of(*STAGES["carried out"])

    assert (row.status, row.carried_out_position) == ("carried_out", 3)
    assert (row.keys_destroyed, row.values_erased, row.texts_erased, row.events_touched) == (1, 2, 0, 1)
