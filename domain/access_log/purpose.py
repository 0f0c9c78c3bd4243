"""Why somebody reads: a closed list in the field's own words, and what is supposed where nobody says."""

from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import Final

from domain.kernel.actor import Role


class Purpose(StrEnum):
    """What a case is read for."""

    CARE = "care"
    """To care for somebody whom the case concerns."""
    INVESTIGATION = "investigation"
    """To handle the case: decide about it, respond to it, learn from it."""
    CANDOUR = "candour"
    """To be open with the person affected, or with whoever acts for them."""
    IMPROVEMENT = "improvement"
    """To carry out, or follow up, an improvement action."""
    OVERSIGHT = "oversight"
    """To oversee a provider: as its board, its commissioner or a regulator."""
    AUDIT = "audit"
    """To check how cases were handled, or who did what."""
    DATA_PROTECTION = "data_protection"
    """To answer a person about their data, or to look into how they were used."""
    LEGAL = "legal"
    """For an inquest, a claim, the police or a court."""
    ANALYSIS = "analysis"
    """To count, compare and report."""
    TRAINING = "training"
    """To teach with it."""
    ADMINISTRATION = "administration"
    """To run the service or a system that is connected to it."""


_IMPLIED: Final = (
    (Role.PATIENT_SAFETY_MANAGER, Purpose.INVESTIGATION),
    (Role.LEARNING_RESPONSE_LEAD, Purpose.INVESTIGATION),
    (Role.ENGAGEMENT_LEAD, Purpose.CANDOUR),
    (Role.APPROVER, Purpose.OVERSIGHT),
    (Role.ACTION_OWNER, Purpose.IMPROVEMENT),
    (Role.COMMISSIONER, Purpose.OVERSIGHT),
    (Role.REGULATOR, Purpose.OVERSIGHT),
    (Role.DATA_PROTECTION_OFFICER, Purpose.DATA_PROTECTION),
    (Role.AUDITOR, Purpose.AUDIT),
    (Role.ANALYST, Purpose.ANALYSIS),
    (Role.REPORTER, Purpose.CARE),
    (Role.REPORTER_SYSTEM, Purpose.ADMINISTRATION),
    (Role.ADMINISTRATOR, Purpose.ADMINISTRATION),
    (Role.SYSTEM, Purpose.ADMINISTRATION),
)
"""The first role that a reader has in this order says it: whoever handles cases comes before whoever looks on."""


def implied_by(roles: AbstractSet[Role]) -> Purpose:
    """What somebody with these roles is supposed to read for, where they do not say."""
    return next((purpose for role, purpose in _IMPLIED if role in roles), Purpose.ADMINISTRATION)
