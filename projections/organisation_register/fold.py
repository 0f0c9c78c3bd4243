"""Who is registered and who commissions them, as the register's events tell it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from domain.kernel.words import Code, Label, OdsCode
from domain.organisation.events import (
    CommissioningEnded,
    LocalPlanAdopted,
    OrganisationRegistered,
    ProviderCommissioned,
)
from projections.engine.feed import Told


@dataclass(frozen=True, slots=True)
class Commissioned:
    """One relation with its days, both included."""

    commissioner: OdsCode
    from_on: date
    to_on: date | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A local plan with its days, both included."""

    plan: Code
    from_on: date
    to_on: date | None


@dataclass(frozen=True, slots=True)
class Registered:
    """One organisation."""

    ods: OdsCode
    name: Label
    kind: str
    provider_type: str | None
    psirf_adopted_on: date | None
    commissioned: tuple[Commissioned, ...] = ()
    plans: tuple[Plan, ...] = ()


def keys(event: Told) -> Iterable[UUID]:
    """Each organisation is a stream of its own."""
    return (event.stream,) if event.kind == "organisation" else ()


def fold(known: Registered | None, event: Told) -> Registered | None:
    """Apply one fact about the organisation."""
    match event.fact:
        case OrganisationRegistered() as fact:
            return Registered(fact.ods, fact.name, fact.kind, fact.provider_type, fact.psirf_adopted_on)
        case ProviderCommissioned(commissioner=commissioner, from_on=from_on, to_on=to_on) if known:
            relation = Commissioned(commissioner, from_on, to_on)
            return replace(known, commissioned=(*known.commissioned, relation))
        case CommissioningEnded() as fact if known:
            return replace(known, commissioned=tuple(_until(relation, fact) for relation in known.commissioned))
        case LocalPlanAdopted(plan=plan, from_on=from_on, to_on=to_on) if known:
            return replace(known, plans=(*known.plans, Plan(plan, from_on, to_on)))
    return known


def _until(relation: Commissioned, ended: CommissioningEnded) -> Commissioned:
    is_it = (relation.commissioner, relation.from_on) == (ended.commissioner, ended.from_on)
    return replace(relation, to_on=ended.to_on) if is_it else relation
