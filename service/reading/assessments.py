"""A dry run: what the rules say of facts that nobody has recorded, with reasons, and what would follow. Writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.kernel.done import Done
from domain.kernel.harm import Harm, level_of
from domain.kernel.words import Code
from domain.policy.assessing.assessment import Answer, CriterionAssessed, assess, assess_question
from domain.policy.assessing.counterfactuals import Counterfactual, counterfactuals
from domain.policy.assessing.knowing import Known
from domain.policy.assessing.supposing import Supposed, duties_supposed
from domain.policy.duties import DutyTerms
from domain.policy.edition import standing
from domain.policy.explaining.phrases import QUESTIONS, code_phrase, fact_phrase, named
from domain.policy.explaining.sentences import criterion_sentence
from domain.policy.facts import FACT_TYPES, FactKey, FactValue
from domain.policy.library import Policy
from domain.policy.questions import Outcome, Question
from domain.policy.starting import done_by

_OUTCOMES = {Outcome.MET: "would be", Outcome.NOT_MET: "would not be", Outcome.UNCLEAR: "would perhaps be"}


@dataclass(frozen=True, slots=True)
class DryRun:
    """What is asked: the facts, the editions that govern, and when the incident was discovered and recognised."""

    known: Known
    editions: tuple[Code, ...]
    discovered_at: datetime
    identified_at: datetime


def assessment_of(policy: Policy, asked: DryRun) -> dict[str, Any]:
    """The whole answer, as plain values: each question with its criteria, and the duties that would be owed.

    Raises:
        EditionUnknownError: an edition is not known.
    """
    answers = assess(policy, asked.editions, asked.known)
    supposed = {
        question: Supposed(answer.outcome, answer.met, asked.identified_at) for question, answer in answers.items()
    }
    duties = duties_supposed(policy, asked.editions, asked.known, answers=supposed, dones=_dones(asked))
    return {
        "day": asked.known.day.isoformat(),
        "regime": asked.known.regime,
        "editions": list(asked.editions),
        "answers": [question_shown(policy, asked.editions, asked.known, question) for question in answers],
        "obligations": [_obligation(terms) for terms in duties],
    }


def question_shown(policy: Policy, editions: Sequence[Code], known: Known, question: Question) -> dict[str, Any] | None:
    """One question as it is assessed, with what would change the answer; None where these editions do not ask it.

    Raises:
        EditionUnknownError: an edition is not known.
    """
    answer = assess_question(policy, editions, known, question)
    if answer is None:
        return None
    others = counterfactuals(policy, editions, known, question)
    return {**_answer(answer, known), "counterfactuals": [_counterfactual(each) for each in others]}


def _answer(answer: Answer, known: Known) -> dict[str, Any]:
    return {
        "question": answer.question.value,
        "outcome": answer.outcome.value,
        "criteria_met": list(answer.met),
        "proposed_responses": list(answer.responses),
        "missing": _keys(answer.missing),
        "presumed": _keys(answer.presumed),
        "criteria": [_criterion(each, known) for each in answer.criteria],
    }


def _value(value: FactValue) -> Any:
    """A fact's value as the contract writes it."""
    return {"code": value.code, "taxonomy": value.taxonomy} if isinstance(value, Harm) else value


def _dones(asked: DryRun) -> Sequence[Done]:
    """The report, and each fact that is so, as if it had become known when the incident was recognised."""
    reported = Done(Code("incident.reported"), asked.discovered_at)
    discovered = Done(Code("incident.discovered"), asked.discovered_at)
    known = asked.known.facts.items()
    return [
        discovered,
        reported,
        *(done for (name, _), value in known for done in done_by(name, value, asked.identified_at)),
    ]


def _keys(keys: Sequence[FactKey]) -> list[dict[str, Any]]:
    return [{"fact": name.value, "patient": patient} for name, patient in keys]


def _criterion(assessed: CriterionAssessed, known: Known) -> dict[str, Any]:
    criterion = assessed.criterion
    decided = [(key, known.facts.get(key)) for key in assessed.decided_by]
    return {
        "id": criterion.id,
        "edition": assessed.edition,
        "title": criterion.title,
        "outcome": assessed.outcome.value,
        "patient": assessed.patient,
        "decided_by": [
            {"fact": name.value, "patient": patient, "value": _value(value)}
            for (name, patient), value in decided
            if value is not None
        ],
        "missing": _keys(assessed.missing),
        "presumed": _keys(assessed.presumed),
        "suspended": assessed.suspended,
        "proposed_response": criterion.response,
        "force": criterion.force.value,
        "standing": standing(criterion.force, verified=criterion.verified),
        "source": criterion.source,
        "note": criterion.note,
        "sentence": criterion_sentence(criterion),
    }


def _counterfactual(each: Counterfactual) -> dict[str, Any]:
    whom = f" (patient {each.patient})" if each.patient is not None else ""
    match each.value:
        case True:
            said = f"{fact_phrase(each.fact)}{whom}"
        case False:
            said = f"it were not so that {fact_phrase(each.fact)}{whom}"
        case Harm() as harm:
            kind = FACT_TYPES[each.fact].harm
            level = level_of(harm, kind).name.lower() if kind else harm.code
            said = f"the {named(each.fact.value)}{whom} were {level}"
        case code:
            said = f"the {named(each.fact.value)}{whom} were {code_phrase(code)}"
    return {
        "fact": each.fact.value,
        "patient": each.patient,
        "value": _value(each.value),
        "outcome": each.outcome.value,
        "sentence": f"It {_OUTCOMES[each.outcome]} {QUESTIONS[each.question]} if {said}.",
    }


def _obligation(terms: DutyTerms) -> dict[str, Any]:
    return {
        "rule": terms.rule,
        "title": terms.title,
        "edition": terms.edition,
        "force": terms.force.value,
        "standing": standing(terms.force, verified=terms.verified),
        "source": terms.source,
        "owed_by": terms.actor,
        "recipients": list(terms.recipients),
        "unit": terms.unit.value,
        "length": terms.length,
        "started_by": terms.started_by,
        "started_at": terms.started_at,
        "due_at": terms.due_at,
        "calendar": terms.calendar,
    }
