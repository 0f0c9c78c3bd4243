"""The rows of the register of organisations: one of its own, and one for each relation."""

from dataclasses import replace
from datetime import date
from typing import Any

from domain.incident.events import IncidentReported
from domain.kernel.words import Code, OdsCode
from domain.organisation.events import LocalPlanAdopted, OrganisationRegistered, ProviderCommissioned
from projections.organisation_register.model import MODEL
from projections.organisation_register.rows import OrganisationRow
from tests.support.decisions import NOON
from tests.support.read_models.projections import Story, shown
from tests.support.sample_events import an_id, sample


def told(event: type[Any], **changes: Any) -> Any:
    return replace(sample(event), originator_id=an_id("organisation"), timestamp=NOON, **changes)


def the_rows(*chapters: Any) -> dict[str, OrganisationRow]:
    story = Story()
    for fact in chapters:
        story.tell(fact, kind="organisation", cases=())
    return shown(MODEL, story.events).rows


def test_an_organisation_has_a_row_of_its_own() -> None:
    rows = the_rows(told(OrganisationRegistered))

    assert list(rows) == ["ZZ1"]
    assert (rows["ZZ1"].organisation, rows["ZZ1"].kind, rows["ZZ1"].commissioner) == ("ZZ1", "provider", None)


def test_each_relation_has_a_row_with_its_days() -> None:
    first = told(ProviderCommissioned, to_on=date(2026, 3, 31))
    second = told(ProviderCommissioned, commissioner=OdsCode("ZZR"), from_on=date(2026, 4, 1), to_on=None)

    rows = the_rows(told(OrganisationRegistered), first, second)

    assert list(rows) == ["ZZ1", "ZZ1:0001", "ZZ1:0002"]
    assert (rows["ZZ1:0001"].commissioner, rows["ZZ1:0001"].to_on) == ("ZZQ", date(2026, 3, 31))
    assert (rows["ZZ1:0002"].commissioner, rows["ZZ1:0002"].from_on) == ("ZZR", date(2026, 4, 1))


def test_the_plan_adopted_last_is_shown() -> None:
    plans = [told(LocalPlanAdopted, plan=Code(f"plan-{year}")) for year in (2025, 2026)]

    rows = the_rows(told(OrganisationRegistered), *plans)

    assert rows["ZZ1"].plan == "plan-2026"


def test_an_incident_is_no_organisation() -> None:
    story = Story()
    story.tell(sample(IncidentReported))

    assert shown(MODEL, story.events).rows == {}
