"""The worklist: what is due for the caller today, undecided first, then clocks running out, then late."""

import re
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter
from pydantic import PlainValidator, WithJsonSchema
from starlette.requests import Request

from projections.worklist.queries import USUAL_DAYS, WorkFilter
from projections.worklist.waiting import Kind, Section
from service.api.app import caller_of
from service.api.fields import ShortText, Uuid
from service.api.parameters import ReadParameters
from service.api.queries.asking import filters_in
from service.api.queries.lists import ListRoute, ProviderParameters
from service.api.refusing.invalid import field_refusal
from service.reading.listings import WORK
from service.reading.work import WorkWanted

DAYS_MOST: Final = 366

_WHOLE: Final = re.compile(r"0|[1-9][0-9]{0,2}")


def _days(value: object) -> int:
    if isinstance(value, str) and _WHOLE.fullmatch(value) and int(value) <= DAYS_MOST:
        return int(value)
    raise field_refusal("out-of-range", f"This must be a whole number of days from 0 to {DAYS_MOST}.")


Days = Annotated[int, PlainValidator(_days), WithJsonSchema({"type": "integer", "minimum": 0, "maximum": DAYS_MOST})]


class WorklistParameters(ProviderParameters):
    """What the worklist can be asked for."""

    within_days: Days = USUAL_DAYS
    """How many calendar days after today, in London, what is running out may be due; 0: today only."""
    section: Section | None = None
    kind: Kind | None = None
    site: ShortText | None = None
    incident: Uuid | None = None
    assigned: Literal["handler", "learning_response_lead", "engagement_lead", "no_handler"] | None = None
    """Cases in which somebody has this assignment, or which nobody handles."""


def _wanted(request: Request, parameters: ReadParameters) -> WorkWanted:
    wanted: dict[str, Any] = filters_in(parameters, WorkFilter.__dataclass_fields__)
    return WorkWanted(actor=caller_of(request).actor, wanted=WorkFilter(**wanted))


def add_worklist(router: APIRouter) -> None:
    """Serve the worklist."""
    ListRoute(
        path="/v1/worklist",
        name="WorkItem",
        summary="What is due for the caller today: undecided first, then clocks running out, then late",
        tag="worklist",
        listing=WORK,
        parameters=WorklistParameters,
        wanted=_wanted,
    ).add_to(router)
