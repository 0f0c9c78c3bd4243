"""Breaches that stay: a clock that is set aside, moved or handed over after its due time still says that it was late."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.candour.events import ContactDeclined, ConversationHeld, QuestionAsked
from domain.incident.duty_events import DutyExtended, DutyOpened, DutyPaused, DutyRedated, DutyResumed, DutySetAside
from domain.incident.events import IncidentEnteredInError, IncidentReported
from domain.incident.words import SetAside
from domain.kernel.words import Code, DutyId, PersonId
from projections.timeliness.model import MODEL
from projections.timeliness.queries import days_over, missed, status_of
from projections.timeliness.rows import ClockRow
from tests.support.decisions import NOON, an_id
from tests.support.read_models.projections import Story, shown
from tests.support.sample_events import kind_of, sample

CASE, CANDOUR = an_id(1), an_id(2)
DUTY, MARYS, JOHNS = (DutyId(an_id(number)) for number in (9, 10, 11))
MARY, JOHN = PersonId(an_id(201)), PersonId(an_id(202))


def day(number: float) -> datetime:
    return NOON + timedelta(days=number)


DUE, END = day(5), day(30)


def told(event: type[Any], *, at: datetime, recorded: datetime | None = None, **changes: Any) -> tuple[Any, datetime]:
    """A fact, and when it is recorded: at once, unless said otherwise."""
    stream = CASE if kind_of(event) == "incident" else CANDOUR
    return replace(sample(event), originator_id=stream, timestamp=at, **changes), recorded or at


def opened(duty: DutyId = DUTY, *, at: datetime = NOON, **terms: Any) -> tuple[Any, datetime]:
    given = {
        "started_at": NOON,
        "due_at": DUE,
        "met_by": (Code("candour.notice_given"),),
        "set_aside_by": (Code("candour.contact_declined"),),
        "revived_by": (Code("candour.question_asked"),),
        "person": None,
        "response": None,
    }
    return told(DutyOpened, at=at, duty=duty, terms=replace(sample(DutyOpened).terms, **(given | terms)))


def spoken(at: datetime, recorded: datetime | None = None) -> tuple[Any, datetime]:
    return told(ConversationHeld, at=at, recorded=recorded, person=MARY, apology_given=True)


def declined(at: datetime, recorded: datetime | None = None) -> tuple[Any, datetime]:
    return told(ContactDeclined, at=at, recorded=recorded, person=MARY)


def asked(at: datetime) -> tuple[Any, datetime]:
    return told(QuestionAsked, at=at, person=MARY)


def aside(at: datetime, recorded: datetime | None = None, because: SetAside = SetAside.NOT_APPLICABLE) -> Any:
    return told(DutySetAside, at=at, recorded=recorded, duty=DUTY, because=because)


def redated(at: datetime, due_at: datetime) -> tuple[Any, datetime]:
    return told(DutyRedated, at=at, duty=DUTY, started_at=NOON, due_at=due_at)


def the_rows(*chapters: tuple[Any, datetime]) -> dict[DutyId, ClockRow]:
    story = Story()
    for fact, recorded_at in (told(IncidentReported, at=NOON), *chapters):
        story.tell(fact, kind=kind_of(type(fact)), cases=(CASE,), recorded_at=recorded_at)
    return {DutyId(row.id): row for row in shown(MODEL, story.events).rows.values()}


def the_row(*chapters: tuple[Any, datetime]) -> ClockRow:
    return the_rows(opened(), *chapters)[DUTY]


def word(row: ClockRow) -> str:
    return status_of(row, END).value


@pytest.mark.parametrize("because", list(SetAside))
def test_a_duty_that_was_overdue_when_it_was_set_aside_says_so_whatever_the_reason(because: SetAside) -> None:
    row = the_row(aside(day(8), because=because))

    assert (word(row), missed(row, END), days_over(row, END)) == ("set_aside_late", True, 3)
    assert (row.missed_due_at, row.set_aside_overdue_since, row.set_aside_recorded_at) == (DUE, DUE, day(8))


@pytest.mark.parametrize("because", list(SetAside))
def test_a_duty_that_was_set_aside_before_it_was_due_was_never_late(because: SetAside) -> None:
    row = the_row(aside(DUE, because=because))

    assert (word(row), missed(row, END), days_over(row, END)) == ("not_applicable", False, 0)
    assert (row.missed_due_at, row.set_aside_overdue_since) == (None, None)


def test_what_counts_is_when_the_ledger_learnt_that_a_duty_was_set_aside() -> None:
    assert word(the_row(aside(day(4), recorded=day(8)))) == "set_aside_late"
    assert word(the_row(declined(day(4), recorded=day(8)))) == "set_aside_late"
    assert word(the_row(declined(day(4)))) == "not_applicable"


def test_a_report_entered_in_error_hides_no_breach() -> None:
    assert word(the_row(told(IncidentEnteredInError, at=day(8)))) == "set_aside_late"
    assert word(the_row(told(IncidentEnteredInError, at=day(4)))) == "not_applicable"


def test_a_person_who_declines_too_late_and_comes_back_leaves_the_duty_overdue() -> None:
    row = the_row(declined(day(8)), asked(day(9)))

    assert (word(row), row.set_aside, row.set_aside_recorded_at, row.missed_due_at) == ("overdue", False, None, DUE)


def test_the_moment_of_setting_aside_is_the_first_one() -> None:
    row = the_row(declined(day(8)), aside(day(20)))
    in_time = the_row(declined(day(4)), aside(day(20)))

    assert (row.set_aside_recorded_at, word(row), days_over(row, END)) == (day(8), "set_aside_late", 3)
    assert (in_time.set_aside_recorded_at, word(in_time)) == (day(4), "not_applicable")


def test_who_had_declined_before_the_duty_was_opened_was_never_owed_it_late() -> None:
    rows = the_rows(declined(day(1)), opened(at=day(8)), aside(day(9)))

    assert (word(rows[DUTY]), rows[DUTY].set_aside_recorded_at) == ("not_applicable", day(8))


def test_what_is_done_after_all_for_somebody_who_declined_clears_the_setting_aside() -> None:
    row = the_row(declined(day(4)), spoken(day(8)), aside(day(9), because=SetAside.OWED_TO_NAMED_PERSONS))

    assert (word(row), row.set_aside_recorded_at) == ("set_aside_late", day(9))


def test_a_duty_is_set_aside_once() -> None:
    met = the_row(spoken(day(4)), aside(day(6)), aside(day(9), because=SetAside.OWED_TO_NAMED_PERSONS))
    in_time = the_row(aside(day(4)), aside(day(9), because=SetAside.DECISION_CHANGED))

    assert (word(met), met.set_aside_because) == ("met", "not_applicable")
    assert (word(in_time), in_time.set_aside_because) == ("not_applicable", "not_applicable")


def test_a_duty_met_late_stays_so_when_it_is_set_aside() -> None:
    assert word(the_row(spoken(day(8)), aside(day(9)))) == "met_late"
    assert word(the_row(spoken(day(4)), aside(day(9)))) == "met"


LATER = day(40)
MOVES = [
    pytest.param(redated(day(8), LATER), id="redated"),
    pytest.param(told(DutyExtended, at=day(8), duty=DUTY, due_at=LATER), id="extended"),
    pytest.param(told(DutyResumed, at=day(8), duty=DUTY, due_at=LATER), id="resumed"),
]


@pytest.mark.parametrize("move", MOVES)
def test_a_date_that_is_moved_after_it_passed_unmet_is_kept(move: tuple[Any, datetime]) -> None:
    row = the_row(move)

    assert (word(row), row.due_at, row.missed_due_at) == ("running", LATER, DUE)
    assert missed(row, END)
    assert not missed(row, DUE), "nothing was missed then"
    assert word(the_row(move, spoken(day(20)))) == "met"
    assert missed(the_row(move, spoken(day(20))), END)


@pytest.mark.parametrize("done", [spoken(day(7)), spoken(day(2), recorded=day(7))])
def test_a_date_that_is_moved_after_something_late_met_it_is_kept_too(done: tuple[Any, datetime]) -> None:
    row = the_row(done, redated(day(8), LATER))

    assert (word(row), row.missed_due_at, missed(row, END)) == ("met", DUE, True)


def test_a_date_that_was_met_in_time_or_moved_in_time_leaves_nothing() -> None:
    assert the_row(spoken(day(2)), redated(day(8), LATER)).missed_due_at is None
    assert the_row(redated(DUE, LATER)).missed_due_at is None


def test_a_pause_that_comes_too_late_is_kept_as_one() -> None:
    row = the_row(told(DutyPaused, at=day(8), duty=DUTY))
    assert (word(row), row.missed_due_at) == ("overdue", DUE)
    assert the_row(told(DutyPaused, at=day(4), duty=DUTY)).missed_due_at is None


def test_of_several_dates_that_were_missed_the_earliest_is_kept() -> None:
    row = the_row(
        redated(day(8), day(10)), redated(day(12), day(2)), redated(day(13), day(11)), redated(day(14), LATER)
    )

    assert row.missed_due_at == day(2)


def test_nothing_moves_the_dates_of_a_duty_that_was_set_aside() -> None:
    paused = told(DutyPaused, at=day(8), duty=DUTY)
    row = the_row(aside(day(8)), told(DutyResumed, at=day(9), duty=DUTY, due_at=LATER), redated(day(10), LATER))
    ended = the_row(paused, aside(day(8)), told(DutyResumed, at=day(9), duty=DUTY, due_at=LATER))

    assert (row.due_at, row.redatings, word(row)) == (DUE, 0, "set_aside_late")
    assert (ended.paused_at, ended.due_at) == (None, DUE)
    assert (
        the_row(aside(day(4)), aside(day(8), because=SetAside.DECISION_CHANGED)).set_aside_because == "not_applicable"
    )


def handed_over(at: datetime) -> Any:
    return aside(at, because=SetAside.OWED_TO_NAMED_PERSONS)


def test_what_was_missed_before_anybody_was_named_counts_for_each_who_is_and_not_twice() -> None:
    rows = the_rows(opened(), handed_over(day(8)), opened(MARYS, at=day(8), person=MARY), opened(JOHNS, person=JOHN))

    assert {duty: missed(row, END) for duty, row in rows.items()} == {DUTY: False, MARYS: True, JOHNS: True}
    assert (rows[DUTY].handed_over, word(rows[DUTY]), rows[DUTY].missed_due_at) == (True, "not_applicable", DUE)
    assert (rows[MARYS].missed_due_at, rows[JOHNS].handed_over) == (DUE, False)


def test_a_duty_that_is_owed_to_somebody_by_name_already_takes_over_what_was_missed() -> None:
    rows = the_rows(opened(MARYS, person=MARY, due_at=LATER), opened(), handed_over(day(8)))

    assert (rows[MARYS].missed_due_at, missed(rows[MARYS], day(8)), missed(rows[DUTY], day(8))) == (DUE, True, False)


@pytest.mark.parametrize("other", [{"started_at": day(1)}, {"rule": Code("other")}, {"person": None}])
def test_what_was_missed_stays_with_the_duty_where_nobody_takes_over_the_same(other: dict[str, Any]) -> None:
    terms: dict[str, Any] = {"person": MARY, "due_at": LATER} | other
    rows = the_rows(opened(), handed_over(day(8)), opened(MARYS, **terms))

    assert (word(rows[DUTY]), missed(rows[DUTY], day(8)), rows[DUTY].handed_over) == ("set_aside_late", True, False)
    assert rows[MARYS].missed_due_at is None


def test_a_duty_that_was_set_aside_before_takes_over_nothing() -> None:
    rows = the_rows(
        opened(MARYS, person=MARY),
        told(DutySetAside, at=day(1), duty=MARYS, because=SetAside.NOT_APPLICABLE),
        *(opened(), handed_over(day(8))),
    )

    assert (word(rows[MARYS]), missed(rows[MARYS], END), word(rows[DUTY])) == (
        *("not_applicable", False, "set_aside_late"),
    )
