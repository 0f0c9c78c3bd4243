"""The typed facts on which thresholds and duties rest: what each takes as value, whom it is about, who must judge it.

A fact that is `presumed` is one that somebody would have said (a data breach, a death in custody, a major incident): while nothing is
said of it, an assessment takes it as not so and says that it did. Some others are taken so only while nothing points to
them (`domain.policy.assessing.knowing`). Every other fact is unknown until it is said.

Never Event types are those of the list of 2018 as last revised in February 2021, in which number 16 (undetected
oesophageal intubation) is suspended. Harms for candour are those of regulation 20(8) and 20(9), which differ by type of
provider; injuries for CQC those of regulation 18. Criteria of the maternity programme are MNSI's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.kernel.harm import Harm, HarmKind
from domain.kernel.words import Code
from domain.policy.fact_codes import (
    BLOOD_TISSUE_AND_FERTILITY_EVENTS,
    CANDOUR_HARMS,
    CORONER_TRIGGERS,
    CQC_INJURIES,
    JOINT_AGENCY_TRIGGERS,
    MATERNITY_CRITERIA,
    MATERNITY_EXCLUSIONS,
    MEDICINE_AND_DEVICE_EVENTS,
    NEVER_EVENT_EXCLUSIONS,
    NEVER_EVENT_TYPES,
    RADIATION_EVENTS,
    RIDDOR_EVENTS,
    SERVICE_THREATS,
)


class FactName(StrEnum):
    """The typed facts that decisions rest on (what each takes as value is in `FACT_TYPES`)."""

    PHYSICAL_HARM = "physical_harm"
    PSYCHOLOGICAL_HARM = "psychological_harm"
    DIED = "died"
    DETAINED = "detained"
    RETURN_TO_THEATRE = "return_to_theatre"
    UNINTENDED_OR_UNEXPECTED = "unintended_or_unexpected"
    NEVER_EVENT_TYPE = "never_event_type"
    NEVER_EVENT_EXCLUSION = "never_event_exclusion"
    CANDOUR_HARM = "candour_harm"
    CANDOUR_HARM_POSSIBLE = "candour_harm_possible"
    """For a health service body: what the incident could result in (regulation 20(8) says "could", 20(9) does not)."""
    SAFEGUARDING_CONCERN = "safeguarding_concern"
    ABUSE_ALLEGED = "abuse_alleged"
    POLICE_INFORMED = "police_informed"
    SERVICE_STOPPED = "service_stopped"
    DATA_BREACH = "data_breach"
    MATERNITY_CRITERION = "maternity_criterion"
    MATERNITY_EXCLUSION = "maternity_exclusion"
    SYSTEMIC_FAILURE = "systemic_failure"
    PUBLIC_CONCERN = "public_concern"
    PLAN_THEME = "plan_theme"
    """Which priority of the provider's own plan the incident belongs to, by the plan's code; `none`: to none."""

    UNEXPECTED_OR_AVOIDABLE = "unexpected_or_avoidable"
    """The death or the injury was unexpected or avoidable (SIF 2015); preventability is no part of PSIRF."""
    SELF_INFLICTED = "self_inflicted"
    MENTAL_HEALTH_HOMICIDE = "mental_health_homicide"
    """A homicide by a person in recent receipt of mental health care."""
    TREATMENT_PREVENTED_WORSE = "treatment_prevented_worse"
    """Further treatment by a health professional was needed to prevent death or serious harm."""
    CHRONIC_PAIN = "chronic_pain"
    """Continuous pain over 12 weeks or past expected healing (the framework of 2015 counts it as serious harm)."""
    PSYCHOLOGICAL_HARM_28_DAYS = "psychological_harm_28_days"
    ABUSE_DURING_CARE = "abuse_during_care"
    CARE_DID_NOT_SAFEGUARD = "care_did_not_safeguard"
    """Abuse happened elsewhere, and healthcare did not act to safeguard."""
    CARE_THREATENED = "care_threatened"
    """It prevents, or threatens to prevent, care of acceptable quality."""
    PROPERTY_DAMAGE = "property_damage"
    SECURITY_BREACH = "security_breach"
    SCREENING_PROGRAMME = "screening_programme"
    UNLAWFUL_RESTRICTION = "unlawful_restriction"
    """The Mental Health Act, Mental Capacity Act or deprivation-of-liberty safeguards were not properly used."""
    MAJOR_INCIDENT = "major_incident"
    """The Major Incident Plan was activated."""

    PROBLEMS_IN_CARE = "problems_in_care"
    """The death is thought more likely than not to be due to problems in care (Learning from Deaths)."""
    LINKED_TO_CARE = "linked_to_care"
    """There is reason to think that the death is linked to problems in care."""
    LACKED_CAPACITY = "lacked_capacity"
    """The Mental Capacity Act 2005 applied."""
    CHILD = "child"
    """Under 18."""
    LEARNING_DISABILITY = "learning_disability"
    AUTISM = "autism"
    IN_CUSTODY = "in_custody"
    """In prison, police custody, immigration detention or probation premises."""
    DOMESTIC_ABUSE = "domestic_abuse"
    NATURAL_COURSE = "natural_course"
    """The death can reasonably be attributed to the natural course with appropriate care."""
    DIED_IN_OR_AFTER_CARE = "died_in_or_after_care"
    """While services were being provided, or as may have resulted from the regulated activity."""
    TOLD_NHS_ENGLAND = "told_nhs_england"
    """It has been reported to NHS England already, through the national system."""
    UNAUTHORISED_ABSENCE = "unauthorised_absence"
    """From a secure psychiatric service under NHS contract."""
    RETURNED_FROM_ABSENCE = "returned_from_absence"
    CQC_INJURY = "cqc_injury"
    DEPRIVATION_OF_LIBERTY_OUTCOME = "deprivation_of_liberty_outcome"
    """A request or application to deprive of liberty has its outcome, or was withdrawn."""
    SERVICE_THREAT = "service_threat"
    ADULT_PSYCHIATRIC_UNIT_48_HOURS = "adult_psychiatric_unit_48_hours"
    """Somebody under 18 has been on an adult psychiatric unit for over 48 continuous hours."""

    CARE_AND_SUPPORT_NEEDS = "care_and_support_needs"
    RISK_OF_ABUSE = "risk_of_abuse"
    UNABLE_TO_PROTECT_SELF = "unable_to_protect_self"
    IMMEDIATE_DANGER = "immediate_danger"
    PRESSURE_ULCER = "pressure_ulcer"
    STAFF_ALLEGATION = "staff_allegation"
    """An allegation against somebody who works with children."""
    JOINT_AGENCY_TRIGGER = "joint_agency_trigger"

    WORK_RELATED = "work_related"
    RIDDOR_EVENT = "riddor_event"
    INJURY_FROM_TREATMENT = "injury_from_treatment"
    """From examination, operation or treatment by or under a doctor or dentist (RIDDOR does not take it)."""

    BREACH_RISK_UNLIKELY = "breach_risk_unlikely"
    BREACH_HIGH_RISK = "breach_high_risk"
    PROCESSOR_BREACH = "processor_breach"

    PERINATAL_DEATH = "perinatal_death"
    """A death that MBRRACE-UK takes."""

    CORONER_TRIGGER = "coroner_trigger"
    PREVENTION_REPORT_RECEIVED = "prevention_report_received"
    """A coroner's report to prevent future deaths was sent to the organisation."""
    CORONER_NOTICE_RECEIVED = "coroner_notice_received"

    MEDICINE_OR_DEVICE_EVENT = "medicine_or_device_event"
    BLOOD_TISSUE_OR_FERTILITY_EVENT = "blood_tissue_or_fertility_event"
    RADIATION_EVENT = "radiation_event"
    CONTROLLED_DRUG = "controlled_drug"


