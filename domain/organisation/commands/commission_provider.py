"""Say that a commissioner buys services from a provider: it may see the provider's cases on the days in between."""

from dataclasses import dataclass
from datetime import date

from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.refusal import Refusal
from domain.kernel.words import OdsCode
from domain.organisation.events import OrganisationKind, ProviderCommissioned
from domain.organisation.provider import check_period, check_provider
from domain.organisation.state import Organisation, Period


@dataclass(frozen=True, kw_only=True, slots=True)
class CommissionProvider:
    """The provider is commissioned by this organisation from a day and (where known) to a day."""

    commissioner: OdsCode
    from_on: date
    to_on: date | None


class NotACommissioner(Refusal):
    """The organisation named as commissioner is not registered as one."""

    code = "organisation.not-a-commissioner"


class CommissionedAlready(Refusal):
    """The same commissioner already commissions the provider on some of these days."""

    code = "organisation.commissioned-already"


def commission_provider(
    organisation: Organisation,
    command: CommissionProvider,
    stamp: Stamp,
    *,
    commissioner_kind: OrganisationKind | None,
) -> None:
    """Record the relation; `commissioner_kind` is what the named commissioner is registered as, None for unregistered.

    Saying the same again records nothing new.

    Raises:
        NotAProvider: only providers are commissioned.
        NotACommissioner: the commissioner is not registered, or is something else.
        PeriodBackwards: the last day comes before the first.
        CommissionedAlready: these days overlap an earlier relation with the same commissioner.
    """
    check_provider(organisation)
    if commissioner_kind is not OrganisationKind.COMMISSIONER:
        raise NotACommissioner(pointers=("/commissioner",))
    period = Period(command.from_on, command.to_on)
    check_period(period)
    if (command.commissioner, period) in organisation.commissioned:
        return
    if any(who == command.commissioner and earlier.overlaps(period) for who, earlier in organisation.commissioned):
        raise CommissionedAlready(pointers=("/from_on",))
    relation = ProviderCommissioned(
        **after(organisation, stamp), commissioner=command.commissioner, from_on=command.from_on, to_on=command.to_on
    )
    record(organisation, relation)
