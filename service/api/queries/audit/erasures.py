"""What is held about a person, and their erasures: for whoever answers for both."""

from typing import Final, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, create_model
from starlette.requests import Request
from starlette.responses import Response

from projections.erasures.model import MODEL as ERASURES_TOLD
from projections.erasures.queries import ErasureFilter, find_erasure
from projections.people.model import MODEL as PEOPLE
from projections.people.queries import is_named, list_namings
from service.api.answers import record_answer
from service.api.fields import Instant, Uuid
from service.api.openapi import query
from service.api.parameters import ListParameters, ReadParameters, read_parameters
from service.api.problems import ProblemError
from service.api.queries.asking import asked, id_in, not_found, queries_of, question_of, speaks_for
from service.api.queries.lists import ListRoute
from service.api.queries.schemas import record_schema
from service.reading.answering import Answering
from service.reading.audit.erasures import ERASURE, ERASURES, certificate_of
from service.reading.audit.subject_access import SubjectAccess
from service.reading.forms import plain

_TAG: Final = "data protection"
_PERSON: Final = "/v1/people/{person}"


class ErasureParameters(ListParameters):
    """Which erasures of a person."""

    status: Literal["requested", "approved", "held", "refused", "withdrawn", "carried_out"] | None = None


class ErasureCertificate(BaseModel):
    """What was destroyed, by whose request and approval, and what remains; `keys_standing` is 0 once it is complete."""

    statement: str
    person_id: Uuid
    requested_by: Uuid
    approved_by: Uuid | None
    carried_out_at: Instant
    positions: list[int]
    ledger_position: int
    keys: list[Uuid]
    keys_standing: int
    values_erased: int
    texts_erased: int
    events_touched: int
    remains: list[str]
    backups: str
    proof: str


class HeldValue(BaseModel):
    """One value about the person: in which event and field it stands; erased: nobody can read it again."""

    position: int
    incident_ids: list[Uuid]
    type: str
    path: str
    effective_at: Instant
    recorded_at: Instant
    value: str | None
    erased: bool


class PersonExport(BaseModel):
    """Every value that is held about one person, in the order in which it was recorded."""

    person_id: Uuid
    provider: str
    incident_ids: list[Uuid]
    values: list[HeldValue]


def _wanted(request: Request, parameters: ErasureParameters) -> ErasureFilter:
    return ErasureFilter(person=id_in(request, "person"), status=parameters.status)


async def _is_named(answering: Answering, request: Request) -> bool:
    return await is_named(answering.reading, id_in(request, "person"))


def add_erasures(router: APIRouter) -> None:
    """Serve the erasures, and what is held about a person."""
    ListRoute(
        path=f"{_PERSON}/erasures",
        name="ErasureItem",
        summary="The erasures of a person, newest first",
        tag=_TAG,
        listing=ERASURES,
        parameters=ErasureParameters,
        wanted=_wanted,
        exists=_is_named,
        models=(PEOPLE,),
    ).add_to(router)
    record = create_model(
        "Erasure", __base__=record_schema("Erasure", ERASURE), certificate=(ErasureCertificate | None, ...)
    )
    one = query(ReadParameters, record, summary="One erasure; once carried out, with its certificate", tag=_TAG)
    router.get(f"{_PERSON}/erasures/{{erasure}}", **one)(erasure)
    whole = query(ReadParameters, PersonExport, summary="Every value held about a person (subject access)", tag=_TAG)
    router.get(f"{_PERSON}/export", **whole)(export)


async def erasure(request: Request) -> Response:
    """One erasure of the person in the path."""
    parameters, queries = read_parameters(request, ReadParameters), queries_of(request)
    async with asked(request, question_of(request, parameters), ERASURES_TOLD) as answering:
        found = await find_erasure(answering.reading, id_in(request, "erasure"))
        if found is None or found.row.person_id != id_in(request, "person"):
            raise not_found()
        [record] = await answering.show(ERASURE, [found])
        speaking = speaks_for(await answering.reading.freshness(of=found), answering.sight)
    certificate = await certificate_of(found.row, queries.ledger, queries.codec, position=speaking.position)
    return await record_answer(request, {**record, "certificate": certificate}, speaking, answering.shown)


async def export(request: Request) -> Response:
    """What is held about the person in the path, for the data protection officer of whose record it is."""
    parameters, queries = read_parameters(request, ReadParameters), queries_of(request)
    person: UUID = id_in(request, "person")
    async with asked(request, question_of(request, parameters), PEOPLE) as answering:
        if not answering.sight.protects_data:
            raise ProblemError("access.not-permitted")
        own = answering.sight.actor.organisation
        namings = [each for each in await list_namings(answering.reading, person) if each.organisation == own]
        if not namings:
            raise not_found()
        speaking = speaks_for(await answering.reading.freshness(), answering.sight)
    cases = tuple(dict.fromkeys(case for naming in namings for case in naming.incident_ids))
    answering.shown.add(*cases)
    answering.shown.open_words()
    access = SubjectAccess(queries.ledger, queries.codec, queries.opening)
    record = {
        "person_id": str(person),
        "provider": own,
        "incident_ids": plain(cases),
        "values": await access.values_of(person, namings, up_to=speaking.position),
    }
    return await record_answer(request, record, speaking, answering.shown)
