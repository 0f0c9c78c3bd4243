"""What a model refused, said without the value that it refused: a pointer, a stable word, a sentence."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic_core import PydanticCustomError

_FIELD_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_MISSING: Final = "missing"
_UNKNOWN: Final = "extra_forbidden"
_OURS: Final = "field."


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one field: where (a JSON pointer, or `?name`, or a header's name), what, and a sentence."""

    pointer: str
    code: str
    detail: str


def field_refusal(code: str, sentence: str) -> PydanticCustomError:
    """What a field type raises: a stable word, and a sentence that must not hold the value refused."""
    return PydanticCustomError(f"{_OURS}{code}", "{sentence}", {"sentence": sentence})  # type: ignore[arg-type,unused-ignore]


# pydantic's own sentences are not used: some of them quote what was sent.
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    _MISSING: ("missing", "This field is required."),
    _UNKNOWN: ("unknown", "This field is not known."),
    "string_type": ("wrong-type", "This must be a text."),
    "string_too_short": ("too-short", "This must have at least {min_length} characters."),
    "string_too_long": ("too-long", "This must have at most {max_length} characters."),
    "string_pattern_mismatch": ("wrong-form", "This does not have the form asked for."),
    "int_type": ("wrong-type", "This must be a whole number."),
    "int_from_float": ("wrong-type", "This must be a whole number."),
    "int_parsing": ("wrong-type", "This must be a whole number."),
    "int_parsing_size": ("out-of-range", "This number is out of range."),
    "float_type": ("wrong-type", "This must be a number."),
    "bool_type": ("wrong-type", "This must be true or false."),
    "bool_parsing": ("wrong-type", "This must be true or false."),
    "list_type": ("wrong-type", "This must be a list."),
    "tuple_type": ("wrong-type", "This must be a list."),
    "set_type": ("wrong-type", "This must be a list."),
    "frozen_set_type": ("wrong-type", "This must be a list."),
    "dict_type": ("wrong-type", "This must be an object."),
    "model_type": ("wrong-type", "This must be an object."),
    "model_attributes_type": ("wrong-type", "This must be an object."),
    "dataclass_type": ("wrong-type", "This must be an object."),
    "none_required": ("wrong-type", "This must be null."),
    "too_short": ("too-short", "This must have at least {min_length} entries."),
    "too_long": ("too-long", "This must have at most {max_length} entries."),
    "greater_than": ("out-of-range", "This must be greater than {gt}."),
    "greater_than_equal": ("out-of-range", "This must be at least {ge}."),
    "less_than": ("out-of-range", "This must be less than {lt}."),
    "less_than_equal": ("out-of-range", "This must be at most {le}."),
    "enum": ("not-in-list", "This must be one of: {expected}."),
    "literal_error": ("not-in-list", "This must be one of: {expected}."),
    "union_tag_not_found": ("missing", "This needs the field that says which kind it is."),
    "union_tag_invalid": ("not-in-list", "The kind must be one of: {expected_tags}."),
}
_OTHER: Final = ("wrong-form", "This is not in a form that is taken.")


def field_errors(errors: Sequence[Any], document: object = None) -> tuple[FieldError, ...]:
    """Each thing wrong, once, in the order in which the model found it."""
    found: dict[FieldError, None] = {}
    for entry in errors:
        code, detail = _said(entry["type"], entry.get("ctx") or {})
        pointer = _pointer(entry["loc"], document, keep_last=entry["type"] in (_MISSING, _UNKNOWN))
        found[FieldError(pointer, code, detail)] = None
    return tuple(found)


def _said(kind: str, context: Mapping[str, Any]) -> tuple[str, str]:
    if kind.startswith(_OURS):
        return kind.removeprefix(_OURS), str(context["sentence"])
    code, sentence = _WORDS.get(kind, _OTHER)
    return code, sentence.format_map(context)


def json_pointer(path: Sequence[str | int]) -> str:
    """An RFC 6901 pointer. It stops at a name that does not look like a field's name: that may be anything."""
    pointer = ""
    for step in path:
        if isinstance(step, str) and not _FIELD_NAME.fullmatch(step):
            return pointer
        pointer += f"/{step}"
    return pointer


def _has(here: object, step: str | int) -> bool:
    if isinstance(here, list):
        return isinstance(step, int) and step < len(here)
    return isinstance(here, dict) and step in here


def _pointer(location: Sequence[str | int], document: object, *, keep_last: bool) -> str:
    """Follow the document: pydantic's location also names the branch of a union, which the sender never wrote."""
    if document is None:
        return json_pointer(location)
    path: list[str | int] = []
    here: Any = document
    for at, step in enumerate(location):
        if _has(here, step):
            here = here[step]
        elif not (keep_last and at == len(location) - 1):
            continue
        path.append(step)
    return json_pointer(path)
