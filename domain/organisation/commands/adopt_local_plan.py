"""Say that a provider follows a local overlay, which governs what is reported from then on.

An overlay is the provider's own plan, or the limits that a commissioner of its has agreed with it. No national edition
is ever edited for it.
"""

from dataclasses import dataclass
from datetime import date

from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.refusal import Refusal
from domain.kernel.words import Code
from domain.organisation.events import LocalPlanAdopted
from domain.organisation.provider import check_period, check_provider
from domain.organisation.state import Organisation, Period
from domain.policy.edition import Edition, Family
from domain.policy.library import EditionUnknownError, Policy


@dataclass(frozen=True, kw_only=True, slots=True)
class AdoptLocalPlan:
    """The provider follows this overlay (its name, or the reference of one exact text) on these days."""

    plan: Code
    from_on: date
    to_on: date | None


class PlanUnknown(Refusal):
    """No local plan of this name is known to the ledger."""

    code = "organisation.plan-unknown"


class PlanOfAnother(Refusal):
    """The local plan belongs to another organisation, or the limits to none that commissions the provider then."""

    code = "organisation.plan-of-another"


def adopt_local_plan(organisation: Organisation, command: AdoptLocalPlan, stamp: Stamp, *, policy: Policy) -> None:
    """Record the plan by the reference of its exact text. Adopting the same again records nothing new.

    Raises:
        NotAProvider: only providers follow a local overlay.
        PlanUnknown: there is no such overlay.
        PlanOfAnother: the plan is not this organisation's own, or the limits are of no commissioner of its on `from_on`.
        PeriodBackwards: the last day comes before the first.
    """
    check_provider(organisation)
    plan = _find_plan(policy, command.plan)
    if not _is_theirs(organisation, plan, command.from_on):
        raise PlanOfAnother(pointers=("/plan",))
    period = Period(command.from_on, command.to_on)
    check_period(period)
    if (plan.reference, period) in organisation.plans:
        return
    adopted = LocalPlanAdopted(
        **after(organisation, stamp), plan=plan.reference, from_on=command.from_on, to_on=command.to_on
    )
    record(organisation, adopted)


def _is_theirs(organisation: Organisation, overlay: Edition, day: date) -> bool:
    if overlay.family is Family.COMMISSIONER_LIMITS:
        return overlay.organisation in organisation.commissioners_on(day)
    return overlay.organisation == organisation.ods


def _find_plan(policy: Policy, name: Code) -> Edition:
    try:
        return policy.overlay(name)
    except EditionUnknownError:
        raise PlanUnknown(pointers=("/plan",)) from None
