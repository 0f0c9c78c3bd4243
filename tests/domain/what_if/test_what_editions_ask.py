"""Which questions the editions of a case put to people: those are not assessed in their place."""

from datetime import date

import pytest

from domain.incident.what_if.past import _is_asked
from domain.kernel.words import Code
from domain.policy.questions import Question
from service.policy import read_policy

POLICY = read_policy()
UNDER_PSIRF = POLICY.editions_for(identified_on=date(2026, 3, 2), psirf_adopted_on=None)
UNDER_SIF = POLICY.editions_for(identified_on=date(2019, 3, 4), psirf_adopted_on=date(2023, 10, 1))


def test_psirf_asks_nobody_whether_it_is_a_serious_incident_though_the_records_code_tells_of_one() -> None:
    assert not _is_asked(POLICY, UNDER_PSIRF, Question.SERIOUS_INCIDENT)
    assert _is_asked(POLICY, UNDER_SIF, Question.SERIOUS_INCIDENT)


@pytest.mark.parametrize("editions", [UNDER_PSIRF, UNDER_SIF])
def test_a_never_event_is_asked_under_either_regime(editions: tuple[Code, ...]) -> None:
    assert _is_asked(POLICY, editions, Question.NEVER_EVENT)


def test_a_case_under_the_first_texts_was_asked_what_a_duty_follows_from() -> None:
    first = [POLICY.named(Code(name)).reference for name in ("sif-2015", "candour-regulation-20")]
    assert _is_asked(POLICY, first, Question.SERIOUS_INCIDENT)
