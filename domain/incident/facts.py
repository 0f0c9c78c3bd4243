"""Whether a typed fact fits: its value, the patient whom it is about, and the professional who must have judged it."""

from datetime import date
from typing import ClassVar, Final

from domain.incident.words import AddedFact
from domain.kernel.harm import Harm, HarmKind, HarmUnknownError, level_of
from domain.kernel.refusal import Refusal
from domain.kernel.words import Code
from domain.policy.fact_codes import CANDOUR_HARMS, NEVER_EVENTS_2018_FROM
from domain.policy.facts import FACT_TYPES, FactName, FactType, FactValue, ValueKind

_HEALTH_SERVICE_BODY: Final = Code("health_service_body")


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
    """
    if fact.value is None:
        return
    shape = FACT_TYPES[fact.name]
    reason = _why_invalid(fact.value, shape) or _why_not_here(fact, provider_type, occurred_on)
    if reason is not None:
        raise FactValueInvalid(reason, pointers=(f"{pointer}/value",))


def check_judge(fact: AddedFact, pointer: str) -> None:
    """Let a fact pass that somebody judged, where a professional must; taking a fact back always passes.

    Raises:
        JudgeMissing: nobody judged it, and somebody must.
    """
    if fact.value is not None and FACT_TYPES[fact.name].needs_judge and fact.judge is None:
        raise JudgeMissing(f"Who judged {fact.name}, and when, must be named.", pointers=(f"{pointer}/judged_by",))


def _why_invalid(value: FactValue, shape: FactType) -> str | None:
    match shape.value:
        case ValueKind.BOOLEAN:
            return None if isinstance(value, bool) else "The fact is true or false."
        case ValueKind.CODE:
            return _why_no_code(value, shape.codes)
        case ValueKind.HARM:
            return _why_no_harm(value, shape.harm)


def _why_no_code(value: FactValue, codes: tuple[Code, ...]) -> str | None:
    if not codes:
        return None if isinstance(value, str) else "The fact is a code of the provider's own plan."
    return None if value in codes else f"The code is one of {', '.join(codes)}."


def _why_not_here(fact: AddedFact, provider_type: Code, occurred_on: date) -> str | None:
    """Why a value that the fact can take cannot be taken for this type of provider, or on this day."""
    match fact.name:
        case FactName.CANDOUR_HARM if fact.value not in CANDOUR_HARMS.get(provider_type, ()):
            return f"Regulation 20 does not name it for a provider of type {provider_type}."
        case FactName.CANDOUR_HARM_POSSIBLE if provider_type != _HEALTH_SERVICE_BODY:
            return "Only regulation 20(8), for a health service body, counts what could have resulted."
        case FactName.NEVER_EVENT_TYPE if fact.value != "none" and occurred_on < NEVER_EVENTS_2018_FROM:
            return f"The list of 2018 is in force from {NEVER_EVENTS_2018_FROM}."
    return None


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
