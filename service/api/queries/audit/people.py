"""Looking for a person by NHS number. The number is in the body, and in no address, log, figure or answer."""

from typing import Annotated, Any, Final, cast

import orjson
from fastapi import APIRouter
from pydantic import BaseModel, PlainValidator, ValidationInfo, WithJsonSchema
from starlette.requests import Request
from starlette.responses import Response

from service.api.app import caller_of
from service.api.bodies import StrictModel, read_body
from service.api.conventions import JSON, accepted
from service.api.fields import Uuid, checked_nhs_number
from service.api.openapi import asking
from service.api.problems import ProblemError
from service.api.reads import write_down
from service.reading.audit.shown import ShownCases
from service.reading.searching import SEARCHES, Found, PeopleSearch, SearchUnavailableError
from service.store.access.records import RecordKind

PATH: Final = "/v1/people/search"
_SUMMARY: Final = (
    "Find the people of the caller's organisation who bear an NHS number, with the cases they are named in"
)
_BETWEEN: Final = str.maketrans("", "", " -")


def _searched(value: object, info: ValidationInfo) -> str:
    """As people write it: in groups, or in one."""
    return checked_nhs_number(value.translate(_BETWEEN) if isinstance(value, str) else value, info)


SearchedNumber = Annotated[
    str,
    PlainValidator(_searched),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]([ -]?[0-9]){9}$", "examples": ["900 000 0009"]}),
]


class PeopleSearched(StrictModel):
    """Who is looked for: ten digits, with spaces or hyphens between them or without."""

    nhs_number: SearchedNumber


class PersonFound(BaseModel):
    """Somebody who bears the number, and the case in which they were named."""

    id: Uuid
    incident: Uuid
    links: dict[str, str]


class PeopleFound(BaseModel):
    """All of them, as of a position that the ledger had reached when it was asked."""

    people: list[PersonFound]
    position: int


def add_people_search(router: APIRouter) -> None:
    """Serve the search."""
    router.post(PATH, **asking(PeopleSearched, PeopleFound, summary=_SUMMARY, tag="people"))(search_people)


def people_search_of(request: Request) -> PeopleSearch:
    """What searches for this application."""
    return cast("PeopleSearch", request.app.state.people_search)


async def search_people(request: Request) -> Response:
    """Who bears the number; that somebody looked is written down, also where nobody does."""
    body = await read_body(request, PeopleSearched)
    accepted(request)
    actor = caller_of(request).actor
    if not actor.roles & SEARCHES:
        raise ProblemError("access.not-permitted")
    try:
        found = await people_search_of(request).find(actor, body.nhs_number)
    except SearchUnavailableError:
        raise ProblemError("service.unavailable") from None
    shown = ShownCases(RecordKind.PERSON_SEARCH)
    shown.add(*(each.incident for each in found.people))
    await write_down(request, shown, position=found.position)
    headers = {
        "Ledger-Position": str(found.position),
        "Projection-Lag": str(found.lag),
        "Cache-Control": "no-store",
    }
    return Response(orjson.dumps(_told(found)), headers=headers, media_type=JSON)


def _told(found: Found) -> dict[str, Any]:
    people = [
        {
            "id": str(each.person),
            "incident": str(each.incident),
            "links": {
                "incident": f"/v1/incidents/{each.incident}",
                "people": f"/v1/incidents/{each.incident}/people",
            },
        }
        for each in found.people
    ]
    return {"people": people, "position": found.position}
