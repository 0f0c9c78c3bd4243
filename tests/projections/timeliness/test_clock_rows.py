"""The rows of timeliness: one for each clock, with what moved it and what met it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.candour.events import ContactDeclined, ConversationHeld
from domain.evidence.events import EvidencePreserved
from domain.incident.duty_events import DutyExtended, DutyOpened, DutyPaused, DutyRedated, DutyResumed
from domain.incident.events import IncidentNotified, IncidentReported
from domain.kernel.words import Code, DutyId, PersonId
from projections.timeliness.model import MODEL
from projections.timeliness.queries import days_over, status_of
from projections.timeliness.rows import ClockRow
from tests.support.decisions import NOON, an_id
from tests.support.read_models.projections import Story, shown
from tests.support.sample_events import kind_of, sample

CASE, DUTY = an_id(1), DutyId(an_id(9))
DUE = NOON + timedelta(hours=1)
TOLD, NOTICE, DECLINED = "incident.notified:commissioner", "candour.notice_given", "candour.contact_declined"
MARY, JOHN = PersonId(an_id(201)), PersonId(an_id(202))


def told(event: type[Any], *, stream: UUID = CASE, at: datetime = NOON, **changes: Any) -> Any:
    return replace(sample(event), originator_id=stream, timestamp=at, **changes)


def opened(duty: DutyId = DUTY, *, met_by: str = TOLD, **terms: Any) -> Any:
    made = replace(
        sample(DutyOpened).terms, started_at=NOON, due_at=DUE, met_by=(Code(met_by),), person=None, response=None
    )
    return told(DutyOpened, duty=duty, terms=replace(made, **({"set_aside_by": (), "revived_by": ()} | terms)))


def the_rows(*chapters: Any) -> dict[str, ClockRow]:
    """The clocks after these facts; a fact in a pair is recorded at the instant beside it."""
    story = Story()
    for chapter in (told(IncidentReported), *chapters):
        fact, recorded_at = chapter if isinstance(chapter, tuple) else (chapter, None)
        story.tell(fact, kind=kind_of(type(fact)), cases=(CASE,), recorded_at=recorded_at)
    return shown(MODEL, story.events).rows


def the_row(*chapters: Any) -> ClockRow:
    return the_rows(*chapters)[f"{CASE}:{DUTY}"]


def notified(at: datetime) -> Any:
    return told(IncidentNotified, at=at, recipient=Code("commissioner"))


def test_a_clock_carries_its_whole_terms_and_where_it_belongs() -> None:
    row = the_row(opened())
    terms = opened().terms

    assert (row.id, row.incident_id, row.organisation, row.site) == (DUTY, CASE, "ZZ1", "site")
    assert (row.rule, row.title, row.edition, row.force) == (terms.rule, terms.title, terms.edition, terms.force)
    assert (row.due_at, row.original_due_at, row.met_at) == (DUE, DUE, None)


@pytest.mark.parametrize(
    ("done_at", "recorded_at", "word", "over"),
    [
        (NOON, NOON, "met", 0),
        (DUE, DUE, "met", 0),
        (NOON, DUE + timedelta(seconds=1), "met_recorded_late", 0),
        (DUE + timedelta(days=2), DUE + timedelta(days=2), "met_late", 2),
    ],
)
def test_what_meets_a_clock_counts_when_it_was_done_and_shows_when_it_was_recorded(
    done_at: datetime, recorded_at: datetime, word: str, over: int
) -> None:
    row = the_row(opened(), (notified(done_at), recorded_at))
    as_of = NOON + timedelta(days=30)

    assert (row.met_at, row.met_recorded_at) == (done_at, recorded_at)
    assert (status_of(row, as_of), days_over(row, as_of)) == (word, over)


def test_what_was_done_before_the_clock_was_opened_counts() -> None:
    assert the_row(notified(NOON), opened()).met_at == NOON


def test_another_fact_does_not_meet_it() -> None:
    other = told(IncidentNotified, recipient=Code("regulator"))

    assert the_row(opened(), other, told(EvidencePreserved, stream=an_id(3))).met_at is None


def test_a_clock_owed_to_one_person_is_met_by_what_was_done_for_them() -> None:
    for_john = opened(DutyId(an_id(10)), met_by=NOTICE, person=JOHN)
    spoken = told(ConversationHeld, stream=an_id(4), person=MARY, apology_given=True)

    rows = the_rows(opened(met_by=NOTICE, person=MARY), for_john, spoken)

    assert rows[f"{CASE}:{DUTY}"].met_at == NOON
    assert rows[f"{CASE}:{an_id(10)}"].met_at is None


def test_who_declines_sets_a_clock_aside_until_they_ask() -> None:
    duty = opened(met_by=NOTICE, person=MARY, set_aside_by=(Code(DECLINED),))
    declined = told(ContactDeclined, stream=an_id(4), person=MARY)

    row = the_row(duty, declined)

    assert (row.set_aside, row.set_aside_because) == (True, "contact_declined")
    assert status_of(row, NOON) == "not_applicable"


def test_an_extension_and_a_new_date_leave_the_original_one() -> None:
    later = DUE + timedelta(days=1)
    extended = the_row(opened(), told(DutyExtended, duty=DUTY, due_at=later))
    redated = the_row(opened(), told(DutyRedated, duty=DUTY, started_at=NOON, due_at=later))

    assert (extended.due_at, extended.original_due_at, extended.extensions) == (later, DUE, 1)
    assert (redated.due_at, redated.original_due_at, redated.redatings) == (later, DUE, 1)


def test_a_clock_names_the_calendar_that_gave_its_due_moment() -> None:
    redated = told(DutyRedated, duty=DUTY, started_at=NOON, due_at=DUE, calendar=Code("newer"))
    resumed = told(DutyResumed, duty=DUTY, due_at=DUE, calendar=Code("newest"))

    calendars = [the_row(*facts).calendar for facts in ([opened()], [opened(), redated], [opened(), redated, resumed])]
    assert calendars == ["england-2026", "newer", "newest"]


def test_a_pause_holds_the_clock_until_it_is_resumed() -> None:
    pause = told(DutyPaused, duty=DUTY, at=NOON + timedelta(minutes=10))
    later = DUE + timedelta(days=1)
    as_of = DUE + timedelta(minutes=1)

    paused = the_row(opened(), pause)
    resumed = the_row(opened(), pause, told(DutyResumed, duty=DUTY, due_at=later))

    assert (paused.pauses, paused.paused_at) == (1, NOON + timedelta(minutes=10))
    assert status_of(paused, as_of) == "paused"
    assert (resumed.paused_at, resumed.due_at, status_of(resumed, as_of)) == (None, later, "running")


def test_what_moves_one_clock_leaves_the_others() -> None:
    other = DutyId(an_id(10))

    rows = the_rows(opened(), opened(other), told(DutyExtended, duty=other, due_at=DUE + timedelta(days=1)))

    assert rows[f"{CASE}:{DUTY}"].due_at == DUE


def test_a_clock_of_hours_is_over_by_no_day_on_the_day_it_ran_out() -> None:
    row = the_row(opened())

    assert (status_of(row, DUE + timedelta(hours=1)), days_over(row, DUE + timedelta(hours=1))) == ("overdue", 0)
    assert days_over(row, NOON + timedelta(hours=12)) == 1
    assert days_over(row, NOON) == 0
