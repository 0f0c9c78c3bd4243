"""The stored form of each type: how a field looks as JSON, and what is accepted when it is read again.

Strict both ways. Instants are written in UTC with `Z`, ids as text, enumerations by value, a sealed value as
`{"about", "key", "box"}`; an unknown or a missing field is damage, never ignored.
"""

from datetime import UTC, date, datetime
from enum import Enum
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import GetCoreSchemaHandler, TypeAdapter
from pydantic_core import CoreSchema
from pydantic_core import core_schema as forms

from domain.kernel.personal import Sealed
from service.store.codec.shape import Either, Many, Maybe, Plain, Record, Secret, Shape, shape_of

_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


class NotStorableError(ValueError):
    """A value is not of the kind that its field declares; says nothing of the value itself."""


def adapter_of(event: type[Any]) -> TypeAdapter[Any]:
    """Writes and reads the payload of one event class; what it reads has no envelope yet, and boxes as bare text."""
    if event not in _ADAPTERS:
        form: Any = Annotated[event, _StoredForm()]
        _ADAPTERS[event] = TypeAdapter(form)
    return _ADAPTERS[event]


class _StoredForm:
    """Puts our form in the place of the one that pydantic would derive from the class."""

    def __get_pydantic_core_schema__(self, source: type[Any], handler: GetCoreSchemaHandler) -> CoreSchema:
        return _form(shape_of(source))


def _form(shape: Shape) -> CoreSchema:
    match shape:
        case Plain(type=plain):
            return _enumeration(plain) if issubclass(plain, Enum) else _PLAIN_FORMS[plain]
        case Secret():
            return _secret(shape)
        case Maybe(inner=inner):
            return forms.nullable_schema(_form(inner))
        case Many(each=each):
            return forms.tuple_variable_schema(_form(each))
        case Either(options=options):
            return forms.union_schema([_form(option) for option in options])
        case Record():
            return _record(shape)


def _enumeration(enumeration: type[Enum]) -> CoreSchema:
    kind: Any = "int" if issubclass(enumeration, int) else "str"
    return forms.enum_schema(enumeration, list(enumeration), sub_type=kind)


def _record(record: Record) -> CoreSchema:
    fields = []
    for part in record.parts:
        form = _form(part.shape)
        if part.optional:
            form = forms.with_default_schema(form, default=None)
        fields.append(forms.dataclass_field(part.name, form))
    return _dataclass(record.type, fields)


def _secret(secret: Secret) -> CoreSchema:
    only_boxes = forms.plain_serializer_function_ser_schema(_box_of, return_schema=forms.str_schema())
    box = forms.str_schema(min_length=1, serialization=only_boxes)
    return _dataclass(
        secret.type,
        [
            forms.dataclass_field("about", forms.uuid_schema()),
            forms.dataclass_field("key", forms.uuid_schema()),
            forms.dataclass_field("words", box, validation_alias="box", serialization_alias="box"),
        ],
    )


def _dataclass(record: type[Any], fields: list[forms.DataclassField]) -> CoreSchema:
    return forms.dataclass_schema(
        record,
        forms.dataclass_args_schema(record.__name__, fields, extra_behavior="forbid"),
        [field["name"] for field in fields],
        slots="__slots__" in vars(record),
    )


def _box_of(words: object) -> str:
    if not isinstance(words, Sealed):
        raise NotStorableError("a personal or narrative value was not sealed")
    return words.box


def _our_utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC)


_INSTANT: Final = forms.no_info_after_validator_function(
    _our_utc,
    forms.datetime_schema(tz_constraint=0, microseconds_precision="error"),
)

_PLAIN_FORMS: Final[dict[type[Any], CoreSchema]] = {
    UUID: forms.uuid_schema(),
    str: forms.str_schema(),
    int: forms.int_schema(),
    bool: forms.bool_schema(),
    datetime: _INSTANT,
    date: forms.date_schema(),
}
