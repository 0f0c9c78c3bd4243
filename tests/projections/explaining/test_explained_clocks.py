"""What a clock rests on: the events that truly made it count, and not others that would have done as well."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from domain.candour.events import ContactDeclined, ConversationHeld, QuestionAsked
from domain.incident.duty_events import DutyExtended, DutyOpened, DutyPaused, DutyRedated, DutyResumed, DutySetAside
from domain.incident.events import IncidentReported
from domain.incident.words import SetAside
from domain.kernel.words import Code, DutyId, PersonId
from projections.explaining.explanation import Explanation
from tests.support.audit.explained import asking, explained, named, recomputed
from tests.support.decisions import NOON, an_id
from tests.support.read_models.projections import Story
from tests.support.sample_events import kind_of, sample

CASE, CANDOUR = an_id(1), an_id(2)
DUTY, MARYS = DutyId(an_id(9)), DutyId(an_id(10))
MARY = PersonId(an_id(201))


def day(number: float) -> datetime:
    return NOON + timedelta(days=number)


LATE = day(30)


def told(event: type[Any], *, at: datetime, **changes: Any) -> tuple[Any, datetime]:
    stream = CASE if kind_of(event) == "incident" else CANDOUR
    return replace(sample(event), originator_id=stream, timestamp=at, **changes), at


def opened(duty: DutyId = DUTY, *, at: datetime = NOON, **terms: Any) -> tuple[Any, datetime]:
    given = {
        "started_at": NOON,
        "due_at": day(5),
        "met_by": (Code("candour.notice_given"),),
        "set_aside_by": (Code("candour.contact_declined"),),
        "revived_by": (Code("candour.question_asked"),),
        "person": None,
        "response": None,
    }
    return told(DutyOpened, at=at, duty=duty, terms=replace(sample(DutyOpened).terms, **(given | terms)))


def spoken(at: datetime) -> tuple[Any, datetime]:
    return told(ConversationHeld, at=at, person=MARY, apology_given=True)


def the_figure(figure: str, *chapters: tuple[Any, datetime], as_of: datetime = LATE) -> Explanation:
    story = Story()
    for fact, recorded_at in (told(IncidentReported, at=NOON), *chapters):
        story.tell(fact, kind=kind_of(type(fact)), cases=(CASE,), recorded_at=recorded_at)
    explanation = explained("timeliness/summary", asking("timeliness/summary", figure, as_of=as_of), story.events)
    assert recomputed(explanation, named(explanation, story.events)) == explanation.value
    return explanation


def roles(explanation: Explanation) -> list[tuple[int, str]]:
    return [(ground.position, ground.role) for ground in explanation.grounds]


def test_of_several_facts_the_one_that_met_it_is_named() -> None:
    first, again = spoken(day(2)), spoken(day(3))

    assert roles(the_figure("met", opened(), first, again)) == [(1, "reports"), (2, "opens"), (3, "meets")]
    assert roles(the_figure("met", opened(), again, first)) == [(1, "reports"), (2, "opens"), (4, "meets")]


def test_what_was_done_before_the_duty_was_opened_meets_it_all_the_same() -> None:
    assert roles(the_figure("met", spoken(day(0)), opened(at=day(1)))) == [(1, "reports"), (2, "meets"), (3, "opens")]


def test_a_later_due_moment_is_named_where_the_clock_counts_by_it() -> None:
    extended = told(DutyExtended, at=day(1), duty=DUTY, due_at=day(20))

    assert roles(the_figure("met", opened(), extended, spoken(day(10)))) == [
        (1, "reports"),
        (2, "opens"),
        (3, "extends"),
        (4, "meets"),
    ]
    # it is overdue by either moment
    assert roles(the_figure("overdue", opened(), extended)) == [(1, "reports"), (2, "opens")]


def test_a_pause_and_its_end_are_named_where_the_clock_counts_by_them() -> None:
    paused = told(DutyPaused, at=day(1), duty=DUTY)
    resumed = told(DutyResumed, at=day(2), duty=DUTY, due_at=day(40))

    assert roles(the_figure("paused", opened(), paused)) == [(1, "reports"), (2, "opens"), (3, "pauses")]
    assert roles(the_figure("running", opened(), paused, resumed)) == [(1, "reports"), (2, "opens"), (4, "resumes")]


def test_who_declined_and_came_back_left_nothing_behind() -> None:
    declined, asked = told(ContactDeclined, at=day(1), person=MARY), told(QuestionAsked, at=day(2), person=MARY)

    assert roles(the_figure("not_applicable", opened(), declined))[-1] == (3, "sets_aside")
    assert roles(the_figure("overdue", opened(), declined, asked)) == [(1, "reports"), (2, "opens")]


def test_what_was_missed_by_another_duty_is_told_of_it() -> None:
    """A duty to nobody in particular ran out, and is owed to Mary by name now: she is told in time, and it was missed."""
    aside = told(DutySetAside, at=day(8), duty=DUTY, because=SetAside.OWED_TO_NAMED_PERSONS)
    marys = opened(MARYS, at=day(8), person=MARY, due_at=day(20))
    missed = the_figure("missed", opened(), aside, marys, spoken(day(9)))

    assert missed.value == 1
    assert {ground.subject for ground in missed.grounds} == {f"{CASE}:{MARYS}"}
    assert roles(missed) == [(1, "reports"), (2, "opens"), (3, "sets_aside"), (4, "opens")]
    sentences = [ground.why for ground in missed.grounds]
    assert [each.startswith("Of the duty that this one carries on") for each in sentences] == [False, True, True, False]


def test_each_line_of_the_summary_is_told_by_one_clock() -> None:
    moved = told(DutyRedated, at=day(1), duty=MARYS, started_at=day(1), due_at=day(40))
    lines = the_figure("total", opened(), opened(MARYS), opened(DutyId(an_id(11))), moved)

    assert (lines.value, lines.subjects.total, lines.population.rows) == (2, 2, 3)
    assert roles(lines)[-1] == (5, "redates")
    assert sorted(lines.parts) == [
        f"{lines.rules[0]}, {sample(DutyOpened).terms.title}, law, True, {word}" for word in ("overdue", "running")
    ]
