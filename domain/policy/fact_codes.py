"""The closed lists of codes that some facts take; `none` in a list says that none of it is so."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from domain.kernel.words import Code


def _codes(*words: str) -> tuple[Code, ...]:
    return tuple(map(Code, words))


NEVER_EVENTS_2018_FROM: Final = date(2018, 2, 1)
"""From when the list of 2018 has been in force; earlier incidents belong to a list that is not held here."""

NEVER_EVENT_TYPES: Final = _codes(*(f"never-events-2018:{number}" for number in range(1, 17)), "none")

NEVER_EVENT_EXCLUSIONS: Final = _codes(
    "none",
    "wrong_tooth_extraction",
    "wrong_level_spinal_surgery",
    "unknown_anatomical_abnormality",
    "incorrect_report_or_referral",
    "contraceptive_implant_in_wrong_arm",
    "deliberate_clinical_change",
    "implant_later_found_suboptimal",
    "wrong_measurement_before_procedure",
    "inserted_before_and_not_counted",
    "intentionally_retained",
    "known_missing_and_retrieval_more_harmful",
    "weaker_potassium_solution",
    "epidural_limb_under_transition",
    "electronic_prescribing_condition",
    "cancer_treatment",
    "high_strength_appropriate_area",
    "not_a_mental_health_inpatient_setting",
    "patient_disabled_restrictor_or_broke_window",
    "dimensions_meet_guidance",
    "deliberate_and_managed_abo_incompatible",
    "misplacement_detected_before_use",
    "water_for_other_uses",
    "air_cylinder_connection",
    "capnography_acted_on",
)
"""What takes an incident out of an item of the list; which code belongs to which item, the edition says."""

_SHARED_HARMS: Final = _codes("none", "death", "prolonged_psychological_harm")
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

MATERNITY_CRITERIA: Final = _codes(
    "intrapartum_stillbirth", "early_neonatal_death", "severe_brain_injury", "maternal_death", "none"
)
MATERNITY_EXCLUSIONS: Final = _codes("none", "congenital_cause", "no_labour", "not_term")

CQC_INJURIES: Final = _codes(
    "none",
    "lasting_impairment",
    "changed_body_structure",
    "prolonged_pain",
    "prolonged_psychological_harm",
    "shortened_life_expectancy",
    "treatment_to_prevent_death_or_injury",
)
SERVICE_THREATS: Final = _codes(
    "none",
    "insufficient_staff",
    "utilities_interrupted_24_hours",
    "damage_to_premises",
    "fire_alarm_or_safety_device",
)

JOINT_AGENCY_TRIGGERS: Final = _codes(
    "none",
    "external_cause",
    "sudden_without_apparent_cause",
    "in_custody_or_detained",
    "suspicion_not_natural",
    "unattended_stillbirth",
)

RIDDOR_EVENTS: Final = _codes(
    "none",
    "death",
    "specified_injury",
    "non_worker_taken_to_hospital",
    "specified_injury_at_hospital",
    "dangerous_occurrence",
    "over_seven_day_incapacitation",
    "over_three_day_incapacitation",
    "occupational_disease",
    "biological_agent",
    "late_death_of_employee",
)

CORONER_TRIGGERS: Final = _codes(
    "none",
    "poisoning",
    "violence_trauma_or_injury",
    "self_harm",
    "neglect",
    "medical_procedure_or_treatment",
    "employment_disease",
    "unnatural",
    "unknown_cause",
    "state_detention",
    "no_attending_practitioner",
)

MEDICINE_AND_DEVICE_EVENTS: Final = _codes(
    "none", "adverse_drug_reaction", "device_incident", "defective_or_falsified_medicine"
)
BLOOD_TISSUE_AND_FERTILITY_EVENTS: Final = _codes(
    "none", "serious_blood_event", "serious_tissue_or_organ_event", "fertility_event"
)
RADIATION_EVENTS: Final = _codes(
    "none", "significant_exposure_of_patient", "overexposure_of_worker_or_public", "equipment_fault_before_use"
)
