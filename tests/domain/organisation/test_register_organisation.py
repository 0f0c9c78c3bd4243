"""Registering organisations."""

from dataclasses import replace
from datetime import date

import pytest

from domain.kernel.streams import organisation_stream
from domain.kernel.words import Label, OdsCode
from domain.organisation.commands.register_organisation import (
    NotAProvidersField,
    ProviderTypeMissing,
    RegisterOrganisation,
    register_organisation,
)
from domain.organisation.events import OrganisationKind, OrganisationRegistered, ProviderType
from tests.support.decisions import given

TRUST = RegisterOrganisation(
    ods=OdsCode("ZZ1"),
    name=Label("A fictitious trust"),
    kind=OrganisationKind.PROVIDER,
    provider_type=ProviderType.HEALTH_SERVICE_BODY,
    psirf_adopted_on=None,
)
BOARD = replace(TRUST, ods=OdsCode("ZZQ"), kind=OrganisationKind.COMMISSIONER, provider_type=None)


def test_a_provider_is_registered_with_its_type() -> None:
    outcome = given().when(register_organisation, TRUST)
    outcome.then(
        OrganisationRegistered,
        ods="ZZ1",
        provider_type=ProviderType.HEALTH_SERVICE_BODY,
        originator_id=organisation_stream(OdsCode("ZZ1")),
    )


def test_a_provider_without_its_type_is_refused() -> None:
    """Regulation 20 asks different things of the two types: a guess could be an offence."""
    given().when(register_organisation, replace(TRUST, provider_type=None)).then_refused(ProviderTypeMissing)


@pytest.mark.parametrize("kind", [OrganisationKind.COMMISSIONER, OrganisationKind.REGULATOR])
def test_an_organisation_that_provides_nothing_needs_no_type(kind: OrganisationKind) -> None:
    given().when(register_organisation, replace(BOARD, kind=kind)).then(OrganisationRegistered, kind=kind)


@pytest.mark.parametrize("kind", [OrganisationKind.COMMISSIONER, OrganisationKind.REGULATOR])
def test_fields_of_a_provider_are_refused_for_others_and_each_is_named(kind: OrganisationKind) -> None:
    command = replace(TRUST, kind=kind, psirf_adopted_on=date(2023, 9, 1))
    outcome = given().when(register_organisation, command).then_refused(NotAProvidersField)
    assert outcome.refusal is not None
    assert outcome.refusal.pointers == ("/provider_type", "/psirf_adopted_on")


def test_a_day_of_adoption_alone_is_refused_for_others() -> None:
    command = replace(BOARD, psirf_adopted_on=date(2023, 9, 1))
    given().when(register_organisation, command).then_refused(NotAProvidersField)
