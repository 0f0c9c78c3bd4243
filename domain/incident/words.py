"""The words of an incident's facts: record types, places and times, who judged a fact, and whom it is told to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.kernel.personal import Narrative, Personal
from domain.kernel.words import Label
from domain.policy.facts import FactName, FactValue


class RecordType(StrEnum):
    """What is reported. Risks and good care are registered and open no duty of candour."""

    INCIDENT = "incident"
    RISK = "risk"
    OUTCOME = "outcome"
    GOOD_CARE = "good_care"


class Precision(StrEnum):
    """How exactly it is known when an incident occurred."""

    INSTANT = "instant"
    DAY = "day"
    SPAN = "span"


@dataclass(frozen=True, slots=True)
class Occurred:
    """When the incident itself occurred: at some time from `earliest` to `latest`, both included, in UTC."""

    earliest: datetime
    latest: datetime
    precision: Precision


@dataclass(frozen=True, slots=True)
class Location:
    """Where it occurred, in the organisation's own names; `place` may name anyone and is sealed."""

    site: Label | None
    division: Label | None
    specialty: Label | None
    place: Narrative | None


@dataclass(frozen=True, slots=True)
class Judge:
    """Who judged a fact that needs a professional's reasonable opinion: name, profession and when."""

    name: Personal
    profession: Label
    judged_at: datetime


@dataclass(frozen=True, slots=True)
class AddedFact:
    """One typed fact as known now; `patient` is the patient's number where the fact is about one patient.

    `value` None takes the fact back: it is not known after all.
    """

    name: FactName
    patient: int | None
    value: FactValue | None
    judge: Judge | None


class PersonKind(StrEnum):
    """Who somebody is to an incident."""

    PATIENT = "patient"
    STAFF = "staff"
    WITNESS = "witness"


class Assignment(StrEnum):
    """What somebody is asked to do for an incident."""

    HANDLER = "handler"
    LEARNING_RESPONSE_LEAD = "learning_response_lead"
    ENGAGEMENT_LEAD = "engagement_lead"


class PausingBody(StrEnum):
    """Who may ask that a clock be stopped (SIF-09, PSIRF-08)."""

    POLICE = "police"
    CORONER = "coroner"
    HSE = "hse"
    COURT = "court"


class SetAside(StrEnum):
    """Why a duty does not apply after all."""

    NOT_APPLICABLE = "not_applicable"
    """A person recorded that it does not apply, with the reason."""
    DECISION_CHANGED = "decision_changed"
    """The decision that it followed from was changed."""
    FACTS_CHANGED = "facts_changed"
    """The facts that it followed from were corrected, or taken back."""
    OWED_TO_NAMED_PERSONS = "owed_to_named_persons"
    """It was owed to persons not yet identified, and is now owed to each of them."""


class HoldAuthority(StrEnum):
    """Who needs the record of a case kept, whatever its retention time or anybody's wish."""

    CORONER = "coroner"
    POLICE = "police"
    COURT = "court"
    PUBLIC_INQUIRY = "public_inquiry"
    CLAIM = "claim"
    """A claim for compensation was made, or is to be expected."""
    HSE = "hse"
    CQC = "cqc"
    HEALTH_OMBUDSMAN = "health_ombudsman"
    PROFESSIONAL_REGULATOR = "professional_regulator"
    ICO = "ico"
    PROVIDER = "provider"
    """The provider itself decided so."""
    OTHER = "other"


class Ending(StrEnum):
    """How a case ends."""

    RESPONSE_COMPLETE = "response_complete"
    NO_RESPONSE = "no_response"


class Recipient(StrEnum):
    """Which kind of body outside is told of an incident."""

    COMMISSIONER = "commissioner"
    RELEVANT_BODIES = "relevant_bodies"
    """All bodies that the case concerns, told in one step (SIF-01a)."""
    NHS_ENGLAND = "nhs_england"
    CQC = "cqc"
    POLICE = "police"
    CORONER = "coroner"
    MEDICAL_EXAMINER = "medical_examiner"
    HSE = "hse"
    ICO = "ico"
    LOCAL_AUTHORITY = "local_authority"
    SAFEGUARDING_ADULTS = "safeguarding_adults"
    SAFEGUARDING_CHILDREN = "safeguarding_children"
    CHILD_DEATH_REVIEW = "child_death_review"
    LEDER = "leder"
    MHRA = "mhra"
    MNSI = "mnsi"
    MBRRACE = "mbrrace"
    NHS_RESOLUTION = "nhs_resolution"
    HSSIB = "hssib"
    HTA = "hta"
    HFEA = "hfea"
    CONTROLLED_DRUGS_OFFICER = "controlled_drugs_officer"
    HEALTH_OMBUDSMAN = "health_ombudsman"
    PROFESSIONAL_REGULATOR = "professional_regulator"
    OTHER_PROVIDER = "other_provider"
    MANUFACTURER = "manufacturer"
    OTHER = "other"
    CORONER_ON_PREVENTION = "coroner_on_prevention"
    """The coroner, in answer to a report to prevent future deaths: what was told of the death itself is no answer."""
    CORONER_ON_NOTICE = "coroner_on_notice"
    """The coroner, in answer to a notice to give evidence or documents."""
    IRMER_AUTHORITY = "irmer_authority"
    """The authority that enforces IR(ME)R (in England CQC), told apart from CQC as the body that registers."""
    AMBULANCE_SERVICE = "ambulance_service"
    LADO = "lado"
    """The local authority's designated officer for allegations against people who work with children."""
    DATA_SUBJECTS = "data_subjects"
    """The people whose personal data a breach concerns."""
    DATA_CONTROLLER = "data_controller"
    """For whom the provider processes the data."""
    CQC_ON_RETURN = "cqc_on_return"
    """CQC, of the return from an unauthorised absence: what was told of the absence is no notice of it."""


class NotificationChannel(StrEnum):
    """How a body outside is told; the systems among them carry the notice, and the record in them is a submission."""

    TELEPHONE = "telephone"
    EMAIL = "email"
    LETTER = "letter"
    IN_PERSON = "in_person"
    VIDEO = "video"
    SECURE_MESSAGE = "secure_message"
    PORTAL = "portal"
    STEIS = "steis"
    LFPSE = "lfpse"
    OTHER = "other"


class ExternalSystem(StrEnum):
    """Which national or regional system a record is sent to."""

    LFPSE = "lfpse"
    STEIS = "steis"
    NRLS = "nrls"
    MNSI = "mnsi"
    MBRRACE = "mbrrace"
    PMRT = "pmrt"
    NCMD = "ncmd"
    LEDER = "leder"
    SABRE = "sabre"
    YELLOW_CARD = "yellow_card"
    DSPT = "dspt"
    CQC_PORTAL = "cqc_portal"
    RIDDOR = "riddor"
    OTHER = "other"
    PMRT_REPORT = "pmrt_report"
    """The report that a review in the perinatal mortality review tool ends with, published in it."""
    IRMER_REPORT = "irmer_report"
    """The report of the detailed investigation under IR(ME)R, sent to the authority that enforces it."""


class SubmissionStatus(StrEnum):
    """How far a record has come in the system that it was sent to."""

    DRAFTED = "drafted"
    SENT = "sent"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
