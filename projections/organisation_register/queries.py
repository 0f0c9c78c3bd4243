"""Questions about the register of organisations: who is who, and who commissions whom on a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, or_, select

from domain.kernel.words import OdsCode
from projections.engine.pages import Order
from projections.engine.reading import Found, Reading
from projections.organisation_register.model import MODEL
from projections.organisation_register.rows import OrganisationRow

BY_CODE: Final = Order()


@dataclass(frozen=True, kw_only=True, slots=True)
class OrganisationFilter:
    """Which rows of the register.

    The organisations' own, or (`relations_of`) the relations of one provider with its commissioners.
    """

    kind: str | None = None
    relations_of: OdsCode | None = None


def matching(reading: Reading, wanted: OrganisationFilter) -> list[ColumnElement[bool]]:
    """The conditions of a filter, on the view of the register."""
    row = reading.view(MODEL).c
    conditions: list[ColumnElement[bool]] = [row.commissioner.is_(None)]
    if wanted.relations_of is not None:
        conditions = [row.commissioner.is_not(None), row.organisation == wanted.relations_of]
    if wanted.kind is not None:
        conditions.append(row.kind == wanted.kind)
    return conditions


async def find_organisation(reading: Reading, ods: OdsCode) -> Found[OrganisationRow] | None:
    """The organisation's own row, if it exists for this reader."""
    return await reading.find(MODEL, ods)


async def list_names(reading: Reading) -> Mapping[str, str]:
    """The name of every organisation that exists for this reader, by code."""
    row = reading.view(MODEL).c
    found = await reading.execute(select(row.organisation, row.name).where(row.commissioner.is_(None)))
    return {each["organisation"]: each["name"] for each in found}


def commissioned_by(reading: Reading, commissioner: OdsCode, *, on: date) -> Select[tuple[str]]:
    """The codes of the providers that a commissioner buys services from on a day, first and last day included."""
    row = reading.view(MODEL).c
    holds = and_(row.from_on <= on, or_(row.to_on.is_(None), row.to_on >= on))
    return select(row.organisation).where(row.commissioner == commissioner, holds)


async def list_commissioned(reading: Reading, commissioner: OdsCode, *, on: date) -> frozenset[OdsCode]:
    """The same codes, looked up."""
    found = await reading.execute(commissioned_by(reading, commissioner, on=on))
    return frozenset(OdsCode(each["organisation"]) for each in found)
