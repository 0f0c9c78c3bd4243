"""Bodies of the commands on organisations and on the simulated clock."""

from pydantic import Field

from domain.kernel.words import Code, Label, OdsCode
from domain.ledger.commands.move_clock import MoveClock
from domain.organisation.commands.adopt_local_plan import AdoptLocalPlan
from domain.organisation.commands.commission_provider import CommissionProvider
from domain.organisation.commands.end_commissioning import EndCommissioning
from domain.organisation.commands.register_organisation import RegisterOrganisation
from domain.organisation.events import OrganisationKind, ProviderType
from service.api.commands.body import CommandBody
from service.api.fields import CodeText, Day, Instant, Ods, ShortText
from service.handling.pen import Pen


class Registration(CommandBody):
    """An organisation; a provider also says what kind of registered provider it is, and when it adopted PSIRF."""

    ods: Ods
    name: ShortText
    kind: OrganisationKind = Field(strict=False)
    provider_type: ProviderType | None = Field(default=None, strict=False)
    psirf_adopted_on: Day | None = Field(default=None, description="Default: incidents were always under PSIRF.")

    def command(self, pen: Pen) -> RegisterOrganisation:
        """Register the organisation."""
        return RegisterOrganisation(
            ods=OdsCode(self.ods),
            name=Label(self.name),
            kind=self.kind,
            provider_type=self.provider_type,
            psirf_adopted_on=self.psirf_adopted_on,
        )


class Commissioning(CommandBody):
    """A commissioner of this provider, with the days of the relation, both included."""

    commissioner: Ods
    from_on: Day
    to_on: Day | None = None

    def command(self, pen: Pen) -> CommissionProvider:
        """Record the relation."""
        return CommissionProvider(commissioner=OdsCode(self.commissioner), from_on=self.from_on, to_on=self.to_on)


class CommissioningEnd(CommandBody):
    """The last day on which this commissioner buys services from the provider; it sees no case from the next day on."""

    commissioner: Ods
    to_on: Day

    def command(self, pen: Pen) -> EndCommissioning:
        """End the relation."""
        return EndCommissioning(commissioner=OdsCode(self.commissioner), to_on=self.to_on)


class PlanAdoption(CommandBody):
    """The provider's own plan, or limits of its commissioner, by the edition's name; with the days it is in force."""

    plan: CodeText
    from_on: Day
    to_on: Day | None = None

    def command(self, pen: Pen) -> AdoptLocalPlan:
        """Adopt the plan."""
        return AdoptLocalPlan(plan=Code(self.plan), from_on=self.from_on, to_on=self.to_on)


class ClockMove(CommandBody):
    """The instant to which the simulated clock moves; it never moves back."""

    to: Instant

    def command(self, pen: Pen) -> MoveClock:
        """Move the clock."""
        return MoveClock(to_at=self.to)