class ValueKind(StrEnum):
    """What a fact takes as its value."""

    BOOLEAN = "boolean"
    HARM = "harm"
    CODE = "code"


FactValue = bool | Code | Harm

FactKey = tuple[FactName, int | None]
"""A fact, and the number of the patient whom it is about where it is about one."""


@dataclass(frozen=True, slots=True)
class FactType:
    """What one fact looks like; `codes` are every code it may take, of whatever provider and day.

    A code fact without `codes` takes any code: its list is in the provider's own plan.
    """

    value: ValueKind
    about_patient: bool = False
    needs_judge: bool = False
    harm: HarmKind | None = None
    codes: tuple[Code, ...] = ()
    presumed: bool = False


_SAID: Final = FactType(ValueKind.BOOLEAN)
_SAID_OF_PATIENT: Final = FactType(ValueKind.BOOLEAN, about_patient=True)
_UNLESS_SAID: Final = FactType(ValueKind.BOOLEAN, presumed=True)
_UNLESS_SAID_OF_PATIENT: Final = FactType(ValueKind.BOOLEAN, about_patient=True, presumed=True)


def _code(*codes: Code, presumed: bool = True, about_patient: bool = False, needs_judge: bool = False) -> FactType:
    return FactType(
        ValueKind.CODE, about_patient=about_patient, needs_judge=needs_judge, codes=codes, presumed=presumed
    )


