"""Stored names of the facts about incidents and their duties: chosen by hand, frozen once released."""

from typing import Final

from domain.catalogue.stored import Stored
from domain.incident.duty_events import DutyExtended, DutyOpened, DutyPaused, DutyRedated, DutyResumed, DutySetAside
from domain.incident.events import (
    FactsAdded,
    IncidentAssigned,
    IncidentClosed,
    IncidentEnteredInError,
    IncidentNotified,
    IncidentReopened,
    IncidentReported,
    InitiallyReviewed,
    LegalHoldPlaced,
    LegalHoldReleased,
    PersonAdded,
    RedecisionPrompted,
    SafetySecured,
    SubmittedExternally,
    ThresholdAssessed,
    ThresholdDecided,
)

STORED: Final = (
    Stored("incident.reported.v1", IncidentReported),
    Stored("incident.facts_added.v1", FactsAdded),
    Stored("incident.person_added.v1", PersonAdded, subject="person"),
    Stored("incident.assigned.v1", IncidentAssigned, subject="person"),
    Stored("incident.threshold_decided.v1", ThresholdDecided, subject="decision"),
    Stored("incident.threshold_assessed.v1", ThresholdAssessed),
    Stored("incident.redecision_prompted.v1", RedecisionPrompted, subject="decision"),
    Stored("incident.safety_secured.v1", SafetySecured, subject="step"),
    Stored("incident.initially_reviewed.v1", InitiallyReviewed, subject="review"),
    Stored("incident.notified.v1", IncidentNotified, subject="notification"),
    Stored("incident.submitted_externally.v1", SubmittedExternally, subject="submission"),
    Stored("incident.closed.v1", IncidentClosed),
    Stored("incident.reopened.v1", IncidentReopened),
    Stored("incident.entered_in_error.v1", IncidentEnteredInError),
    Stored("incident.legal_hold_placed.v1", LegalHoldPlaced, subject="hold"),
    Stored("incident.legal_hold_released.v1", LegalHoldReleased, subject="hold"),
    Stored("incident.duty_opened.v1", DutyOpened, subject="duty"),
    Stored("incident.duty_redated.v1", DutyRedated, subject="duty"),
    Stored("incident.duty_paused.v1", DutyPaused, subject="pause"),
    Stored("incident.duty_resumed.v1", DutyResumed, subject="pause"),
    Stored("incident.duty_extended.v1", DutyExtended, subject="duty"),
    Stored("incident.duty_set_aside.v1", DutySetAside, subject="duty"),
)
