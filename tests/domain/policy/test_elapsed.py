"""Why was it late: the time a duty took, split by whom it waited for, with nothing left out and nothing counted twice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.done import Done
from domain.kernel.words import Code, PersonId, ResponseId
from domain.policy.elapsed import Because, Wait, split, waits_of
from tests.domain.policy.test_status import terms

START: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
ANN, BEN = PersonId(UUID(int=1)), PersonId(UUID(int=2))
ONE, TWO = ResponseId(UUID(int=11)), ResponseId(UUID(int=12))
PROVIDER, POLICE = Code("provider"), Code("police")


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def done(code: str, at: float, *, person: PersonId | None = None, response: ResponseId | None = None) -> Done:
    return Done(Code(code), day(at), person, response)


def told(
    met_by: str, *dones: Done, person: PersonId | None = None, response: ResponseId | None = None, until: float = 20
) -> list[tuple[float, str, str]]:
    """When each interval begins, to whom it is put down and why, of a duty from day 0 that this meets."""
    duty = replace(terms(person), met_by=(Code(met_by),), response=response)
    found = split(START, day(until), waits_of(duty, dones), actor=PROVIDER)
    return [((each.from_at - START) / timedelta(days=1), each.owner, each.because.value) for each in found]


OWN: Final = (0, "provider", "own_time")


def test_time_that_nothing_else_explains_is_the_actors_own() -> None:
    assert told("incident.notified:commissioner") == [OWN]


@pytest.mark.parametrize(
    "end", ["conversation_held", "question_asked", "contact_declined", "timeframe_agreed", "cannot_be_contacted"]
)
def test_who_was_tried_for_is_waited_for_until_they_are_reached(end: str) -> None:
    dones = [done("candour.contact_attempted", 1, person=ANN), done("candour.contact_attempted", 2, person=ANN)]

    found = told("candour.notice_given", *dones, done(f"candour.{end}", 4, person=ANN), person=ANN)

    assert found == [OWN, (1, "those_affected", "contact_attempted"), (4, "provider", "own_time")]


def test_what_was_entered_late_counts_when_it_was_true() -> None:
    dones = [done("candour.conversation_held", 4, person=ANN), done("candour.contact_attempted", 1, person=ANN)]

    assert [begins for begins, *_ in told("candour.notice_given", *dones, person=ANN)] == [0, 1, 4]


@pytest.mark.parametrize("met_by", ["candour.letter_sent:notification", "incident.notified:commissioner"])
def test_what_needs_nobody_to_be_reached_waits_for_nobody(met_by: str) -> None:
    assert told(met_by, done("candour.contact_attempted", 1, person=ANN)) == [OWN]


def test_a_duty_to_one_person_does_not_wait_for_another_and_one_to_nobody_in_particular_waits_for_each() -> None:
    dones = [done("candour.contact_attempted", 1, person=BEN), done("candour.conversation_held", 3, person=ANN)]

    assert told("candour.notice_given", *dones, person=ANN) == [OWN]
    assert told("candour.notice_given", *dones) == [OWN, (1, "those_affected", "contact_attempted")]


@pytest.mark.parametrize("met_by", ["learning_response.approved", "candour.findings_shared:final"])
def test_a_draft_is_with_those_affected_until_they_come_back_on_it(met_by: str) -> None:
    shared = done("candour.findings_shared:draft", 5, person=ANN, response=ONE)
    waiting = [OWN, (5, "those_affected", "draft_shared")]

    assert told(met_by, shared) == waiting
    assert told(met_by, shared, done("candour.question_asked", 8, person=ANN)) == [
        *waiting,
        (8, "provider", "own_time"),
    ]
    assert told(met_by, shared, done("candour.question_asked", 8, person=BEN)) == waiting


def test_a_draft_of_one_response_holds_up_no_other() -> None:
    shared = done("candour.findings_shared:draft", 5, person=ANN, response=ONE)

    assert told("learning_response.approved", shared, response=TWO) == [OWN]
    assert len(told("learning_response.approved", shared, response=ONE)) == 2
    final = done("candour.findings_shared:final", 6, person=ANN, response=TWO)
    assert len(told("learning_response.approved", shared, final, response=ONE)) == 2, "it is still with them"


@pytest.mark.parametrize("end", ["draft_returned", "approved"])
def test_a_draft_is_with_its_approver_until_it_is_approved_or_returned(end: str) -> None:
    forward = done("learning_response.draft_put_forward", 5, response=ONE)
    waiting = [OWN, (5, "approver", "approval")]
    met_by = "learning_response.submitted:commissioner"

    assert told(met_by, forward) == waiting
    ended = done(f"learning_response.{end}", 8, response=ONE)
    assert told(met_by, forward, ended) == [*waiting, (8, "provider", "own_time")]
    assert told(met_by, forward, done(f"learning_response.{end}", 8, response=TWO)) == waiting
    assert told("incident.notified:commissioner", forward) == [OWN]


def commissioned(response: ResponseId, at: float, method: str = "psii") -> list[Done]:
    codes = ("learning_response.commissioned", f"learning_response.commissioned:{method}")
    return [done(code, at, response=response) for code in codes]


@pytest.mark.parametrize("met_by", ["learning_response.approved", "learning_response.approved:psii"])
def test_a_response_without_a_lead_is_with_nobody_until_one_is_appointed(met_by: str) -> None:
    led = done("learning_response.lead_appointed", 3, response=ONE)

    found = told(met_by, *commissioned(ONE, 0), led, response=ONE)

    assert found == [(0, "nobody", "no_lead_appointed"), (3, "provider", "own_time")]


def test_a_response_that_cannot_meet_the_duty_does_not_hold_it_up() -> None:
    assert told("learning_response.approved:concise", *commissioned(ONE, 0)) == [OWN]
    assert told("learning_response.approved", *commissioned(ONE, 0), response=TWO) == [OWN]
    assert told("learning_response.lead_appointed", *commissioned(ONE, 0)) == [OWN], "it is the appointing that is late"


def test_a_report_is_with_the_commissioner_until_it_is_received_and_then_until_it_is_decided_on() -> None:
    code = "learning_response.{}:commissioner"
    dones = [done(code.format("submitted"), 2, response=ONE), done(code.format("received"), 4, response=ONE)]

    found = told("incident.closed:response_complete", *dones, done("incident.closed", 9))

    assert found == [
        OWN,
        (2, "commissioner", "submitted_not_received"),
        (4, "commissioner", "received_not_decided"),
        (9, "provider", "own_time"),
    ]
    assert told("learning_response.approved", *dones) == [OWN]


def test_of_several_waits_at_once_the_first_in_precedence_is_told() -> None:
    waits = [
        Wait(because, Code(because.value), day(number), day(20 - number))
        for number, because in enumerate([each for each in reversed(Because) if each is not Because.OWN_TIME])
    ]

    found = split(START, day(20), waits, actor=PROVIDER)

    order = [each.because for each in found]
    assert order == [*(each.because for each in waits), *(each.because for each in reversed(waits[:-1]))]


def test_a_wait_counts_from_its_first_instant_up_to_its_last_and_neighbours_are_told_as_one() -> None:
    waits = [
        Wait(Because.PAUSED, POLICE, day(2), day(4)),
        Wait(Because.PAUSED, POLICE, day(4), day(5)),
        Wait(Because.PAUSED, POLICE, day(7), day(7)),
    ]

    assert [(each.from_at, each.until_at) for each in split(START, day(9), waits, actor=PROVIDER)] == [
        *((START, day(2)), (day(2), day(5)), (day(5), day(9))),
    ]


def test_no_time_has_no_intervals() -> None:
    assert split(START, START, [], actor=PROVIDER) == ()
    assert split(day(1), START, [], actor=PROVIDER) == ()


instants = st.integers(0, 10**10).map(lambda micros: START + timedelta(microseconds=micros))
waits = st.lists(
    st.builds(
        Wait,
        st.sampled_from(Because),
        st.sampled_from([POLICE, PROVIDER, Code("nobody")]),
        instants,
        st.none() | instants,
    ),
    max_size=8,
)


@given(instants, instants, waits)
def test_the_intervals_follow_one_another_and_last_exactly_as_long_as_the_whole(
    one: datetime, other: datetime, held: list[Wait]
) -> None:
    begins, ends = sorted((one, other))
    found = split(begins, ends, held, actor=PROVIDER)

    assert sum(((each.until_at - each.from_at) for each in found), timedelta()) == ends - begins
    assert all(before.until_at == after.from_at for before, after in pairwise(found))
    assert all(each.from_at < each.until_at for each in found)
    assert all((before.owner, before.because) != (after.owner, after.because) for before, after in pairwise(found))


@given(instants, instants, waits, instants)
def test_every_instant_is_put_down_to_the_first_of_those_that_hold_it_up(
    one: datetime, other: datetime, held: list[Wait], at: datetime
) -> None:
    begins, ends = sorted((one, other))
    holding = [wait for wait in held if wait.from_at <= at and (wait.until_at is None or at < wait.until_at)]
    first = min((list(Because).index(wait.because) for wait in holding), default=list(Because).index(Because.OWN_TIME))

    for each in split(begins, ends, held, actor=PROVIDER):
        if each.from_at <= at < each.until_at:
            assert each.because is list(Because)[first]
