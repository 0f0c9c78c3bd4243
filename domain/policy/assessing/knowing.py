"""What is known of an incident when thresholds are assessed, and what may be concluded where nothing was said.

Three things follow without being said, and an assessment says that it presumed them: a fact that somebody would have
said is not so (`FactType.presumed`); harm on one scale is none where it is known on the other; and a patient whose
physical harm is known and not fatal has not died. A fatal harm says that the patient died, and abuse during care, or
that healthcare did not act on it, says that abuse was found or is alleged.

Four facts are presumed not so only while nothing points to them (`POINTS_TO`): where something does, a careful panel
would ask, and so does an assessment.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.kernel.harm import Harm, HarmKind, HarmLevel, level_of
from domain.kernel.words import Code
from domain.policy.conditions import INVOLVES_PATIENT, NOTHING
from domain.policy.facts import FACT_TYPES, FactKey, FactName, FactValue, ValueKind

NO_HARM: Final[Mapping[FactName, Harm]] = {
    FactName.PHYSICAL_HARM: Harm(Code("5"), Code("lfpse-5")),
    FactName.PSYCHOLOGICAL_HARM: Harm(Code("4"), Code("lfpse-5")),
}

RESTS_ON: Final[Mapping[FactName, tuple[FactName, ...]]] = {
    FactName.DIED: (FactName.PHYSICAL_HARM,),
    FactName.PHYSICAL_HARM: (FactName.PSYCHOLOGICAL_HARM,),
    FactName.PSYCHOLOGICAL_HARM: (FactName.PHYSICAL_HARM,),
    FactName.ABUSE_ALLEGED: (
        FactName.ABUSE_DURING_CARE,
        FactName.CARE_DID_NOT_SAFEGUARD,
        FactName.SAFEGUARDING_CONCERN,
    ),
    FactName.CARE_THREATENED: (
        FactName.DATA_BREACH,
        FactName.PROPERTY_DAMAGE,
        FactName.SECURITY_BREACH,
        FactName.SCREENING_PROGRAMME,
        FactName.UNLAWFUL_RESTRICTION,
        FactName.SYSTEMIC_FAILURE,
    ),
    FactName.TREATMENT_PREVENTED_WORSE: (FactName.PHYSICAL_HARM,),
    FactName.PSYCHOLOGICAL_HARM_28_DAYS: (FactName.PSYCHOLOGICAL_HARM,),
}
"""From which other facts a fact may follow, or may be in question, where nothing is said of it."""

POINTS_TO: Final[Mapping[FactName, HarmLevel | None]] = {
    FactName.ABUSE_ALLEGED: None,
    FactName.CARE_THREATENED: None,
    FactName.TREATMENT_PREVENTED_WORSE: HarmLevel.MODERATE,
    FactName.PSYCHOLOGICAL_HARM_28_DAYS: HarmLevel.MODERATE,
}
"""Facts that are in question where one of those that they rest on is so, or is a harm of this very level (a worse one is
serious by itself), and are presumed not so otherwise."""

_SAY_ABUSE: Final = (FactName.ABUSE_DURING_CARE, FactName.CARE_DID_NOT_SAFEGUARD)


@dataclass(frozen=True, slots=True)
class Value:
    """What is known of one fact; `value` None: nothing. `presumed`: nobody said it; `by`: another fact says it."""

    value: FactValue | None
    presumed: bool = False
    by: FactName | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What an assessment starts from. `day` is the day of the incident; `patients` None: not known whether anyone was involved."""

    day: date
    regime: Code
    record_type: Code
    provider_type: Code
    patients: frozenset[int] | None
    facts: Mapping[FactKey, FactValue]

    def words(self) -> frozenset[Code]:
        """The words that hold of the case as a whole."""
        words = {f"record:{self.record_type}", f"regime:{self.regime}", f"provider:{self.provider_type}"}
        if self.patients is None or self.patients:
            words.add(INVOLVES_PATIENT)
        return frozenset(map(Code, words))

    def patients_to_ask(self) -> tuple[int | None, ...]:
        """Whom a criterion about a patient is asked of: each patient; (None,) while nobody is known; nobody if none was."""
        if self.patients is not None:
            return tuple(sorted(self.patients))
        named = sorted({patient for _, patient in self.facts if patient is not None})
        return tuple(named) or (None,)

    def value(self, name: FactName, patient: int | None) -> Value:
        """What is known of a fact, or may be concluded."""
        shape = FACT_TYPES[name]
        about = patient if shape.about_patient else None
        said = self.facts.get((name, about))
        if said is not None:
            return Value(said)
        if name in POINTS_TO:
            return self._in_question(name, about)
        if name in RESTS_ON:
            return self._concluded(name, about)
        if not shape.presumed:
            return Value(None)
        return Value(NOTHING if shape.value is ValueKind.CODE else False, presumed=True)

    def _in_question(self, name: FactName, patient: int | None) -> Value:
        others = {other: self.facts.get((other, patient)) for other in RESTS_ON[name]}
        if name is FactName.ABUSE_ALLEGED:
            saying = [other for other in _SAY_ABUSE if others[other] is True]
            if saying:
                return Value(value=True, by=saying[0])
        if any(_points(other, value, POINTS_TO[name]) for other, value in others.items()):
            return Value(None)
        return Value(value=False, presumed=True)

    def _concluded(self, name: FactName, patient: int | None) -> Value:
        other = self.facts.get((RESTS_ON[name][0], patient))
        if not isinstance(other, Harm):
            return Value(None)
        if name is not FactName.DIED:
            return Value(NO_HARM[name], presumed=True)
        is_fatal = level_of(other, HarmKind.PHYSICAL) is HarmLevel.FATAL
        return Value(is_fatal, presumed=not is_fatal, by=FactName.PHYSICAL_HARM if is_fatal else None)


def _points(fact: FactName, value: FactValue | None, level: HarmLevel | None) -> bool:
    kind = FACT_TYPES[fact].harm
    if isinstance(value, Harm) and kind is not None:
        return level_of(value, kind) is level
    return value is True
