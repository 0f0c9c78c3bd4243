"""How the objects that queries answer with read in OpenAPI: made from the form in which rows are shown."""

from dataclasses import is_dataclass
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel, create_model

from service.api.fields import Instant, Uuid
from service.reading.forms import Form, flat_types, part_types

_EVENT: Final[dict[str, Any]] = {
    "position": int,
    "id": Uuid,
    "stream": Uuid,
    "stream_version": int,
    "type": str,
    "effective_at": Instant,
    "recorded_at": Instant,
    "organisation": str,
    "actor": Uuid,
    "correlation_id": str | None,
    "causation_id": Uuid | None,
    "editions": list[str],
    "leaf_hash": str | None,
    "payload": dict[str, Any],
}


def record_schema(name: str, *forms: Form[Any]) -> type[BaseModel]:
    """The schema of one record, which shows what each of these forms shows."""
    return _model(name, {field: kind for form in forms for field, kind in form.types().items()})


def list_schema(name: str, types: dict[str, Any]) -> Any:
    """The schema of a list of flat objects with these fields."""
    return listed(name, _model(name, flat_types(types)))


def nested_list_schema(name: str, types: dict[str, Any]) -> Any:
    """The schema of a list whose objects hold lists of their own."""
    return listed(name, _model(name, types))


def listed(name: str, item: Any) -> Any:
    """A list as every query answers one: bare, or with `envelope=true` as `{items, next, total}`."""
    envelope = _model(f"{name}Page", {"items": list[item], "next": str | None, "total": int | None})
    return list[item] | envelope


def event_schema() -> Any:
    """The schema of one event of the log, or of the stub in its place."""
    return _model("LedgerEvent", _EVENT) | _model("EventStub", {"position": int, "stub": bool, "leaf_hash": str | None})


def _model(name: str, types: dict[str, Any]) -> type[BaseModel]:
    fields: Any = {field: (_published(kind), ...) for field, kind in types.items()}
    model: type[BaseModel] = create_model(name, **fields)
    return model


def _published(kind: Any) -> Any:
    """The type of a field; parts of a record are published under their own names."""
    part: Any = get_args(kind)[0] if get_origin(kind) is list else None
    if not (isinstance(part, type) and is_dataclass(part)):
        return kind
    model: Any = _model(part.__name__, part_types(part))
    return list[model]
