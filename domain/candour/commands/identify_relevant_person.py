"""Name somebody who is owed candour for an incident: the patient, or a person lawfully acting for them (20(7))."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar

from domain.candour.events import Consent, RelevantPersonIdentified
from domain.candour.state import Candour
from domain.kernel.actor import Stamp
from domain.kernel.envelope import begin, first
from domain.kernel.personal import Personal
from domain.kernel.refusal import Refusal
from domain.kernel.words import CandourId, Code, IncidentId, PersonId


@dataclass(frozen=True, kw_only=True, slots=True)
class IdentifyRelevantPerson:
    """Who they are, whom they act for, whom else may be told, and how they wish to be reached."""

    candour: CandourId
    incident: IncidentId
    person: PersonId
    name: Personal
    contact: Personal | None
    relationship: Code
    acts_for: PersonId | None
    consents: tuple[Consent, ...]
    channel: Code | None
    language: Code | None
    format: Code | None


class ActsForSelf(Refusal):
    """A person who acts for somebody acts for somebody else."""

    code: ClassVar[str] = "candour.acts-for-self"


class AlreadyIdentified(Refusal):
    """The person is a relevant person of the incident already."""

    code: ClassVar[str] = "candour.already-identified"


def identify_relevant_person(
    command: IdentifyRelevantPerson, stamp: Stamp, *, already_identified: Collection[PersonId]
) -> Candour:
    """Record the person: from here on the duties of candour are owed to them by name.

    `already_identified` holds the relevant persons of the incident so far.

    Raises:
        ActsForSelf: the person is said to act for themselves.
        AlreadyIdentified: the person has a record of candour for this incident.
    """
    if command.acts_for == command.person:
        raise ActsForSelf("Leave acts_for out where the person acts for nobody else.", pointers=("/acts_for",))
    if command.person in already_identified:
        raise AlreadyIdentified("The person is owed candour for this incident already.", pointers=("/person",))
    identified = RelevantPersonIdentified(
        **first(Candour, command.candour, stamp),
        incident=command.incident,
        person=command.person,
        name=command.name,
        contact=command.contact,
        relationship=command.relationship,
        acts_for=command.acts_for,
        consents=command.consents,
        channel=command.channel,
        language=command.language,
        format=command.format,
    )
    return begin(Candour, identified)
