"""A case told again from its events: its own editions ask for what the ledger opened, and other editions for others."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

import pytest

from domain.candour.events import LetterKind
from domain.incident.commands.decide_threshold import decide_threshold
from domain.incident.held_duties import key_of
from domain.incident.what_if.comparing import Compared, compare
from domain.incident.what_if.editions import Change, read_change
from domain.incident.what_if.past import Past
from domain.incident.words import SetAside
from domain.kernel.words import Code
from domain.learning_response.events import Method
from domain.policy.questions import Outcome, Question
from service.store.ledger import LedgerEvent
from service.worker.what_if.replaying import Retold
from tests.support.incidents import INCIDENT, PSIRF_TRUST, SIF_TRUST, a_decision, words
from tests.support.whole_cases import POLICY, WholeCase, utc

END = utc("2026-12-31 12:00")


def told(case: WholeCase) -> Retold:
    """The case as its events tell it."""
    events: Sequence[Any] = case.story.events
    return Retold(INCIDENT, tuple((cast("LedgerEvent", event), event.fact) for event in events))


def decided(case: WholeCase, question: Question, outcome: Outcome, at: datetime) -> None:
    """A question was answered, whatever the rules say of the little that is known."""
    command = a_decision(
        question, outcome, number=at.day * 100 + at.hour, edition=case.incident.editions[0], identified_at=at
    )
    case.changed(decide_threshold, replace(command, departure=words()), at, policy=POLICY, told=case.told())


def a_long_case(provider: Any) -> WholeCase:
    """Decided and decided again, told to a person who was owed candour before anybody was named, and investigated."""
    case = WholeCase(utc("2026-03-02 09:00"), provider=provider)
    first = Question.SERIOUS_INCIDENT if provider is SIF_TRUST else Question.NEVER_EVENT
    decided(case, first, Outcome.UNCLEAR, utc("2026-03-02 10:00"))
    decided(case, first, Outcome.MET, utc("2026-03-02 15:00"))
    decided(case, Question.NOTIFIABLE_SAFETY_INCIDENT, Outcome.MET, utc("2026-03-02 16:00"))
    case.submitted_to("steis", utc("2026-03-03 09:00"))
    person = case.identified(utc("2026-03-03 10:00"))
    case.talked(person, utc("2026-03-03 11:00"))
    case.wrote(person, LetterKind.NOTIFICATION, utc("2026-03-05 11:00"))
    case.commissioned(Method.PSII if provider is PSIRF_TRUST else Method.COMPREHENSIVE, utc("2026-03-06 09:00"))
    decided(case, Question.NOTIFIABLE_SAFETY_INCIDENT, Outcome.NOT_MET, utc("2026-03-20 16:00"))
    return case


def own_past(case: WholeCase) -> Past:
    past = Past(POLICY, case.incident.editions, case.incident.editions)
    for moment in told(case).moments():
        past.see(moment)
    return past


@pytest.mark.parametrize("provider", [PSIRF_TRUST, SIF_TRUST])
def test_its_own_editions_ask_for_the_duties_that_the_ledger_opened(provider: Any) -> None:
    case = a_long_case(provider)

    asked = {
        key: (line.terms.started_at, line.terms.due_at, line.lapsed_at is None)
        for key, line in own_past(case).lines.items()
        if not line.handed_over
    }

    opened = {key_of(held.terms): held for held in case.incident.duties.values()}
    assert len(opened) > 5
    assert asked == {
        key: (held.started_at, held.due_at, held.stands)
        for key, held in opened.items()
        if held.set_aside is not SetAside.OWED_TO_NAMED_PERSONS
    }


@pytest.mark.parametrize("provider", [PSIRF_TRUST, SIF_TRUST])
def test_what_it_holds_is_what_stands_under_its_own_editions(provider: Any) -> None:
    case = a_long_case(provider)
    change = read_change(POLICY, [], [Code("candour")])
    found = compared(case, change, as_of=END)

    shown = {each.rule: each.own for each in found.differences if each.own is not None}
    assert shown
    for rule, own in shown.items():
        row = case.clocks(rule)[-1]
        assert (own.due_at, own.met_at, own.status) == (row.due_at, row.met_at, case.status(rule, END))


def compared(case: WholeCase, change: Change, *, as_of: datetime) -> Compared:
    retold = told(case)
    found = compare(retold.moments(), change, POLICY, facts=retold.facts(), as_of=as_of)
    assert found is not None
    return found


@pytest.mark.parametrize("provider", [PSIRF_TRUST, SIF_TRUST])
def test_its_own_editions_in_place_of_themselves_change_nothing(provider: Any) -> None:
    case = a_long_case(provider)

    assert compared(case, Change(put=case.incident.editions), as_of=END).differences == ()


def test_events_that_move_no_duty_are_no_moments() -> None:
    case = a_long_case(SIF_TRUST)
    retold = told(case)

    kinds = [type(fact).__name__ for _, fact in retold.events]
    assert 3 < len(list(retold.moments())) < len(kinds) - kinds.count("DutyOpened") + 1


def test_the_last_moment_is_the_case_as_it_stands() -> None:
    case = a_long_case(SIF_TRUST)

    *_, last = told(case).moments()

    assert (last.incident.version, last.incident.duties) == (case.incident.version, case.incident.duties)
