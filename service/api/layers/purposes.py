"""What a reader says that they read for: one header with a code of a closed list."""

from collections.abc import Iterable
from typing import Any, Final

from domain.access_log.purpose import Purpose
from service.api.problems import ProblemError
from service.api.refusing.invalid import FieldError

PURPOSE_OF_USE: Final = "Purpose-Of-Use"

PURPOSE_PARAMETER: Final[dict[str, Any]] = {
    "name": PURPOSE_OF_USE,
    "in": "header",
    "required": False,
    "description": "What a case is read for, as it is written down with each read; absent: what the role implies.",
    "schema": {"type": "string", "enum": [purpose.value for purpose in Purpose]},
}
"""How OpenAPI shows the header, on every query."""

_HEADER: Final = PURPOSE_OF_USE.lower().encode()
_KNOWN: Final = {purpose.value.encode(): purpose for purpose in Purpose}


def purpose_in(headers: Iterable[tuple[bytes, bytes]]) -> Purpose | None:
    """What the headers of a request say; None where they do not.

    Raises:
        ProblemError: the header is given twice, or holds no code of the list.
    """
    given = [value.strip() for name, value in headers if name == _HEADER]
    if not given:
        return None
    if len(given) > 1 or given[0] not in _KNOWN:
        sentence = f"{PURPOSE_OF_USE} must be given once, and be one of: {', '.join(Purpose)}."
        raise ProblemError("request.header-invalid", sentence, errors=[FieldError(PURPOSE_OF_USE, "unknown", sentence)])
    return _KNOWN[given[0]]
