"""Answers that say no: RFC 9457 problems, made from whatever went wrong, and never holding a value that was sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

import orjson
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from domain.incident.commands.close_incident import CaseNotReady
from domain.kernel.refusal import Refusal
from service.api.refusing.codes import EDGE_PROBLEMS, ProblemKind
from service.api.refusing.invalid import FieldError, field_errors
from service.api.refusing.statuses import kind_of
from service.handling.refusals import ReferenceTaken, VersionStale

MEDIA_TYPE: Final = "application/problem+json"

Outages = Mapping[type[Exception], str]
"""Failures of what stands behind the edge, each with the code of the problem that it is answered with."""

_BY_STATUS: Final = {
    HTTPStatus.NOT_FOUND: "resource.not-found",
    HTTPStatus.METHOD_NOT_ALLOWED: "request.method-not-allowed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "request.too-large",
    HTTPStatus.BAD_REQUEST: "request.malformed",
}


class ProblemError(Exception):
    """The request is answered with a problem of the edge. `detail` is a sentence that holds no value that was sent."""

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.kind = EDGE_PROBLEMS[code]
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class Problem:
    """One answer that says no."""

    kind: ProblemKind
    detail: str = ""
    errors: tuple[FieldError, ...] = ()
    reasons: tuple[str, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self, instance: str = "") -> dict[str, Any]:
        """The members of the problem; `instance` names this occurrence."""
        members: dict[str, Any] = {
            "type": self.kind.type,
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail or f"{self.kind.title}.",
            "instance": instance,
            "code": self.kind.code,
            "errors": [{"pointer": error.pointer, "code": error.code, "detail": error.detail} for error in self.errors],
        }
        if self.reasons:
            members["reasons"] = list(self.reasons)
        if self.links:
            members["links"] = dict(self.links)
        return members

    def response(self, instance: str = "") -> Response:
        """The HTTP answer, with `Retry-After` and `WWW-Authenticate` where they belong."""
        headers = dict(self.headers)
        if self.kind.retry_after is not None:
            headers.setdefault("Retry-After", str(self.kind.retry_after))
        if self.kind.status == HTTPStatus.UNAUTHORIZED:
            error = ', error="invalid_token"' if self.kind.code == "identity.token-refused" else ""
            headers["WWW-Authenticate"] = f'Bearer realm="incident-ledger"{error}'
        return Response(orjson.dumps(self.body(instance)), self.kind.status, headers=headers, media_type=MEDIA_TYPE)


def problem_for(error: Exception, outages: Outages) -> Problem | None:
    """The problem that an exception is answered with; None where it is a failure of ours."""
    match error:
        case ProblemError():
            return Problem(error.kind, error.detail, error.errors, headers=error.headers)
        case Refusal():
            return of_refusal(error)
        case ValidationError():
            return invalid(error.errors(include_url=False, include_input=False))
        case RequestValidationError():
            return _of_parameters(error)
        case HTTPException():
            return _of_status(error)
    for kind in type(error).__mro__:
        if kind in outages:
            return Problem(EDGE_PROBLEMS[outages[kind]])
    return None


def of_refusal(refusal: Refusal) -> Problem:
    """A rule of the field said no: its reasons, and the fields at fault."""
    reasons = refusal.reasons
    return Problem(
        kind_of(type(refusal)),
        " ".join(reasons) or refusal.title(),
        _errors_of(refusal),
        reasons=reasons or (refusal.title(),),
        links=_links_of(refusal),
        headers={"ETag": f'W/"{refusal.version}"'} if isinstance(refusal, VersionStale) else {},
    )


def _errors_of(refusal: Refusal) -> tuple[FieldError, ...]:
    """The fields at fault; a case that is not ready has none, and tells each obstacle by its own code instead."""
    if isinstance(refusal, CaseNotReady):
        return tuple(FieldError("", obstacle.code, obstacle.sentence) for obstacle in refusal.obstacles)
    paired = len(refusal.reasons) == len(refusal.pointers)
    return tuple(
        FieldError(pointer, refusal.code, refusal.reasons[at] if paired else refusal.title())
        for at, pointer in enumerate(refusal.pointers)
    )


def _links_of(refusal: Refusal) -> dict[str, str]:
    """Where the reader may look: a reference that was used before links to its first report."""
    return {"incident": f"/v1/incidents/{refusal.stream}"} if isinstance(refusal, ReferenceTaken) else {}


def invalid(errors: Sequence[Any], document: object = None) -> Problem:
    """What a body's model refused; `document` is the body as sent, from which pointers (never values) are made."""
    found = field_errors(errors, document)
    unknown = bool(found) and all(error.code == "unknown" for error in found)
    code = "request.unknown-field" if unknown else "request.invalid"
    return Problem(EDGE_PROBLEMS[code], errors=found)


def _of_parameters(error: RequestValidationError) -> Problem:
    places = {str(entry["loc"][0]) for entry in error.errors() if entry.get("loc")}
    if "path" in places:  # an id that is not an id names nothing
        return Problem(EDGE_PROBLEMS["resource.not-found"])
    found = field_errors(error.errors())
    code = "request.invalid" if "body" in places else "request.parameter-invalid"
    return Problem(EDGE_PROBLEMS[code], errors=found)


def _of_status(error: HTTPException) -> Problem:
    code = _BY_STATUS.get(HTTPStatus(error.status_code), "service.failed")
    allow = {name: value for name, value in (error.headers or {}).items() if name.lower() == "allow"}
    return Problem(EDGE_PROBLEMS[code], headers=allow)
