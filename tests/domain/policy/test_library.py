"""Which editions govern an incident: around the day of adoption, candour by date, and the local plan."""

from datetime import date

import pytest

from domain.kernel.words import Code
from domain.policy.edition import Family
from domain.policy.library import EditionUnknownError
from service.policy import read_policy

POLICY = read_policy()
ADOPTED = date(2023, 10, 1)
FAMILIES = (Family.REGIME, Family.CANDOUR, Family.LOCAL_PLAN)


def names(identified_on: date, psirf_adopted_on: date | None = ADOPTED, plan: str | None = None) -> list[str]:
    """The first names of the editions of regime, candour and plan, in their order."""
    references = POLICY.editions_for(
        identified_on=identified_on, psirf_adopted_on=psirf_adopted_on, overlays=[Code(plan)] if plan else []
    )
    editions = [POLICY.edition(reference) for reference in references]
    return [POLICY.first_name(edition) for edition in editions if edition.family in FAMILIES]


def test_an_incident_identified_the_day_before_adoption_stays_under_the_older_framework() -> None:
    assert names(date(2023, 9, 30)) == ["sif-2015", "candour-regulation-20"]


def test_an_incident_identified_on_the_day_of_adoption_is_under_psirf() -> None:
    assert names(date(2023, 10, 1)) == ["psirf-2022", "candour-regulation-20"]


def test_a_provider_without_a_day_of_adoption_has_always_been_under_psirf() -> None:
    assert names(date(2019, 5, 1), psirf_adopted_on=None) == ["psirf-2022", "candour-regulation-20"]


def test_the_duty_of_candour_governs_no_incident_from_before_it_was_law() -> None:
    assert names(date(2015, 3, 31)) == ["sif-2015"]
    assert names(date(2015, 4, 1)) == ["sif-2015", "candour-regulation-20"]


def test_a_local_plan_comes_last_and_by_name_or_reference() -> None:
    reference = POLICY.named(Code("zz1-plan-2026")).reference
    for plan in ("zz1-plan-2026", reference):
        assert names(date(2026, 3, 2), plan=plan) == ["psirf-2022", "candour-regulation-20", "zz1-plan-2026"]


@pytest.mark.parametrize("plan", ["zz9-plan", "psirf-2022"])
def test_a_plan_that_is_not_known_as_a_plan_is_not_taken(plan: str) -> None:
    with pytest.raises(EditionUnknownError):
        names(date(2026, 3, 2), plan=plan)


@pytest.mark.parametrize("reference", ["psirf-2022", "psirf-2022@000000000000"])
def test_a_reference_is_to_one_exact_text(reference: str) -> None:
    with pytest.raises(EditionUnknownError):
        POLICY.edition(Code(reference))


def test_the_regime_is_told_by_the_references_alone() -> None:
    before = POLICY.editions_for(identified_on=date(2019, 5, 1), psirf_adopted_on=ADOPTED)
    since = POLICY.editions_for(
        identified_on=date(2026, 3, 2), psirf_adopted_on=ADOPTED, overlays=[Code("zz1-plan-2026")]
    )
    assert (POLICY.regime_of(before), POLICY.regime_of(since)) == ("sif-2015", "psirf-2022")
    with pytest.raises(EditionUnknownError):
        POLICY.regime_of([Code("zz1-plan-2026@000000000000")])
    with pytest.raises(EditionUnknownError):
        POLICY.regime_of([POLICY.named(Code("zz1-plan-2026")).reference])
