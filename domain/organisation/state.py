"""An organisation as its facts leave it: what it is, who commissions it, and which overlays it follows."""

from dataclasses import dataclass, field
from datetime import date

from eventsourcing.domain import Aggregate

from domain.kernel.envelope import evolves
from domain.kernel.words import Code, Label, OdsCode
from domain.organisation.events import (
    CommissioningEnded,
    LocalPlanAdopted,
    OrganisationKind,
    OrganisationRegistered,
    ProviderCommissioned,
    ProviderType,
)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from one to another, both included; `to_on` None: no last day is known."""

    from_on: date
    to_on: date | None

    def includes(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)

    def overlaps(self, other: "Period") -> bool:
        """Whether at least one day belongs to both."""
        return self.includes(other.from_on) or other.includes(self.from_on)

    def is_backwards(self) -> bool:
        """Whether its last day comes before its first."""
        return self.to_on is not None and self.to_on < self.from_on


class Organisation(Aggregate):
    """A provider, commissioner or regulator."""

    ods: OdsCode = field(init=False)
    name: Label = field(init=False)
    kind: OrganisationKind = field(init=False)
    provider_type: ProviderType | None = field(init=False)
    psirf_adopted_on: date | None = field(init=False)
    commissioned: tuple[tuple[OdsCode, Period], ...] = field(init=False)
    plans: tuple[tuple[Code, Period], ...] = field(init=False)

    def commissioners_on(self, day: date) -> frozenset[OdsCode]:
        """Who commissions services from this provider on a day."""
        return frozenset(commissioner for commissioner, period in self.commissioned if period.includes(day))

    def overlays_on(self, day: date) -> tuple[Code, ...]:
        """The local overlays that this provider follows on a day, in the order in which they were adopted."""
        return tuple(plan for plan, period in self.plans if period.includes(day))


@evolves(OrganisationRegistered)
def _registered(organisation: Organisation, event: OrganisationRegistered) -> None:
    organisation.ods = event.ods
    organisation.name = event.name
    organisation.kind = event.kind
    organisation.provider_type = event.provider_type
    organisation.psirf_adopted_on = event.psirf_adopted_on
    organisation.commissioned = ()
    organisation.plans = ()


@evolves(ProviderCommissioned)
def _commissioned(organisation: Organisation, event: ProviderCommissioned) -> None:
    relation = (event.commissioner, Period(event.from_on, event.to_on))
    organisation.commissioned = (*organisation.commissioned, relation)


@evolves(CommissioningEnded)
def _commissioning_ended(organisation: Organisation, event: CommissioningEnded) -> None:
    ended = (event.commissioner, event.from_on)
    organisation.commissioned = tuple(
        (who, Period(period.from_on, event.to_on) if (who, period.from_on) == ended else period)
        for who, period in organisation.commissioned
    )


@evolves(LocalPlanAdopted)
def _plan_adopted(organisation: Organisation, event: LocalPlanAdopted) -> None:
    organisation.plans = (*organisation.plans, (event.plan, Period(event.from_on, event.to_on)))
