"""Who acts, and when: the two things that every decision is told and never looks up."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.kernel.words import ActorId, OdsCode


class Role(StrEnum):
    """What a token may claim to be (the HTTP contract, section Roles), and the system itself."""

    REPORTER_SYSTEM = "reporter_system"
    REPORTER = "reporter"
    PATIENT_SAFETY_MANAGER = "patient_safety_manager"
    LEARNING_RESPONSE_LEAD = "learning_response_lead"
    ENGAGEMENT_LEAD = "engagement_lead"
    APPROVER = "approver"
    ACTION_OWNER = "action_owner"
    COMMISSIONER = "commissioner"
    REGULATOR = "regulator"
    AUDITOR = "auditor"
    ANALYST = "analyst"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"
    """A reaction of the ledger itself; no token can carry it."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody, or some system, that gives commands: a pseudonym, one organisation, one or more roles."""

    id: ActorId
    organisation: OdsCode
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who decides (`by`), when the fact became true (`at`), and the ledger's present (`now`); instants in UTC."""

    by: Actor
    at: datetime
    now: datetime
