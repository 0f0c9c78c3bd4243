"""One duty told whole: every date that it had, who stopped its clock, what met it, and where its time went."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.candour.events import ContactAttempted, ConversationHeld
from domain.incident.duty_events import DutyExtended, DutyPaused, DutyRedated, DutyResumed, DutySetAside
from domain.incident.events import IncidentReported
from domain.incident.words import PausingBody, SetAside
from domain.kernel.words import Code, DutyId, PauseId
from projections.timeliness.history import DutyHistory, elapsed_of, history_of, seconds_of
from projections.timeliness.model import MODEL
from tests.projections.timeliness.test_breaches import CASE, DUE, DUTY, END, MARY, day, opened, spoken, told
from tests.properties.test_no_breach_disappears import steps, story_of
from tests.support.decisions import NOON, an_id
from tests.support.read_models.projections import Story, shown
from tests.support.sample_events import kind_of, sample

PAUSE = PauseId(an_id(600))


def the_history(*chapters: tuple[Any, datetime]) -> DutyHistory:
    """What is told of the duty after these facts, each recorded at the instant beside it."""
    story = Story()
    for fact, recorded_at in (told(IncidentReported, at=NOON), *chapters):
        story.tell(fact, kind=kind_of(type(fact)), cases=(CASE,), recorded_at=recorded_at)
    found = history_of(story.events, shown(MODEL, story.events).rows[f"{CASE}:{DUTY}"])
    assert found is not None
    return found


def split_of(history: DutyHistory, as_of: datetime = END) -> list[tuple[float, str]]:
    return [((each.from_at - NOON) / timedelta(days=1), each.owner) for each in elapsed_of(history, as_of)]


def paused(at: datetime, **changes: Any) -> tuple[Any, datetime]:
    return told(DutyPaused, at=at, duty=DUTY, pause=PAUSE, body=PausingBody.CORONER, **changes)


def resumed(at: datetime, recorded: datetime | None = None) -> tuple[Any, datetime]:
    return told(DutyResumed, at=at, recorded=recorded, duty=DUTY, pause=PAUSE, due_at=day(9))


def test_what_met_it_is_told_with_the_event_that_says_so() -> None:
    history = the_history(opened(at=day(1)), told(ConversationHeld, at=day(2), person=MARY), spoken(day(3), day(8)))

    assert (history.met_by, history.met_position) == ("candour.notice_given", 3)
    assert (history.opened_recorded_at, history.original_started_at) == (day(1), NOON)
    assert the_history(opened(), spoken(day(9)), spoken(day(4))).met_position == 4, "the earlier one counts"
    assert the_history(opened()).met_by is None


def test_every_date_that_it_had_is_kept() -> None:
    redated = told(
        DutyRedated,
        at=day(2),
        recorded=day(3),
        duty=DUTY,
        previous_started_at=NOON,
        previous_due_at=DUE,
        started_at=day(1),
        due_at=day(6),
    )
    extended = told(DutyExtended, at=day(4), duty=DUTY, previous_due_at=day(6), due_at=day(9))

    history = the_history(opened(), redated, extended)

    [moved], [later] = history.redated, history.extended
    assert (moved.previous_started_at, moved.previous_due_at, moved.started_at, moved.due_at) == (
        *(NOON, DUE, day(1), day(6)),
    )
    assert (moved.redated_at, moved.recorded_at, later.agreed_at) == (day(2), day(3), day(4))
    assert (later.previous_due_at, later.due_at) == (day(6), day(9))
    assert (later.reason, later.agreed_by) == (extended[0].reason, extended[0].agreed_by)


def test_a_pause_is_told_with_who_asked_who_approved_and_how_it_ended() -> None:
    stopped = paused(day(2))
    running, ended = the_history(opened(), stopped), the_history(opened(), stopped, resumed(day(4), day(5)))

    assert (running.paused[0].resumed_at, running.paused[0].due_at) == (None, None)
    [pause] = ended.paused
    assert (pause.body, pause.paused_at, pause.resumed_at, pause.resumed_recorded_at) == (
        *("coroner", day(2), day(4), day(5)),
    )
    assert (pause.approver, pause.reason, pause.due_at) == (stopped[0].approver, stopped[0].reason, day(9))


def test_the_time_of_a_pause_is_put_down_to_whoever_asked_for_it() -> None:
    tried = told(ContactAttempted, at=day(1), person=MARY, outcome=Code("no_answer"))
    history = the_history(opened(), tried, paused(day(2)), resumed(day(4)), spoken(day(6)))

    assert split_of(history) == [
        *((0, "actor"), (1, "those_affected"), (2, "coroner"), (4, "those_affected")),
    ]
    assert elapsed_of(history, END)[-1].until_at == day(6), "it was met then"
    assert elapsed_of(history, day(3))[-1].until_at == day(3), "no more time had passed by then"


def test_the_time_of_a_duty_that_was_set_aside_ends_with_it() -> None:
    reason = sample(DutySetAside).reason
    aside = told(DutySetAside, at=day(7), duty=DUTY, because=SetAside.NOT_APPLICABLE)
    history = the_history(opened(), aside)

    assert elapsed_of(history, END)[-1].until_at == day(7)
    assert (history.set_aside_reason, the_history(opened()).set_aside_reason) == (reason, None)


def test_what_happened_to_another_duty_is_not_told() -> None:
    other = DutyId(an_id(99))
    history = the_history(opened(), opened(other), paused(day(2)), told(DutyExtended, at=day(3), duty=other))

    assert (len(history.paused), history.extended) == (1, ())


def test_there_is_no_history_where_the_events_do_not_open_the_duty() -> None:
    story = Story()
    for fact, _ in (told(IncidentReported, at=NOON), opened()):
        story.tell(fact)
    row = shown(MODEL, story.events).rows[f"{CASE}:{DUTY}"]

    assert history_of(story.events[:1], row) is None
    assert history_of(story.events, replace(row, id=an_id(98))) is None


@settings(max_examples=100, deadline=None)
@given(steps, st.integers(0, 10**9))
def test_the_seconds_of_any_duty_add_up_to_the_whole(taken: list[tuple[Any, ...]], micros: int) -> None:
    story = story_of(taken)
    as_of = story.events[-1].recorded_at + timedelta(microseconds=micros)

    for row in shown(MODEL, story.events).rows.values():
        history = history_of(story.events, row)
        assert history is not None
        intervals = elapsed_of(history, as_of)
        ended = min(as_of, history.ended_at or as_of)
        assert sum((each.until_at - each.from_at for each in intervals), timedelta()) == max(
            ended - row.started_at, timedelta()
        )
        whole = ended.replace(microsecond=0) - row.started_at.replace(microsecond=0)
        assert sum(seconds_of(intervals)) == max(whole, timedelta()).total_seconds()
