"""Appoint who leads the learning response: with a lead it has begun (PSIRF-04)."""

from dataclasses import dataclass

from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Personal
from domain.kernel.words import Label
from domain.learning_response.events import LeadAppointed
from domain.learning_response.refusals import AlreadyApproved
from domain.learning_response.state import LearningResponse


@dataclass(frozen=True, kw_only=True, slots=True)
class AppointLead:
    """The lead, in which role, and whether they stand outside the service in which the incident occurred."""

    lead: Personal
    role: Label
    independent_of_service: bool


def appoint_lead(response: LearningResponse, command: AppointLead, stamp: Stamp) -> None:
    """Record the lead; a later lead takes over. The same appointment again records nothing new.

    Raises:
        AlreadyApproved: the response is signed off.
    """
    if _stands(response.lead, command):
        return
    if response.is_approved:
        raise AlreadyApproved("A signed-off response needs no other lead.")
    appointed = LeadAppointed(
        **after(response, stamp),
        lead=command.lead,
        role=command.role,
        independent_of_service=command.independent_of_service,
    )
    record(response, appointed)


def _stands(lead: LeadAppointed | None, command: AppointLead) -> bool:
    if lead is None:
        return False
    standing = (lead.lead.words, lead.role, lead.independent_of_service)
    return standing == (command.lead.words, command.role, command.independent_of_service)
