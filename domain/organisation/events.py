"""All facts about an organisation."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.words import Code, Label, OdsCode


class OrganisationKind(StrEnum):
    """What an organisation does for the care that incidents happen in."""

    PROVIDER = "provider"
    COMMISSIONER = "commissioner"
    REGULATOR = "regulator"


class ProviderType(StrEnum):
    """The two kinds of registered provider that regulation 20 keeps apart (paragraphs 8 and 9)."""

    HEALTH_SERVICE_BODY = "health_service_body"
    OTHER_REGISTERED_PERSON = "other_registered_person"


@dataclass(frozen=True)
class OrganisationRegistered(FirstFact):
    """An organisation entered the register.

    `psirf_adopted_on` is the day from which a provider answers incidents under PSIRF; None: it always did.
    """

    ods: OdsCode
    name: Label
    kind: OrganisationKind
    provider_type: ProviderType | None
    psirf_adopted_on: date | None


@dataclass(frozen=True)
class ProviderCommissioned(Fact):
    """A commissioner buys services from this provider, from a day and (where known) to a day, both included."""

    commissioner: OdsCode
    from_on: date
    to_on: date | None


@dataclass(frozen=True)
class CommissioningEnded(Fact):
    """The relation with a commissioner that began on `from_on` ends with the day `to_on`."""

    commissioner: OdsCode
    from_on: date
    to_on: date


@dataclass(frozen=True)
class LocalPlanAdopted(Fact):
    """The provider adopted a local plan: an edition of its own, in force from a day and (where known) to a day."""

    plan: Code
    from_on: date
    to_on: date | None
