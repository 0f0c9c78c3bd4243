"""What-if equals brute force: the same case reported from scratch under the other editions, step by step, for real."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.incident.held_duties import HeldDuty, key_of
from domain.incident.state import Incident
from domain.incident.what_if.comparing import compare
from domain.incident.what_if.editions import Change, other_editions
from domain.incident.what_if.past import Past
from domain.incident.words import SetAside
from domain.kernel.words import Code
from domain.policy.duties import DutyTerms
from domain.policy.facts import FactName
from domain.policy.questions import Outcome, Question
from tests.domain.what_if.cases import (
    AN_INVESTIGATION,
    CANDOUR,
    MARY_IS_TOLD,
    NEW,
    OLD,
    PLAN,
    Decided,
    Known,
    Step,
    ToldOf,
    a_change,
    moments,
    policy,
    reported,
    reported_under,
)
from tests.support.decisions import NOON
from tests.support.incidents import JOHN, PLANNED_TRUST, PSIRF_TRUST, SIF_TRUST

QUESTIONS = (
    Question.NEVER_EVENT,
    Question.SERIOUS_INCIDENT,
    Question.NOTIFIABLE_SAFETY_INCIDENT,
    Question.NATIONAL_RESPONSE,
)
TOLD = (
    ("learning_response.commissioned:psii", None, AN_INVESTIGATION),
    ("learning_response.commissioned:concise", None, AN_INVESTIGATION),
    ("candour.notice_given", MARY_IS_TOLD, None),
    ("candour.notice_given", JOHN, None),
    ("candour.contact_declined", MARY_IS_TOLD, None),
    ("candour.letter_sent:notification", JOHN, None),
)
decided = st.builds(
    Decided, question=st.sampled_from(QUESTIONS), outcome=st.sampled_from(Outcome), earlier=st.sampled_from([0, 1, 30])
)
known = st.one_of(
    st.builds(Known, fact=st.just(FactName.PUBLIC_CONCERN), value=st.sampled_from([True, False, None])),
    st.builds(Known, fact=st.just(FactName.DIED), value=st.sampled_from([True, False, None]), patient=st.just(1)),
)
told = st.sampled_from(TOLD).map(lambda each: ToldOf(0, *each))
providers = st.sampled_from([PSIRF_TRUST, SIF_TRUST, PLANNED_TRUST])
changes = st.sampled_from(
    [
        a_change(NEW),
        a_change(OLD),
        a_change(Code("psirf-2022")),
        a_change(PLAN),
        a_change(NEW, PLAN, without=["candour"]),
        a_change(without=[CANDOUR, "local-plan"]),
    ]
)


@st.composite
def cases(draw: Any) -> list[Step]:
    """Steps in the order of time, from one hour after the report on."""
    steps = draw(st.lists(st.one_of(decided, known, told), max_size=7))
    hours = sorted(draw(st.lists(st.integers(1, 400), min_size=len(steps), max_size=len(steps), unique=True)))
    return [replace(step, hours=hour) for step, hour in zip(steps, hours, strict=True)]


def decided_by_people(steps: Sequence[Step]) -> list[Step]:
    """The steps after an answer to the one question that only the newest regime asks, so that nothing is assessed."""
    return [Decided(0.5, Question.NATIONAL_RESPONSE, Outcome.NOT_MET), *steps]


def opened(incident: Incident) -> dict[Any, HeldDuty]:
    """What the real decisions have opened: the last duty of each key, without those that went over to named persons."""
    last = {key_of(held.terms): held for held in incident.duties.values()}
    return {key: held for key, held in last.items() if held.set_aside is not SetAside.OWED_TO_NAMED_PERSONS}


def shape(terms: DutyTerms, started_at: datetime, due_at: datetime | None, *, stands: bool) -> tuple[object, ...]:
    return (
        terms.rule,
        terms.person,
        terms.response,
        terms.edition,
        terms.unit,
        terms.length,
        started_at,
        due_at,
        stands,
    )


def of_past(past: Past) -> set[tuple[object, ...]]:
    return {
        shape(line.terms, line.terms.started_at, line.terms.due_at, stands=line.lapsed_at is None)
        for line in past.owed()
    }


def standing_only(shapes: set[tuple[object, ...]]) -> set[tuple[object, ...]]:
    """What lapsed keeps the dates at which it was set aside, which a later correction may move in the past told again."""
    return {each if each[-1] else (*each[:4], False) for each in shapes}


def by_brute_force(editions: Sequence[Code], provider: Any, steps: Sequence[Step]) -> set[tuple[object, ...]]:
    case = reported_under(editions, provider)
    for step in steps:
        case.take(step)
    return {
        shape(held.terms, held.started_at, held.due_at, stands=held.stands) for held in opened(case.incident).values()
    }


@settings(max_examples=300, deadline=None)
@given(steps=cases(), provider=providers, change=changes)
def test_the_past_under_other_editions_is_the_case_reported_under_them_from_scratch(
    steps: list[Step], provider: Any, change: Change
) -> None:
    steps = decided_by_people(steps)
    own = reported(provider)
    editions = other_editions(own.incident.editions, change, policy())
    past = Past(policy(), own.incident.editions, editions)
    for moment in moments(steps, own):
        past.see(moment)

    assert standing_only(of_past(past)) == standing_only(by_brute_force(editions, provider, steps))


@settings(max_examples=150, deadline=None)
@given(steps=cases(), provider=providers, change=changes)
def test_what_differs_and_what_is_the_same_are_those_of_the_case_played_twice(
    steps: list[Step], provider: Any, change: Change
) -> None:
    steps = decided_by_people(steps)
    first = reported(provider)
    for step in steps:
        first.take(step)
    found = compare(moments(steps, reported(provider)), change, policy(), facts=first.facts, as_of=NOON)
    assert found is not None
    played = {
        editions: [held.terms.rule for held in opened(_played(editions, provider, steps)).values()]
        for editions in (found.own_editions, found.other_editions)
    }

    own = [each.rule for each in found.differences if each.own is not None]
    other = [each.rule for each in found.differences if each.other is not None]
    assert sorted([*own, *found.same]) == sorted(played[found.own_editions])
    assert sorted([*other, *found.same]) == sorted(played[found.other_editions])


def _played(editions: Sequence[Code], provider: Any, steps: Sequence[Step]) -> Incident:
    case = reported_under(editions, provider)
    for step in steps:
        case.take(step)
    return case.incident


@settings(max_examples=150, deadline=None)
@given(steps=cases(), provider=providers)
def test_its_own_editions_change_nothing(steps: list[Step], provider: Any) -> None:
    editions = reported(provider).incident.editions
    found = compare(moments(steps, reported(provider)), Change(put=editions), policy(), facts=(), as_of=NOON)

    assert found is not None
    assert found.own_editions == found.other_editions == editions
    assert (found.differences, found.assessed) == ((), ())


@settings(max_examples=100, deadline=None)
@given(steps=cases(), provider=providers, change=changes)
def test_there_and_back_tells_the_same_duties_the_other_way_round(
    steps: list[Step], provider: Any, change: Change
) -> None:
    steps = decided_by_people(steps)
    own = reported(provider).incident.editions
    other = other_editions(own, change, policy())
    there = compare(
        moments(steps, reported_under(own, provider)),
        Change(put=other, without=_gone(own)),
        policy(),
        facts=(),
        as_of=NOON,
    )
    back = compare(
        moments(steps, reported_under(other, provider)),
        Change(put=own, without=_gone(other)),
        policy(),
        facts=(),
        as_of=NOON,
    )

    assert there is not None
    assert back is not None
    assert sorted(there.same) == sorted(back.same)
    told = sorted((each.rule, str(each.person), each.own is None, each.other is None) for each in there.differences)
    told_back = sorted((each.rule, str(each.person), each.other is None, each.own is None) for each in back.differences)
    assert told == told_back


def _gone(editions: Sequence[Code]) -> frozenset[str]:
    return frozenset(editions)
