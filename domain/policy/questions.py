"""The questions that a threshold decision answers, and the answers."""

from enum import StrEnum


class Question(StrEnum):
    """The questions that a threshold decision answers."""

    SERIOUS_INCIDENT = "serious_incident"
    NEVER_EVENT = "never_event"
    NATIONAL_RESPONSE = "national_response"
    PLAN_PRIORITY = "plan_priority"
    NOTIFIABLE_SAFETY_INCIDENT = "notifiable_safety_incident"
    CQC_NOTIFICATION = "cqc_notification"
    SAFEGUARDING = "safeguarding"
    MNSI = "mnsi"
    SYSTEMIC_FAILURE = "systemic_failure"


class Outcome(StrEnum):
    """The answer to a threshold question. "Not met" and "unclear" are answers, not gaps."""

    MET = "met"
    NOT_MET = "not_met"
    UNCLEAR = "unclear"
