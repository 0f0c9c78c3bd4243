"""What would have to be otherwise for an answer to be another: one fact at a time, found by trying."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from domain.kernel.harm import LEVELS, Harm, HarmKind, HarmLevel
from domain.kernel.words import Code
from domain.policy.assessing.asking import criteria_asked, facts_asked
from domain.policy.assessing.assessment import Answer, assess_question
from domain.policy.assessing.knowing import Known
from domain.policy.conditions import NOTHING, fact_condition
from domain.policy.fact_codes import CANDOUR_HARMS
from domain.policy.facts import FACT_TYPES, FactKey, FactName, FactValue, ValueKind
from domain.policy.library import Policy
from domain.policy.questions import Outcome, Question

_TAXONOMY: Final = Code("lfpse-5")
_FIRST_PATIENT: Final = 1
_BY_PROVIDER: Final = (FactName.CANDOUR_HARM, FactName.CANDOUR_HARM_POSSIBLE)


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """If this one fact had this value, the question would have this other answer."""

    question: Question
    fact: FactName
    patient: int | None
    value: FactValue
    outcome: Outcome


def counterfactuals(
    policy: Policy, references: Sequence[Code], known: Known, question: Question
) -> tuple[Counterfactual, ...]:
    """Every single fact that would change the answer, with a value that would; nothing where the question is not asked.

    Of a harm it is the nearest level that changes the answer; of a code, each that the criteria name. In the order of
    the facts, of the patients, and of the values.

    Raises:
        EditionUnknownError: an edition is not known.
    """
    present = assess_question(policy, references, known, question)
    if present is None:
        return ()
    asked = facts_asked(policy, references, question)
    facts = [(name, patient) for name in FactName if name in asked for patient in _patients(known, name)]
    return tuple(
        Counterfactual(question, fact, patient, value, outcome)
        for fact, patient in facts
        for value, outcome in _flips(policy, references, known, of=present, fact=(fact, patient))
    )


def _flips(
    policy: Policy, references: Sequence[Code], known: Known, *, of: Answer, fact: FactKey
) -> Iterator[tuple[FactValue, Outcome]]:
    """The values of one fact that change the answer; of a harm, the nearest for each other answer."""
    seen = {of.outcome}
    for value in _others(policy, references, known, fact=fact):
        supposed = replace(known, facts={**known.facts, fact: value})
        answer = assess_question(policy, references, supposed, of.question)
        if answer is None or answer.outcome is of.outcome:
            continue
        if not isinstance(value, Harm) or answer.outcome not in seen:
            yield value, answer.outcome
        seen.add(answer.outcome)


def _patients(known: Known, fact: FactName) -> tuple[int | None, ...]:
    if not FACT_TYPES[fact].about_patient:
        return (None,)
    return tuple(_FIRST_PATIENT if patient is None else patient for patient in known.patients_to_ask())


def _others(policy: Policy, references: Sequence[Code], known: Known, *, fact: FactKey) -> Iterator[FactValue]:
    name, patient = fact
    present = known.value(name, patient).value
    shape = FACT_TYPES[name]
    match shape.value:
        case ValueKind.BOOLEAN:
            yield from (value for value in (True, False) if value is not present)
        case ValueKind.HARM if shape.harm is not None:
            yield from _other_harms(shape.harm, present)
        case ValueKind.CODE:
            codes = (*_codes_named(policy, references, name), NOTHING)
            allowed = CANDOUR_HARMS.get(known.provider_type, ()) if name in _BY_PROVIDER else codes
            yield from (code for code in codes if code in allowed and code != present)


def _codes_named(policy: Policy, references: Sequence[Code], fact: FactName) -> tuple[Code, ...]:
    words = dict.fromkeys(
        word
        for question in Question
        for criterion, _ in criteria_asked(policy, references, question)
        for word in (*criterion.when, *criterion.unless)
    )
    conditions = [fact_condition(word) for word in words]
    named = [each.code for each in conditions if each is not None and each.facts == (fact,) and each.code]
    return tuple(dict.fromkeys(named))


def _other_harms(kind: HarmKind, present: FactValue | None) -> list[Harm]:
    """The harms of this kind, nearest to the present one first; from the least on where none is known."""
    codes = {level: Code(code) for code, level in LEVELS[_TAXONOMY, kind].items()}
    here = LEVELS[present.taxonomy, kind][present.code] if isinstance(present, Harm) else HarmLevel.NONE
    levels = sorted((level for level in codes if level is not here), key=lambda level: (abs(level - here), level))
    return [Harm(codes[level], _TAXONOMY) for level in levels]
