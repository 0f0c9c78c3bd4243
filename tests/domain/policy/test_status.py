"""How a duty stands: what meets it, what sets it aside, and each of the nine words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain.kernel.done import Done
from domain.kernel.words import Code, Label, PersonId
from domain.policy.duties import DutyTerms
from domain.policy.edition import Force, Unit
from domain.policy.status import ClockStatus, Progress, Recorded, is_missed, progress, status

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
ANN, BEN = PersonId(UUID(int=1)), PersonId(UUID(int=2))


def day(number: float) -> datetime:
    return START + timedelta(days=number)


DUE = day(5)


def terms(person: PersonId | None = None) -> DutyTerms:
    return DutyTerms(
        rule=Code("AF-01"),
        title=Label("Tell somebody"),
        edition=Code("a-framework@0123456789ab"),
        force=Force.NATIONAL,
        source=Label("A framework"),
        verified=True,
        unit=Unit.WORKING_DAYS,
        length=5,
        started_by=Code("incident.identified"),
        started_at=START,
        due_at=DUE,
        calendar=Code("england"),
        actor=Code("provider"),
        recipients=(Code("relevant_person"),),
        met_by=(Code("told"), Code("written")),
        set_aside_by=(Code("declined"),),
        revived_by=(Code("asked"),),
        person=person,
        response=None,
        pausable=True,
        extendable=True,
    )


def fact(code: str, at: float, recorded: float | None = None, *, person: PersonId | None = None) -> Recorded:
    return Recorded(Done(Code(code), day(at), person), day(at if recorded is None else recorded))


def met(at: float, recorded: float | None = None) -> Progress:
    return Progress(met_at=day(at), met_recorded_at=day(at if recorded is None else recorded))


UNMET, ASIDE = Progress(), Progress(set_aside=True, set_aside_by=Code("declined"))
LATE = Progress(set_aside=True, set_aside_recorded_at=day(8), overdue_since=DUE)


@pytest.mark.parametrize(
    ("achieved", "due_at", "paused_at", "as_of", "word"),
    [
        pytest.param(UNMET, DUE, None, day(1), "running", id="before due"),
        pytest.param(UNMET, DUE, None, DUE, "running", id="at the due instant itself"),
        pytest.param(UNMET, DUE, None, DUE + timedelta(microseconds=1), "overdue", id="just after due"),
        pytest.param(UNMET, DUE, day(2), day(9), "paused", id="paused before due, whatever date is still shown"),
        pytest.param(UNMET, None, day(2), day(9), "paused", id="paused, the due time open"),
        pytest.param(UNMET, DUE, day(6), day(9), "overdue", id="paused after due hides nothing"),
        pytest.param(UNMET, DUE, day(2), day(1), "running", id="asked before the pause"),
        pytest.param(UNMET, None, None, day(99), "without_number", id="no number"),
        pytest.param(met(3), DUE, None, day(9), "met", id="met in time"),
        pytest.param(met(3, 5), DUE, None, day(9), "met", id="met and recorded at the due instant"),
        pytest.param(met(3, 6), DUE, None, day(9), "met_recorded_late", id="in time, entered late"),
        pytest.param(met(6), DUE, None, day(9), "met_late", id="met late"),
        pytest.param(met(6, 8), DUE, None, day(9), "met_late", id="met late, entered later"),
        pytest.param(met(30), None, None, day(40), "met", id="met without a number"),
        pytest.param(met(8), None, day(2), day(9), "met", id="met during a pause"),
        pytest.param(met(8), DUE, day(2), day(9), "met", id="met during a pause, whatever date is still shown"),
        pytest.param(met(8), DUE, day(6), day(9), "met_late", id="met late, in a pause that came too late"),
        pytest.param(met(3), DUE, None, day(1), "running", id="asked before it was met"),
        pytest.param(met(8), DUE, None, day(7), "overdue", id="asked while it was late"),
        pytest.param(ASIDE, DUE, None, day(1), "not_applicable", id="set aside"),
        pytest.param(ASIDE, None, None, day(1), "not_applicable", id="set aside, no number"),
        pytest.param(ASIDE, DUE, day(1), day(2), "not_applicable", id="set aside while paused"),
        pytest.param(LATE, DUE, None, day(9), "set_aside_late", id="set aside when it was overdue"),
        pytest.param(LATE, DUE, None, day(8), "set_aside_late", id="at the instant at which it was set aside late"),
        pytest.param(LATE, DUE, None, day(7), "overdue", id="asked before it was set aside late"),
        pytest.param(LATE, DUE, None, day(1), "running", id="asked before it was due and set aside late"),
        pytest.param(LATE, day(20), None, day(9), "set_aside_late", id="set aside late, and moved afterwards"),
        pytest.param(replace(LATE, met_at=day(7)), DUE, None, day(9), "met_late", id="met late and set aside late"),
        pytest.param(
            Progress(day(6), day(6), set_aside=True), DUE, None, day(9), "met_late", id="met late, then set aside"
        ),
    ],
)
def test_a_clock_stands_as_its_word_says(
    achieved: Progress, due_at: datetime | None, paused_at: datetime | None, as_of: datetime, word: str
) -> None:
    assert status(achieved, due_at=due_at, paused_at=paused_at, as_of=as_of) == ClockStatus(word)


def test_the_table_above_knows_every_word_of_the_contract() -> None:
    assert {word.value for word in ClockStatus} == {
        *("running", "paused", "overdue", "met", "met_late", "met_recorded_late", "set_aside_late", "not_applicable"),
        "without_number",
    }


@pytest.mark.parametrize("word", ClockStatus)
def test_what_was_late_was_missed_and_so_was_what_is_kept_from_before(word: ClockStatus) -> None:
    late = word in {"overdue", "met_late", "met_recorded_late", "set_aside_late"}
    assert is_missed(word, missed_due_at=None, as_of=day(9)) == late
    assert is_missed(word, missed_due_at=day(9), as_of=day(9)) == late
    assert is_missed(word, missed_due_at=DUE, as_of=day(9))


def test_the_earliest_fact_that_is_named_meets_a_duty() -> None:
    facts = [fact("written", 4), fact("told", 2), fact("something else", 1)]
    assert progress(terms(), facts, due_at=DUE) == met(2)


def test_nothing_done_is_no_progress() -> None:
    assert progress(terms(), [fact("something else", 1)], due_at=DUE) == UNMET


def test_a_duty_to_one_person_is_met_only_for_them() -> None:
    facts = [fact("told", 1, person=BEN), fact("told", 2), fact("told", 3, person=ANN)]
    assert progress(terms(ANN), facts, due_at=DUE) == met(3)
    assert progress(terms(ANN), facts[:2], due_at=DUE) == UNMET


def test_a_duty_to_nobody_in_particular_is_met_for_anybody() -> None:
    assert progress(terms(), [fact("told", 1, person=BEN)], due_at=DUE) == met(1)


def test_a_fact_done_and_recorded_in_time_is_not_displaced_by_an_earlier_one_entered_late() -> None:
    assert progress(terms(), [fact("told", 3), fact("told", 1, 20)], due_at=DUE) == met(3)


def test_a_fact_entered_late_shows_that_a_duty_met_late_had_been_met_in_time() -> None:
    assert progress(terms(), [fact("told", 8), fact("told", 4, 9)], due_at=DUE) == met(4, 9)


def test_who_declines_sets_a_duty_aside_until_they_ask_again() -> None:
    declined, asked = fact("declined", 1, person=ANN), fact("asked", 2, person=ANN)
    assert progress(terms(ANN), [declined], due_at=DUE) == ASIDE
    assert progress(terms(ANN), [declined, asked], due_at=DUE) == UNMET
    assert progress(terms(ANN), [declined, asked, fact("declined", 3, person=ANN)], due_at=DUE) == ASIDE


def test_one_person_declining_sets_nothing_aside_for_another() -> None:
    assert progress(terms(ANN), [fact("declined", 1, person=BEN)], due_at=DUE) == UNMET


def test_the_latest_in_time_decides_whether_a_duty_is_set_aside_and_the_ledgers_order_between_equals() -> None:
    assert progress(terms(), [fact("asked", 2), fact("declined", 1, 3)], due_at=DUE) == UNMET
    assert progress(terms(), [fact("asked", 2), fact("declined", 2)], due_at=DUE) == ASIDE
    assert progress(terms(), [fact("declined", 2), fact("asked", 2)], due_at=DUE) == UNMET


def test_a_duty_that_was_met_is_not_set_aside_afterwards() -> None:
    assert progress(terms(), [fact("told", 1), fact("declined", 2)], due_at=DUE) == met(1)


@pytest.mark.parametrize(("days", "met"), [(-1, False), (0, True), (1, True)])
def test_what_counts_only_since_the_start_counts_from_its_day_on(days: int, *, met: bool) -> None:
    """One notice of an earlier event tells nobody of a later one; that of the same day may have been of both."""
    since = replace(terms(), met_by=(Code("since_start:incident.notified:cqc"),), started_at=START)
    told = Recorded(Done(Code("incident.notified:cqc"), START + timedelta(days=days)), START + timedelta(days=9))
    assert (progress(since, [told], due_at=None).met_at is not None) is met
