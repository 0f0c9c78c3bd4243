"""The rows of the register: one for each organisation, and one for each relation between a commissioner and a provider."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from projections.organisation_register.fold import Registered


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An organisation (`commissioner` None), or one relation of it with the commissioner and the days it holds."""

    organisation: str
    name: str
    kind: str
    provider_type: str | None
    psirf_adopted_on: date | None
    plan: str | None
    commissioner: str | None
    from_on: date | None
    to_on: date | None


def rows(known: Registered) -> Mapping[str, OrganisationRow]:
    """The organisation's own row, then its relations in the order in which they were recorded."""
    plan = known.plans[-1].plan if known.plans else None

    def row(commissioner: str | None, from_on: date | None, to_on: date | None) -> OrganisationRow:
        return OrganisationRow(
            organisation=known.ods,
            name=known.name,
            kind=known.kind,
            provider_type=known.provider_type,
            psirf_adopted_on=known.psirf_adopted_on,
            plan=plan,
            commissioner=commissioner,
            from_on=from_on,
            to_on=to_on,
        )

    relations = {
        f"{known.ods}:{number:04d}": row(relation.commissioner, relation.from_on, relation.to_on)
        for number, relation in enumerate(known.commissioned, start=1)
    }
    return {known.ods: row(None, None, None), **relations}