_CANDOUR_CODES: Final = tuple(dict.fromkeys(code for codes in CANDOUR_HARMS.values() for code in codes))

FACT_TYPES: Final[Mapping[FactName, FactType]] = {
    FactName.PHYSICAL_HARM: FactType(ValueKind.HARM, about_patient=True, harm=HarmKind.PHYSICAL),
    FactName.PSYCHOLOGICAL_HARM: FactType(ValueKind.HARM, about_patient=True, harm=HarmKind.PSYCHOLOGICAL),
    FactName.DIED: _SAID_OF_PATIENT,
    FactName.DETAINED: _SAID_OF_PATIENT,
    FactName.RETURN_TO_THEATRE: _SAID_OF_PATIENT,
    FactName.UNINTENDED_OR_UNEXPECTED: _SAID,
    FactName.NEVER_EVENT_TYPE: _code(*NEVER_EVENT_TYPES),
    FactName.NEVER_EVENT_EXCLUSION: _code(*NEVER_EVENT_EXCLUSIONS),
    FactName.CANDOUR_HARM: _code(*_CANDOUR_CODES, presumed=False, about_patient=True, needs_judge=True),
    FactName.CANDOUR_HARM_POSSIBLE: _code(
        *CANDOUR_HARMS[Code("health_service_body")], about_patient=True, needs_judge=True
    ),
    FactName.SAFEGUARDING_CONCERN: _SAID,
    FactName.ABUSE_ALLEGED: _SAID,
    FactName.POLICE_INFORMED: _UNLESS_SAID,
    FactName.SERVICE_STOPPED: _UNLESS_SAID,
    FactName.DATA_BREACH: _UNLESS_SAID,
    FactName.MATERNITY_CRITERION: _code(*MATERNITY_CRITERIA, about_patient=True),
    FactName.MATERNITY_EXCLUSION: _code(*MATERNITY_EXCLUSIONS, about_patient=True),
    FactName.SYSTEMIC_FAILURE: _SAID,
    FactName.PUBLIC_CONCERN: _UNLESS_SAID,
    FactName.PLAN_THEME: _code(presumed=False),
    FactName.UNEXPECTED_OR_AVOIDABLE: _SAID_OF_PATIENT,
    FactName.SELF_INFLICTED: _UNLESS_SAID_OF_PATIENT,
    FactName.MENTAL_HEALTH_HOMICIDE: _UNLESS_SAID,
    FactName.TREATMENT_PREVENTED_WORSE: _SAID_OF_PATIENT,
    FactName.CHRONIC_PAIN: _UNLESS_SAID_OF_PATIENT,
    FactName.PSYCHOLOGICAL_HARM_28_DAYS: _SAID_OF_PATIENT,
    FactName.ABUSE_DURING_CARE: _SAID,
    FactName.CARE_DID_NOT_SAFEGUARD: _SAID,
    FactName.CARE_THREATENED: _SAID,
    FactName.PROPERTY_DAMAGE: _UNLESS_SAID,
    FactName.SECURITY_BREACH: _UNLESS_SAID,
    FactName.SCREENING_PROGRAMME: _UNLESS_SAID,
    FactName.UNLAWFUL_RESTRICTION: _UNLESS_SAID,
    FactName.MAJOR_INCIDENT: _UNLESS_SAID,
    FactName.PROBLEMS_IN_CARE: _SAID_OF_PATIENT,
    FactName.LINKED_TO_CARE: _SAID_OF_PATIENT,
    FactName.LACKED_CAPACITY: _SAID_OF_PATIENT,
    FactName.CHILD: _SAID_OF_PATIENT,
    FactName.LEARNING_DISABILITY: _SAID_OF_PATIENT,
    FactName.AUTISM: _SAID_OF_PATIENT,
    FactName.IN_CUSTODY: _UNLESS_SAID_OF_PATIENT,
    FactName.DOMESTIC_ABUSE: _UNLESS_SAID_OF_PATIENT,
    FactName.NATURAL_COURSE: _SAID_OF_PATIENT,
    FactName.DIED_IN_OR_AFTER_CARE: _SAID_OF_PATIENT,
    FactName.TOLD_NHS_ENGLAND: _UNLESS_SAID,
    FactName.UNAUTHORISED_ABSENCE: _UNLESS_SAID_OF_PATIENT,
    FactName.RETURNED_FROM_ABSENCE: _UNLESS_SAID_OF_PATIENT,
    FactName.CQC_INJURY: _code(*CQC_INJURIES, presumed=False, about_patient=True, needs_judge=True),
    FactName.DEPRIVATION_OF_LIBERTY_OUTCOME: _UNLESS_SAID_OF_PATIENT,
    FactName.SERVICE_THREAT: _code(*SERVICE_THREATS),
    FactName.ADULT_PSYCHIATRIC_UNIT_48_HOURS: _UNLESS_SAID_OF_PATIENT,
    FactName.CARE_AND_SUPPORT_NEEDS: _SAID_OF_PATIENT,
    FactName.RISK_OF_ABUSE: _SAID_OF_PATIENT,
    FactName.UNABLE_TO_PROTECT_SELF: _SAID_OF_PATIENT,
    FactName.IMMEDIATE_DANGER: _UNLESS_SAID,
    FactName.PRESSURE_ULCER: _UNLESS_SAID_OF_PATIENT,
    FactName.STAFF_ALLEGATION: _UNLESS_SAID,
    FactName.JOINT_AGENCY_TRIGGER: _code(*JOINT_AGENCY_TRIGGERS, about_patient=True),
    FactName.WORK_RELATED: _SAID,
    FactName.RIDDOR_EVENT: _code(*RIDDOR_EVENTS),
    FactName.INJURY_FROM_TREATMENT: _UNLESS_SAID,
    FactName.BREACH_RISK_UNLIKELY: _UNLESS_SAID,
    FactName.BREACH_HIGH_RISK: _UNLESS_SAID,
    FactName.PROCESSOR_BREACH: _UNLESS_SAID,
    FactName.PERINATAL_DEATH: _UNLESS_SAID_OF_PATIENT,
    FactName.CORONER_TRIGGER: _code(*CORONER_TRIGGERS, presumed=False, about_patient=True),
    FactName.PREVENTION_REPORT_RECEIVED: _UNLESS_SAID,
    FactName.CORONER_NOTICE_RECEIVED: _UNLESS_SAID,
    FactName.MEDICINE_OR_DEVICE_EVENT: _code(*MEDICINE_AND_DEVICE_EVENTS),
    FactName.BLOOD_TISSUE_OR_FERTILITY_EVENT: _code(*BLOOD_TISSUE_AND_FERTILITY_EVENTS),
    FactName.RADIATION_EVENT: _code(*RADIATION_EVENTS),
    FactName.CONTROLLED_DRUG: _UNLESS_SAID,
}
