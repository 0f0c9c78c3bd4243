"""The plain words in which rules and criteria say when they apply: no expression language that could surprise.

| word | it holds when |
|---|---|
| `died`, `coroner_trigger` | the yes-or-no fact is so; the fact that takes codes has any code but `none` |
| `never_event_type:never-events-2018:1` | the fact has this code |
| `physical_harm:at_least:moderate` | the harm is at least so bad; `harm:at_least:...` takes the worse of the two scales |
| `record:incident`, `provider:health_service_body`, `regime:psirf-2022` | the case is of this kind |
| `involves:patient` | a patient was involved, or nobody knows yet that none was |
| `never_event:met` | the question has this answer |
| `criterion:CQC-18e` | a decision that something is met names this criterion |
| `response:psii` | a learning response of this method was commissioned |

Words about a patient hold together only for one and the same patient.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from domain.kernel.harm import Harm, HarmLevel, level_of
from domain.kernel.words import Code
from domain.policy.facts import FACT_TYPES, FactKey, FactName, FactValue, ValueKind
from domain.policy.questions import Outcome, Question

AT_LEAST: Final = ":at_least:"
WORSE_HARM: Final = "harm"
NOTHING: Final = Code("none")
"""The code by which a fact says that nothing of its list is so."""

INVOLVES_PATIENT: Final = Code("involves:patient")
PUBLIC_CONCERN: Final = Code("public-concern")
"""An older spelling of the fact `public_concern`, which released editions use."""

_OF_THE_CASE: Final = ("record:", "provider:", "regime:", "response:", "criterion:")
_LEVELS: Final = {level.name.lower(): level for level in HarmLevel if level is not HarmLevel.NONE}
_HARMS: Final = (FactName.PHYSICAL_HARM, FactName.PSYCHOLOGICAL_HARM)
_QUESTIONS: Final = {question.value for question in Question}
_OUTCOMES: Final = {outcome.value for outcome in Outcome}


@dataclass(frozen=True, slots=True)
class FactCondition:
    """A word about a fact: it is so (`code` and `level` None: yes, or any code but `none`), has a code, or a harm so bad.

    `facts` are those that it looks at: both harms where it takes the worse.
    """

    facts: tuple[FactName, ...]
    code: Code | None = None
    level: HarmLevel | None = None

    @property
    def about_patient(self) -> bool:
        """Whether the word is about one patient."""
        return FACT_TYPES[self.facts[0]].about_patient


class UnknownConditionError(ValueError):
    """The word is not one that a rule can use; the message says why."""


@lru_cache(maxsize=4096)
def fact_condition(word: Code) -> FactCondition | None:
    """What a word says of a fact; None where it is about the case or a question.

    Raises:
        UnknownConditionError: it is none of the words of this module.
    """
    if word in (INVOLVES_PATIENT, PUBLIC_CONCERN) or word.startswith(_OF_THE_CASE):
        return FactCondition((FactName.PUBLIC_CONCERN,)) if word == PUBLIC_CONCERN else None
    head, separator, tail = word.partition(AT_LEAST)
    if separator:
        return _harm_condition(word, head, tail)
    name, _, rest = word.partition(":")
    if name in _QUESTIONS and rest:
        if rest not in _OUTCOMES:
            raise UnknownConditionError(f"{word}: a question is {', '.join(sorted(_OUTCOMES))}")
        return None
    return _said_condition(word, name, rest)


def _harm_condition(word: Code, head: str, tail: str) -> FactCondition:
    if tail not in _LEVELS:
        raise UnknownConditionError(f"{word}: a harm is at least {', '.join(_LEVELS)}")
    if head == WORSE_HARM:
        return FactCondition(_HARMS, level=_LEVELS[tail])
    if head not in {name.value for name in _HARMS}:
        raise UnknownConditionError(f"{word}: only harms are compared")
    return FactCondition((FactName(head),), level=_LEVELS[tail])


def _said_condition(word: Code, name: str, code: str) -> FactCondition:
    try:
        fact = FactName(name)
    except ValueError:
        raise UnknownConditionError(f"{word}: there is no such fact, question or circumstance") from None
    shape = FACT_TYPES[fact]
    match shape.value:
        case ValueKind.BOOLEAN | ValueKind.CODE if not code:
            return FactCondition((fact,))
        case ValueKind.CODE if code and (not shape.codes or Code(code) in shape.codes):
            return FactCondition((fact,), code=Code(code))
    raise UnknownConditionError(f"{word}: that is not a value of {fact}")


def is_about_patient(word: Code) -> bool:
    """Whether a word is about one patient.

    Raises:
        UnknownConditionError: it is none of the words of this module.
    """
    condition = fact_condition(word)
    return condition is not None and condition.about_patient


def question_condition(word: Code) -> tuple[Question, Outcome] | None:
    """Which answer to which question a word asks for; None where it is about something else."""
    name, _, rest = word.partition(":")
    return (Question(name), Outcome(rest)) if name in _QUESTIONS and rest in _OUTCOMES else None


def is_so(condition: FactCondition, values: Iterable[FactValue]) -> bool:
    """Whether known values (of the facts of the condition, at least one) make it hold."""
    if condition.level is not None:
        return any(_level(fact, value) >= condition.level for fact, value in zip(condition.facts, values, strict=False))
    (value,) = values
    if condition.code is None:
        return value is True or (isinstance(value, str) and value != NOTHING)
    return value == condition.code


def _level(fact: FactName, value: FactValue) -> HarmLevel:
    kind = FACT_TYPES[fact].harm
    assert isinstance(value, Harm)
    assert kind is not None
    return level_of(value, kind)


def words_said(facts: Mapping[FactKey, FactValue], patient: int | None) -> frozenset[Code]:
    """Every word that holds by what is known of the incident as a whole and of one patient (None: of none)."""
    words: set[str] = set()
    worst = HarmLevel.NONE
    for (name, about), value in facts.items():
        if about not in (None, patient):
            continue
        match value:
            case True:
                words.add(name.value)
            case Harm():
                level = _level(name, value)
                worst = max(worst, level)
                words.update(_at_least(name.value, level))
            case str() if value != NOTHING:
                words.update((name.value, f"{name}:{value}"))
    words.update(_at_least(WORSE_HARM, worst))
    if worst is HarmLevel.FATAL and facts.get((FactName.DIED, patient)) is not False:
        words.add(FactName.DIED.value)
    if FactName.PUBLIC_CONCERN.value in words:
        words.add(PUBLIC_CONCERN)
    return frozenset(map(Code, words))


def _at_least(name: str, known: HarmLevel) -> set[str]:
    return {f"{name}{AT_LEAST}{word}" for word, level in _LEVELS.items() if level <= known}
