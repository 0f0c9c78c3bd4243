"""The filter by commissioner: a row counts where its provider was commissioned by them on the day."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from domain.kernel.streams import organisation_stream
from domain.kernel.words import OdsCode
from domain.organisation.events import CommissioningEnded, OrganisationRegistered
from domain.policy.clocks import local_day
from projections.engine.feed import Told
from projections.explaining.figures import Asking, Part, Place, Role, Why
from projections.organisation_register.model import MODEL
from projections.organisation_register.rows import OrganisationRow


def _place(row: Any) -> Place:
    return Place(organisation_stream(OdsCode(row.organisation)))


def _find(rows: Mapping[str, OrganisationRow], _key: str, asking: Asking) -> OrganisationRow | None:
    day = local_day(asking.as_of)
    for row in rows.values():
        if row.commissioner == asking.wanted.commissioner and _holds(row, day):
            return row
    return None


def _holds(row: OrganisationRow, day: Any) -> bool:
    return row.from_on is not None and row.from_on <= day and (row.to_on is None or row.to_on >= day)


def _why(event: Told, _key: str, _events: Sequence[Told]) -> Why:
    match event.fact:
        case OrganisationRegistered():
            return Why(Role.REGISTERS, "The provider enters the register.")
        case CommissioningEnded():
            return Why(Role.COMMISSIONS, "Says until which day the commissioner buys services from the provider.")
    return Why(Role.COMMISSIONS, "Says from which day the commissioner buys services from the provider.")


_RELATION: Final = Part(model=MODEL, place=_place, find=_find, why=_why)


def commissioned(wanted: Any) -> tuple[Part, ...]:
    """The relation of a row's provider with the commissioner that is asked for, if one is."""
    return () if wanted.commissioner is None else (_RELATION,)
