"""What the HTTP contract says in headers: retry keys, versions that a command relies on, and forms of an answer."""

import re
from collections.abc import Sequence
from typing import Final

from starlette.requests import Request

from service.api.problems import ProblemError
from service.api.refusing.invalid import FieldError

JSON: Final = "application/json"
CSV: Final = "text/csv"
NDJSON: Final = "application/x-ndjson"
LIST_FORMS: Final = (JSON, CSV, NDJSON)

IDEMPOTENCY_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
"""The one form of a key, in a header as in a batch: what one of them takes, the other must be able to send again."""

_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\["\\])*)"')
_ESCAPED: Final = re.compile(r'\\(["\\])')
_VERSION: Final = re.compile(r'W/"(0|[1-9][0-9]{0,17})"')
_RANGE: Final = re.compile(r"([a-z*]+)/([a-z0-9*.+-]+)")


def header_refused(name: str, sentence: str) -> ProblemError:
    """The problem of a header whose form is not taken; names the header, never its value."""
    return ProblemError("request.header-invalid", sentence, errors=[FieldError(name, "wrong-form", sentence)])


def single_header(request: Request, name: str) -> str | None:
    """A header's value; None where it is absent.

    Raises:
        ProblemError: it is given twice.
    """
    values = request.headers.getlist(name)
    if len(values) > 1:
        raise header_refused(name, f"{name} must be given once.")
    return values[0] if values else None


def idempotency_key(request: Request) -> str | None:
    """The key under which a command may be sent again: bare, or quoted as the Internet-Draft has it.

    Raises:
        ProblemError: it is not 1 to 255 visible ASCII characters.
    """
    given = single_header(request, "Idempotency-Key")
    if given is None:
        return None
    key = given
    if given.startswith('"'):
        quoted = _QUOTED.fullmatch(given)
        key = _ESCAPED.sub(r"\1", quoted[1]) if quoted else ""
    if not IDEMPOTENCY_KEY.fullmatch(key):
        raise header_refused("Idempotency-Key", "Idempotency-Key must be 1 to 255 visible ASCII characters.")
    return key


def expected_version(request: Request) -> int | None:
    """The stream version that the client decided on (`If-Match: W/"n"`).

    None where it named none; `*` asks only that the record exists, which every command on a record asks anyway.

    Raises:
        ProblemError: the header has another form.
    """
    given = single_header(request, "If-Match")
    if given is None or given == "*":
        return None
    version = _VERSION.fullmatch(given)
    if version is None:
        raise header_refused("If-Match", 'If-Match must be W/"n", as the ETag of an answer gives it.')
    return int(version[1])


def accepted(request: Request, offered: Sequence[str] = (JSON,)) -> str:
    """The form, of those offered (best first), that the client likes most.

    Raises:
        ProblemError: it takes none of them.
    """
    given = ",".join(request.headers.getlist("accept"))
    if given in ("", "*/*", offered[0]):
        return offered[0]
    wanted = [_preference(part) for part in given.lower().split(",")]
    best = max(offered, key=lambda form: _quality(form, wanted))
    if _quality(best, wanted) <= 0:
        raise ProblemError("request.not-acceptable", f"Offered here: {', '.join(offered)}.")
    return best


def _preference(part: str) -> tuple[str, str, float]:
    form, *parameters = (piece.strip() for piece in part.split(";"))
    match = _RANGE.fullmatch(form)
    if match is None:
        return "", "", 0.0
    quality = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
    return match[1], match[2], float(quality) if re.fullmatch(r"[01](\.[0-9]{0,3})?", quality) else 0.0


def _quality(form: str, wanted: Sequence[tuple[str, str, float]]) -> float:
    """The quality of the most exact range that names this form (RFC 9110, section 12.5.1)."""
    kind, sub = form.split("/")
    exact = [quality for k, s, quality in wanted if (k, s) == (kind, sub)]
    family = [quality for k, s, quality in wanted if (k, s) == (kind, "*")]
    anything = [quality for k, s, quality in wanted if (k, s) == ("*", "*")]
    return (exact or family or anything or [0.0])[0]
