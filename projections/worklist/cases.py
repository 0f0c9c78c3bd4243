"""An incident's questions: which have an answer, and which answers must be given again because facts changed."""

from dataclasses import replace
from datetime import datetime

from domain.incident.events import (
    IncidentClosed,
    IncidentEnteredInError,
    IncidentReopened,
    IncidentReported,
    RedecisionPrompted,
    ThresholdAssessed,
    ThresholdDecided,
)
from domain.policy.questions import Outcome, Question
from projections.engine.feed import Told
from projections.worklist.waiting import Answer, Case, Prompt


def follow_case(case: Case | None, event: Told) -> Case | None:
    """The incident after one of its own events."""
    if isinstance(event.fact, IncidentReported):
        return _reported(event, event.fact)
    return case and _moved(case, event)


def _reported(event: Told, fact: IncidentReported) -> Case:
    return Case(
        organisation=event.organisation,
        incident=event.stream,
        reported_at=event.effective_at,
        regime=fact.regime,
        record_type=fact.record_type,
        may_involve_patient=fact.patients is None or bool(fact.patients),
    )


def _moved(case: Case, event: Told) -> Case:
    match event.fact:
        case ThresholdDecided(question=question) as fact:
            answers = {**case.answers, question: Answer(fact.decision, fact.outcome, event.effective_at)}
            prompts = {asked: prompt for asked, prompt in case.prompts.items() if asked != question}
            return replace(case, answers=answers, prompts=prompts, assessed_met=_without(case, question))
        case ThresholdAssessed(question=question, assessed=assessed):
            met = _without(case, question)
            if assessed.outcome is Outcome.MET:
                met |= {question: case.assessed_met.get(question, event.effective_at)}
            return replace(case, assessed_met=met)
        case RedecisionPrompted() as fact:
            return replace(case, prompts={**case.prompts, fact.question: _prompted(case, fact, event)})
        case IncidentClosed():
            return replace(case, is_closed=True)
        case IncidentReopened():
            return replace(case, is_closed=False)
        case IncidentEnteredInError():
            return replace(case, is_entered_in_error=True)
    return case


def _prompted(case: Case, fact: RedecisionPrompted, event: Told) -> Prompt:
    """Facts that change one after the other add up until the question is decided again."""
    earlier = case.prompts.get(fact.question)
    if earlier is None:
        return Prompt(event.effective_at, tuple(sorted({*fact.facts})))
    return replace(earlier, facts=tuple(sorted({*earlier.facts, *fact.facts})))


def _without(case: Case, question: Question) -> dict[Question, datetime]:
    return {asked: since for asked, since in case.assessed_met.items() if asked != question}
