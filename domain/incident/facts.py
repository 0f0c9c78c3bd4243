"""The typed facts: what each takes as value, whether it is about one patient, and whether a professional must judge it.

Never Event types are those of the list of 2018 as last revised in February 2021, in which number 16 (undetected
oesophageal intubation) is suspended. Harms for candour are those of regulation 20(8) and 20(9), which differ by type of
provider. Criteria of the maternity programme are MNSI's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final

from domain.incident.words import AddedFact, FactName, FactValue
from domain.kernel.harm import Harm, HarmKind, HarmUnknownError, level_of
from domain.kernel.refusal import Refusal
from domain.kernel.words import Code


class ValueKind(StrEnum):
    """What a fact takes as its value."""

    BOOLEAN = "boolean"
    HARM = "harm"
    CODE = "code"


NEVER_EVENTS_2018_FROM: Final = date(2018, 2, 1)
"""From when the list of 2018 has been in force; earlier incidents belong to a list that is not held here."""

NEVER_EVENT_TYPES: Final = tuple(Code(f"never-events-2018:{number}") for number in range(1, 16))

_SHARED_HARMS: Final = (Code("none"), Code("death"), Code("prolonged_psychological_harm"))
CANDOUR_HARMS: Final[Mapping[Code, tuple[Code, ...]]] = {
    Code("health_service_body"): (*_SHARED_HARMS, Code("severe_harm"), Code("moderate_harm")),
    Code("other_registered_person"): (
        *_SHARED_HARMS,
        Code("impairment_28_days"),
        Code("changed_body_structure"),
        Code("prolonged_pain"),
        Code("shortened_life_expectancy"),
        Code("treatment_to_prevent_death_or_injury"),
    ),
}
"""Which harms regulation 20 knows, by type of provider; `none`: no harm that it names."""

MATERNITY_CRITERIA: Final = tuple(
    map(Code, ("intrapartum_stillbirth", "early_neonatal_death", "severe_brain_injury", "maternal_death"))
)


@dataclass(frozen=True, slots=True)
class FactType:
    """What one fact looks like; `codes` are every code it may take, of whatever provider and day."""

    value: ValueKind
    about_patient: bool = False
    needs_judge: bool = False
    harm: HarmKind | None = None
    codes: tuple[Code, ...] = ()


_YES_OR_NO: Final = FactType(ValueKind.BOOLEAN)
_ABOUT_PATIENT: Final = FactType(ValueKind.BOOLEAN, about_patient=True)

FACT_TYPES: Final[Mapping[FactName, FactType]] = {
    FactName.PHYSICAL_HARM: FactType(ValueKind.HARM, about_patient=True, harm=HarmKind.PHYSICAL),
    FactName.PSYCHOLOGICAL_HARM: FactType(ValueKind.HARM, about_patient=True, harm=HarmKind.PSYCHOLOGICAL),
    FactName.DIED: _ABOUT_PATIENT,
    FactName.DETAINED: _ABOUT_PATIENT,
    FactName.RETURN_TO_THEATRE: _ABOUT_PATIENT,
    FactName.UNINTENDED_OR_UNEXPECTED: _YES_OR_NO,
    FactName.NEVER_EVENT_TYPE: FactType(ValueKind.CODE, codes=NEVER_EVENT_TYPES),
    FactName.CANDOUR_HARM: FactType(
        ValueKind.CODE,
        about_patient=True,
        needs_judge=True,
        codes=tuple(dict.fromkeys(code for codes in CANDOUR_HARMS.values() for code in codes)),
    ),
    FactName.SAFEGUARDING_CONCERN: _YES_OR_NO,
    FactName.ABUSE_ALLEGED: _YES_OR_NO,
    FactName.POLICE_INFORMED: _YES_OR_NO,
    FactName.SERVICE_STOPPED: _YES_OR_NO,
    FactName.DATA_BREACH: _YES_OR_NO,
    FactName.MATERNITY_CRITERION: FactType(ValueKind.CODE, about_patient=True, codes=MATERNITY_CRITERIA),
    FactName.SYSTEMIC_FAILURE: _YES_OR_NO,
    FactName.PUBLIC_CONCERN: _YES_OR_NO,
}


class FactValueInvalid(Refusal):
    """The value is not one that the fact can take."""

    code: ClassVar[str] = "incident.fact-value-invalid"


class FactPatientInvalid(Refusal):
    """The fact must name the number of a patient of the incident, or must name none."""

    code: ClassVar[str] = "incident.fact-patient-invalid"


class JudgeMissing(Refusal):
    """The fact needs the reasonable opinion of a health care professional, who must be named."""

    code: ClassVar[str] = "incident.judge-missing"


def check_value(fact: AddedFact, pointer: str, *, provider_type: Code, occurred_on: date) -> None:
    """Let only a value pass that the fact can take for this provider and day; taking a fact back always passes.

    Raises:
        FactValueInvalid: it is of another kind, not in the list, or the list was not in force.
        JudgeMissing: nobody judged it, and somebody must.
    """
    if fact.value is None:
        return
    shape = FACT_TYPES[fact.name]
    reason = _why_invalid(fact.value, shape)
    if reason is None and fact.name is FactName.CANDOUR_HARM and fact.value not in CANDOUR_HARMS.get(provider_type, ()):
        reason = f"Regulation 20 does not name it for a provider of type {provider_type}."
    if reason is None and fact.name is FactName.NEVER_EVENT_TYPE and occurred_on < NEVER_EVENTS_2018_FROM:
        reason = f"The list of 2018 is in force from {NEVER_EVENTS_2018_FROM}."
    if reason is not None:
        raise FactValueInvalid(reason, pointers=(f"{pointer}/value",))
    if shape.needs_judge and fact.judge is None:
        raise JudgeMissing(f"{fact.name} needs a judge.", pointers=(f"{pointer}/judge",))


def _why_invalid(value: FactValue, shape: FactType) -> str | None:
    match shape.value:
        case ValueKind.BOOLEAN:
            return None if isinstance(value, bool) else "The fact is true or false."
        case ValueKind.CODE:
            return None if value in shape.codes else f"The code is one of {', '.join(shape.codes)}."
        case ValueKind.HARM:
            return _why_no_harm(value, shape.harm)


def _why_no_harm(value: FactValue, kind: HarmKind | None) -> str | None:
    if not isinstance(value, Harm) or kind is None:
        return "Harm is a code with the list that it comes from."
    try:
        level_of(value, kind)
    except HarmUnknownError as error:
        return f"{error}."
    return None


def check_patient(fact: AddedFact, pointer: str, patients: frozenset[int] | None) -> None:
    """Let a fact pass that names a patient exactly where it is about one; any number while the patients are not known.

    Raises:
        FactPatientInvalid: it names nobody, somebody unknown, or somebody where it is about the incident as a whole.
    """
    is_about_patient = FACT_TYPES[fact.name].about_patient
    if not is_about_patient and fact.patient is None:
        return
    if is_about_patient and fact.patient is not None and _is_patient(fact.patient, patients):
        return
    reason = "is about one patient of the incident" if is_about_patient else "is about the incident as a whole"
    raise FactPatientInvalid(f"{fact.name} {reason}.", pointers=(f"{pointer}/patient",))


def _is_patient(number: int, patients: frozenset[int] | None) -> bool:
    return number >= 1 if patients is None else number in patients
