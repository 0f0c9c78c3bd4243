"""Organisations that stand, as the first fact of a test."""

from domain.kernel.envelope import first
from domain.kernel.streams import organisation_stream
from domain.kernel.words import Label, OdsCode
from domain.organisation.events import OrganisationKind, OrganisationRegistered, ProviderType
from domain.organisation.state import Organisation
from tests.support.decisions import a_stamp


def registered(kind: OrganisationKind = OrganisationKind.PROVIDER, ods: str = "ZZ1") -> OrganisationRegistered:
    """A fictitious organisation, always under PSIRF if it is a provider."""
    code = OdsCode(ods)
    is_provider = kind is OrganisationKind.PROVIDER
    return OrganisationRegistered(
        **first(Organisation, organisation_stream(code), a_stamp()),
        ods=code,
        name=Label("A fictitious organisation"),
        kind=kind,
        provider_type=ProviderType.HEALTH_SERVICE_BODY if is_provider else None,
        psirf_adopted_on=None,
    )
