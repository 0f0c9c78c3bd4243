"""Register an organisation: before that, nothing can be reported about it and nobody acts for it."""

from dataclasses import dataclass
from datetime import date

from domain.kernel.actor import Stamp
from domain.kernel.envelope import begin, first
from domain.kernel.refusal import Refusal
from domain.kernel.streams import organisation_stream
from domain.kernel.words import Label, OdsCode
from domain.organisation.events import OrganisationKind, OrganisationRegistered, ProviderType
from domain.organisation.state import Organisation


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisterOrganisation:
    """Enter this organisation in the register; `psirf_adopted_on` None: a provider that always was under PSIRF."""

    ods: OdsCode
    name: Label
    kind: OrganisationKind
    provider_type: ProviderType | None
    psirf_adopted_on: date | None


class ProviderTypeMissing(Refusal):
    """A provider is registered with its type, because regulation 20 treats the two types differently."""

    code = "organisation.provider-type-missing"


class NotAProvidersField(Refusal):
    """Only a provider has a provider type and a day on which it adopted PSIRF."""

    code = "organisation.not-a-providers-field"


def register_organisation(command: RegisterOrganisation, stamp: Stamp) -> Organisation:
    """Begin the organisation's record.

    Raises:
        ProviderTypeMissing: a provider without its type.
        NotAProvidersField: a commissioner or regulator with a provider's fields.
    """
    if command.kind is OrganisationKind.PROVIDER:
        if command.provider_type is None:
            raise ProviderTypeMissing(pointers=("/provider_type",))
    elif given := [name for name in ("provider_type", "psirf_adopted_on") if getattr(command, name) is not None]:
        raise NotAProvidersField(pointers=tuple(f"/{name}" for name in given))
    registered = OrganisationRegistered(
        **first(Organisation, organisation_stream(command.ods), stamp),
        ods=command.ods,
        name=command.name,
        kind=command.kind,
        provider_type=command.provider_type,
        psirf_adopted_on=command.psirf_adopted_on,
    )
    return begin(Organisation, registered)
