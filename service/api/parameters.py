"""Query parameters: known ones only, each once, read by a model; and the ones that every query takes."""

import re
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, PlainValidator, StringConstraints, ValidationError, WithJsonSchema
from starlette.requests import Request

from service.api.edge import edge_of
from service.api.fields import Instant, instant
from service.api.problems import ProblemError
from service.api.refusing.invalid import FieldError, field_errors, field_refusal

LIMIT_MOST: Final = 500
LIMIT_USUAL: Final = 50

_WHOLE: Final = re.compile(r"0|[1-9][0-9]{0,17}")
_CONTROL: Final = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


def _position(value: object) -> int:
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    raise field_refusal("not-a-position", "This must be a position in the ledger: a whole number from 0.")


def _limit(value: object) -> int:
    if isinstance(value, str) and _WHOLE.fullmatch(value) and 1 <= int(value) <= LIMIT_MOST:
        return int(value)
    raise field_refusal("out-of-range", f"This must be a whole number from 1 to {LIMIT_MOST}.")


def _known_at(value: object) -> int | datetime:
    return int(value) if isinstance(value, str) and _WHOLE.fullmatch(value) else instant(value)


def _switch(value: object) -> bool:
    if value in ("true", "false"):
        return value == "true"
    raise field_refusal("wrong-type", "This must be true or false.")


Position = Annotated[int, PlainValidator(_position), WithJsonSchema({"type": "integer", "minimum": 0})]
Switch = Annotated[bool, PlainValidator(_switch), WithJsonSchema({"type": "boolean"})]
KnownAt = Annotated[
    int | datetime,
    PlainValidator(_known_at),
    WithJsonSchema({"oneOf": [{"type": "integer", "minimum": 0}, {"type": "string", "format": "date-time"}]}),
]
Limit = Annotated[int, PlainValidator(_limit), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": LIMIT_MOST})]
CursorText = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
ProjectionText = Annotated[str, StringConstraints(pattern="^[a-z][a-z_]{0,39}:[0-9]{1,9}$")]


class NoParameters(BaseModel):
    """A query that takes no parameter at all; also what every set of query parameters is made of."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class ReadParameters(NoParameters):
    """What every query takes."""

    min_position: Position | None = None
    """Wait until the read model has reached this position."""

    as_known_at: KnownAt | None = None
    """What the ledger knew at this position or instant."""

    as_of: Instant | None = None
    """The moment with which clocks are compared."""

    projection: ProjectionText | None = None
    """The read model with the version that must answer (`timeliness:2`): 409 where another version does."""


class ListParameters(ReadParameters):
    """What every list takes."""

    limit: Limit = LIMIT_USUAL
    cursor: CursorText | None = None
    envelope: Switch = False


Parameters = TypeVar("Parameters", bound=NoParameters)


def read_parameters(request: Request, model: type[Parameters]) -> Parameters:
    """The request's query parameters as `model`.

    Raises:
        ProblemError: one is unknown, given twice, or has a form that is not taken.
    """
    if not request.scope["query_string"] and not _asks_for_one(model):
        return model()
    given: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name not in model.model_fields:
            raise _refused("request.parameter-unknown", name, "unknown", "This parameter is not known here.")
        if name in given:
            raise _refused("request.parameter-repeated", name, "repeated", "This parameter must be given once.")
        if _CONTROL.search(value):
            raise _refused("request.parameter-invalid", name, "unsafe-text", "This holds a control character.")
        given[name] = value
    try:
        return model.model_validate_strings(given, context=dict(edge_of(request).field_context))
    except ValidationError as error:
        found = field_errors(error.errors(include_url=False, include_input=False))
        wrong = [FieldError(f"?{entry.pointer.split('/')[1]}", entry.code, entry.detail) for entry in found]
        raise ProblemError("request.parameter-invalid", errors=wrong) from None


@lru_cache(maxsize=256)
def _asks_for_one(model: type[NoParameters]) -> bool:
    return any(each.is_required() for each in model.model_fields.values())


def _refused(code: str, name: str, word: str, sentence: str) -> ProblemError:
    shown = name if _NAME.fullmatch(name) else ""
    return ProblemError(code, errors=[FieldError(f"?{shown}", word, sentence)])


def described(model: type[NoParameters]) -> list[dict[str, Any]]:
    """The parameters as OpenAPI lists them."""
    schema = model.model_json_schema()
    return [
        {"name": name, "in": "query", "required": name in schema.get("required", ()), "schema": _without_null(entry)}
        for name, entry in schema.get("properties", {}).items()
    ]


def _without_null(entry: dict[str, Any]) -> dict[str, Any]:
    """A parameter that is absent is not null: only the other branch is shown."""
    branches = [branch for branch in entry.get("anyOf", ()) if branch != {"type": "null"}]
    shown = {name: value for name, value in entry.items() if name not in ("anyOf", "title", "default")}
    if len(branches) == 1:
        shown |= branches[0]
    elif branches:
        shown["anyOf"] = branches
    if entry.get("default") is not None:
        shown["default"] = entry["default"]
    return shown
