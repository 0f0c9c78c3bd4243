"""From a request to a question, and from what reading says to the words of the edge."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from starlette.requests import Request

from domain.policy.library import Policy
from projections.engine import reading as engine
from projections.engine.model import AnyReadModel
from projections.engine.pages import Cursor, CursorError
from projections.engine.positions import OutdatedError
from projections.engine.queries import NotYetToldError
from projections.engine.reading import Found
from projections.incident_register.queries import find_incident
from projections.incident_register.rows import IncidentRow
from service.api.answers import Freshness
from service.api.app import caller_of
from service.api.bodies import canonical_body
from service.api.fields import uuid
from service.api.parameters import ReadParameters
from service.api.problems import ProblemError
from service.api.refusing.invalid import FieldError
from service.api.thinking import Thinking
from service.handling.order import Order
from service.reading.answering import Answering
from service.reading.queries import (
    OtherProjectionError,
    ProjectionNotAskedError,
    Queries,
    Question,
    ReadModelsUnavailableError,
)
from service.reading.sight import Sight


def queries_of(request: Request) -> Queries:
    """What answers this application's queries."""
    return cast("Queries", request.app.state.queries)


def thinking_of(request: Request) -> Thinking:
    """Where this application works out what takes a while."""
    return cast("Thinking", request.app.state.thinking)


def policy_of(request: Request) -> Policy:
    """The editions and the calendar that this application decides with."""
    return cast("Policy", request.app.state.policy)


def question_of(
    request: Request, parameters: ReadParameters, *, cursor: Cursor | None = None, as_of: datetime | None = None
) -> Question:
    """The question that a request asks."""
    return Question(
        actor=caller_of(request).actor,
        known_at=parameters.as_known_at,
        as_of=as_of or parameters.as_of,
        min_position=parameters.min_position or 0,
        cursor=cursor,
        projection=_version_in(parameters),
    )


def order_of(request: Request, path: str, key: str | None) -> Order:
    """The question in a body as an order: what its key and its body are told apart by."""
    caller = caller_of(request)
    return Order(
        actor=caller.actor,
        client=caller.client,
        subject=caller.subject,
        fingerprint=b"\n".join((b"POST", path.encode(), canonical_body(request))),
        key=key,
    )


@asynccontextmanager
async def said_in_problems() -> AsyncIterator[None]:
    """Say what may befall a question in the problems of the contract.

    Raises:
        ProblemError: the position asked for is not visible yet, the cursor is not this list's, another version of the
            read model answers than the one that was insisted on, or nobody answers now.
    """
    try:
        yield
    except NotYetToldError as error:
        raise ProblemError("service.not-yet-visible") from error
    except CursorError as error:
        raise ProblemError("request.cursor-invalid") from error
    except (OutdatedError, ReadModelsUnavailableError) as error:
        raise ProblemError("service.unavailable") from error
    except ProjectionNotAskedError as error:
        sentence = f"These answer here: {', '.join(error.names)}."
        raise ProblemError(
            "request.parameter-invalid", errors=[FieldError("?projection", "unknown", sentence)]
        ) from None
    except OtherProjectionError as error:
        wrong = FieldError("?projection", "other-version", f"The version that answers is {error.live}.")
        raise ProblemError("projection.other-version", str(error), errors=[wrong]) from None


@asynccontextmanager
async def asked(
    request: Request, question: Question, *models: AnyReadModel, register: bool = False
) -> AsyncIterator[Answering]:
    """One answer over these read models, its failures said in problems."""
    async with said_in_problems(), queries_of(request).ask(question, *models, register=register) as answering:
        yield answering


def id_in(request: Request, name: str) -> UUID:
    """The id in the path.

    Raises:
        ProblemError: it is not an id, so there is no such record.
    """
    try:
        return uuid(request.path_params[name])
    except ValueError:
        raise not_found() from None


async def case_in(answering: Answering, case: UUID) -> Found[IncidentRow]:
    """The case that a request asks for; from here on its answer shows it, whatever else it holds.

    Raises:
        ProblemError: there is no such case, or it does not exist for the reader.
    """
    found = await find_incident(answering.reading, case)
    if found is None:
        raise not_found()
    answering.shown.add(case)
    return found


def not_found() -> ProblemError:
    """There is no such record, or it does not exist for this caller."""
    return ProblemError("resource.not-found")


def speaks_for(freshness: engine.Freshness, sight: Sight) -> Freshness:
    """What an answer speaks for, as the edge says it."""
    return Freshness(
        position=freshness.position,
        lag=freshness.lag,
        changed_at=freshness.changed_position,
        projection=freshness.version,
        reader=sight.name,
        versions=", ".join(freshness.projections),
    )


def filters_in(parameters: ReadParameters, names: Any) -> dict[str, Any]:
    """The filters among the parameters: those that a filter knows by the same name."""
    return {name: value for name in names if (value := getattr(parameters, name, None)) is not None}


def _version_in(parameters: ReadParameters) -> tuple[str, int] | None:
    if parameters.projection is None:
        return None
    name, _, version = parameters.projection.partition(":")
    return name, int(version)
