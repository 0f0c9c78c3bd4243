"""The register of organisations, and who commissions whom."""

import re
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from domain.kernel.words import OdsCode
from domain.organisation.events import OrganisationKind
from projections.organisation_register.model import MODEL as ORGANISATION_REGISTER
from projections.organisation_register.queries import OrganisationFilter, find_organisation
from service.api.answers import record_answer
from service.api.openapi import query
from service.api.parameters import ListParameters, ReadParameters, read_parameters
from service.api.queries.asking import asked, not_found, question_of, speaks_for
from service.api.queries.lists import ListRoute
from service.api.queries.schemas import record_schema
from service.reading.answering import Answering
from service.reading.audit.shown import NO_CASES
from service.reading.listings import COMMISSIONERS, ORGANISATIONS

_RECORD: Final = "/v1/organisations/{ods}"
_TAG: Final = "organisations"
_ODS: Final = re.compile("[A-Z0-9]{3,8}")


class OrganisationParameters(ListParameters):
    """What the register can be asked for."""

    kind: OrganisationKind | None = None


def _wanted(_request: Request, parameters: OrganisationParameters) -> OrganisationFilter:
    return OrganisationFilter(kind=parameters.kind)


def _code(request: Request) -> OdsCode:
    code: str = request.path_params["ods"]
    if not _ODS.fullmatch(code):
        raise not_found()
    return OdsCode(code)


def _relations(request: Request, _parameters: ListParameters) -> OrganisationFilter:
    return OrganisationFilter(relations_of=_code(request))


async def _exists(answering: Answering, request: Request) -> bool:
    return await find_organisation(answering.reading, _code(request)) is not None


_LISTS: Final = (
    ListRoute(
        path="/v1/organisations",
        name="OrganisationItem",
        summary="The register of organisations, by code",
        tag=_TAG,
        listing=ORGANISATIONS,
        parameters=OrganisationParameters,
        wanted=_wanted,
        register=True,
    ),
    ListRoute(
        path=f"{_RECORD}/commissioners",
        name="Relation",
        summary="Who commissions services from an organisation, from when to when",
        tag=_TAG,
        listing=COMMISSIONERS,
        parameters=ListParameters,
        wanted=_relations,
        exists=_exists,
        register=True,
    ),
)


def add_organisations(router: APIRouter) -> None:
    """Serve the register."""
    for each in _LISTS:
        each.add_to(router)
    record = record_schema("Organisation", ORGANISATIONS.form)
    router.get(_RECORD, **query(ReadParameters, record, summary="One organisation", tag=_TAG))(organisation)


async def organisation(request: Request) -> Response:
    """One organisation of the register."""
    parameters = read_parameters(request, ReadParameters)
    question = question_of(request, parameters)
    async with asked(request, question, ORGANISATION_REGISTER, register=True) as answering:
        found = await find_organisation(answering.reading, _code(request))
        if found is None:
            raise not_found()
        shown = (await answering.show(ORGANISATIONS.form, [found]))[0]
        speaking = speaks_for(await answering.reading.freshness(of=found), answering.sight)
    return await record_answer(request, shown, speaking, NO_CASES)
