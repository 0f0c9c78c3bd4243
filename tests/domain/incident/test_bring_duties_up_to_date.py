"""Duties that other streams of the case start, and duties that pass to named persons."""

from datetime import timedelta

from domain.incident.commands.bring_duties_up_to_date import BringDutiesUpToDate, bring_duties_up_to_date
from domain.incident.duty_events import DutyOpened, DutyRedated, DutySetAside
from domain.incident.words import SetAside
from domain.kernel.done import Done
from domain.kernel.words import Code, PersonId
from domain.policy.questions import Outcome as Answer
from domain.policy.questions import Question
from tests.support.decisions import NOON, Outcome
from tests.support.incidents import JOHN, MARY, POLICY, Story, done

COMMISSIONED = done("learning_response.commissioned:psii")
NOTIFIABLE = Question.NOTIFIABLE_SAFETY_INCIDENT


def bring(story: Story, *starts: Done, persons: tuple[PersonId, ...] = (), methods: tuple[str, ...] = ()) -> Outcome:
    command = BringDutiesUpToDate(starts=starts, persons=persons, methods=tuple(map(Code, methods)))
    outcome: Outcome = story.when(bring_duties_up_to_date, command, policy=POLICY)
    return outcome


def test_a_commissioned_response_starts_its_clock() -> None:
    outcome = bring(Story(), COMMISSIONED).then(DutyOpened)
    opened = outcome.events[0]
    assert isinstance(opened, DutyOpened)
    assert (opened.terms.rule, opened.terms.started_at) == ("P-PSII", NOON)


def test_being_told_nothing_records_nothing() -> None:
    bring(Story()).then_nothing()


def test_being_told_twice_records_nothing() -> None:
    bring(Story().told(COMMISSIONED), COMMISSIONED).then_nothing()


def test_a_start_corrected_in_another_stream_redates_the_clock() -> None:
    earlier = NOON - timedelta(days=1)
    outcome = bring(Story().told(COMMISSIONED), Done(COMMISSIONED.code, earlier), COMMISSIONED)
    outcome.then(DutyRedated, started_at=earlier)


def test_candour_owed_to_nobody_yet_passes_to_each_person_from_the_same_start() -> None:
    story = Story().decided(NOTIFIABLE, Answer.MET)
    owed = story.duty("C-TELL")
    outcome = bring(story, persons=(MARY, JOHN)).then(DutySetAside, DutyOpened, DutyOpened)
    aside, *opened = outcome.events
    assert isinstance(aside, DutySetAside)
    assert (aside.duty, aside.because) == (owed.duty, SetAside.OWED_TO_NAMED_PERSONS)
    terms = [event.terms for event in opened if isinstance(event, DutyOpened)]
    assert [(each.person, each.started_at) for each in terms] == [(MARY, owed.started_at), (JOHN, owed.started_at)]


def test_a_person_named_later_is_owed_it_from_the_same_start() -> None:
    story = Story().decided(NOTIFIABLE, Answer.MET).told(persons=(MARY,))
    bring(story, persons=(MARY, JOHN)).then(DutyOpened)
    story.told(persons=(MARY, JOHN))
    assert story.duty("C-TELL", JOHN).started_at == story.duty("C-TELL", MARY).started_at


def test_persons_who_were_named_once_need_not_be_named_again() -> None:
    story = Story().decided(NOTIFIABLE, Answer.MET).told(persons=(MARY,))
    bring(story).then_nothing()


def test_what_was_done_for_one_person_starts_a_clock_for_that_person_only() -> None:
    story = Story().decided(NOTIFIABLE, Answer.MET).told(persons=(MARY, JOHN))
    outcome = bring(story, done("candour.notice_given", person=MARY)).then(DutyOpened)
    opened = outcome.events[0]
    assert isinstance(opened, DutyOpened)
    assert (opened.terms.rule, opened.terms.person) == ("C-WRITE", MARY)


def test_what_an_earlier_decision_identified_is_not_heard_again() -> None:
    """Whoever tells the whole case's past tells answers that were corrected since."""
    story = Story().decided(Question.NEVER_EVENT, Answer.MET)
    past = story.incident.decisions[Question.NEVER_EVENT].done()
    story.decided(Question.NEVER_EVENT, Answer.MET, number=2, identified_at=NOON)
    bring(story, *past).then_nothing()
    story.decided(Question.NEVER_EVENT, Answer.NOT_MET, number=3)
    bring(story, *past).then_nothing()


def test_each_duty_has_an_id_that_a_repeated_decision_draws_again() -> None:
    """The decision is pure: the same case and rule give the same duty."""
    first, second = Story().told(COMMISSIONED), Story().told(COMMISSIONED)
    assert first.incident.duties.keys() == second.incident.duties.keys()
    assert len(first.incident.duties) == 2
