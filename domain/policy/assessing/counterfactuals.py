"""What would have to be otherwise for an answer to be another: one fact at a time, found by trying."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from domain.kernel.harm import LEVELS, Harm, HarmKind, HarmLevel
from domain.kernel.words import Code
from domain.policy.assessing.asking import criteria_asked, questions_reached
from domain.policy.assessing.assessment import DECISIVE_FIRST, Answer, Assessor
from domain.policy.assessing.knowing import Known
from domain.policy.conditions import NOTHING, fact_condition
from domain.policy.fact_codes import CANDOUR_HARMS
from domain.policy.facts import FACT_TYPES, FactKey, FactName, FactValue, ValueKind
from domain.policy.library import Policy
from domain.policy.questions import Outcome, Question

_TAXONOMY: Final = Code("lfpse-5")
_FIRST_PATIENT: Final = 1
_PATIENTS_MOST: Final = 5
_TRIALS_MOST: Final = 1_000
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
    """Single facts that would change the answer, each with a value that would; nothing where the question is not asked.

    Of a harm it is the nearest level that changes the answer; of a code, each that the criteria name. In the order of
    the facts, of the patients, and of the values. Facts about a patient are tried for the first five of them, and the
    search ends after so many trials that it takes about a second: an incident with very many patients may have more.

    Raises:
        EditionUnknownError: an edition is not known.
    """
    trials = _Trials(Assessor(policy, references, question), known)
    present = trials.answer(known)
    if present is None:
        return ()
    codes = _codes_named(policy, references, question)
    asked = trials.assessor.facts_asked
    facts = [(name, each) for name in FactName if name in asked for each in _patients(known, name)]
    return tuple(
        Counterfactual(question, fact, patient, value, outcome)
        for fact, patient in facts
        for value, outcome in _flips(trials, (fact, patient), codes=codes.get(fact, ()), present=present.outcome)
    )


@dataclass
class _Trials:
    """Answers what is tried, until it has taken too long: counted in patients asked about, so that it always ends alike."""

    assessor: Assessor
    known: Known
    left: int = _TRIALS_MOST

    def answer(self, known: Known) -> Answer | None:
        self.left -= len(known.patients_to_ask()) or 1
        return self.assessor.answer(known)

    def outcome(self, known: Known) -> Outcome | None:
        answer = self.answer(known)
        return answer.outcome if answer else None


def _flips(
    trials: _Trials, fact: FactKey, *, codes: Sequence[Code], present: Outcome
) -> Iterator[tuple[FactValue, Outcome]]:
    """The values of one fact that change the answer; of a harm, the nearest for each other answer."""
    if trials.left <= 0:
        return
    alone, others = _apart(trials, fact[1])
    seen = {present}
    for value in _others(trials.known, fact, codes):
        if trials.left <= 0:
            return
        outcomes = {others, trials.outcome(_with(alone, fact, value))}
        outcome = next((each for each in DECISIVE_FIRST if each in outcomes), present)
        if outcome is present or (isinstance(value, Harm) and outcome in seen):
            continue
        # Tried for one patient among many, it is offered only where it holds for all of them together.
        if trials.outcome(_with(trials.known, fact, value)) is outcome:
            seen.add(outcome)
            yield value, outcome


def _apart(trials: _Trials, patient: int | None) -> tuple[Known, Outcome | None]:
    """What is known with this patient alone, and the outcome for all the others: many are not asked again and again."""
    known = trials.known
    if patient is None or known.patients is None or len(known.patients) == 1:
        return known, None
    facts = {key: value for key, value in known.facts.items() if key[1] in (None, patient)}
    rest = {key: value for key, value in known.facts.items() if key[1] != patient}
    others = trials.outcome(replace(known, patients=known.patients - {patient}, facts=rest))
    return replace(known, patients=frozenset({patient}), facts=facts), others


def _with(known: Known, fact: FactKey, value: FactValue) -> Known:
    return replace(known, facts={**known.facts, fact: value})


def _patients(known: Known, fact: FactName) -> tuple[int | None, ...]:
    if not FACT_TYPES[fact].about_patient:
        return (None,)
    return tuple(_FIRST_PATIENT if patient is None else patient for patient in known.patients_to_ask()[:_PATIENTS_MOST])


def _others(known: Known, fact: FactKey, codes: Sequence[Code]) -> Iterator[FactValue]:
    name, patient = fact
    present = known.value(name, patient).value
    shape = FACT_TYPES[name]
    match shape.value:
        case ValueKind.BOOLEAN:
            yield from (value for value in (True, False) if value is not present)
        case ValueKind.HARM if shape.harm is not None:
            yield from _other_harms(shape.harm, present)
        case ValueKind.CODE:
            allowed = CANDOUR_HARMS.get(known.provider_type, ()) if name in _BY_PROVIDER else (*codes, NOTHING)
            yield from (code for code in (*codes, NOTHING) if code in allowed and code != present)


def _codes_named(policy: Policy, references: Sequence[Code], question: Question) -> dict[FactName, list[Code]]:
    """The codes of facts that the criteria of a question name, through other questions too."""
    reached = questions_reached(policy, references, question)
    criteria = [criterion for each in reached for criterion, _ in criteria_asked(policy, references, each)]
    words = dict.fromkeys(word for criterion in criteria for word in (*criterion.when, *criterion.unless))
    named: dict[FactName, list[Code]] = {}
    for condition in map(fact_condition, words):
        if condition is not None and condition.code is not None:
            named.setdefault(condition.facts[0], []).append(condition.code)
    return named


def _other_harms(kind: HarmKind, present: FactValue | None) -> list[Harm]:
    """The harms of this kind, nearest to the present one first; from the least on where none is known."""
    codes = {level: Code(code) for code, level in LEVELS[_TAXONOMY, kind].items()}
    here = LEVELS[present.taxonomy, kind][present.code] if isinstance(present, Harm) else HarmLevel.NONE
    levels = sorted((level for level in codes if level is not here), key=lambda level: (abs(level - here), level))
    return [Harm(codes[level], _TAXONOMY) for level in levels]
