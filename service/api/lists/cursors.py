"""Cursors: where a list stopped, at which position, sealed against change and bound to the list they came from."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import orjson

from service.api.problems import ProblemError

_TAG: Final = 16
_LONGEST: Final = 2_000

CursorKey = str | int | None


@dataclass(frozen=True, slots=True)
class Cursor:
    """The list is read at `position`; the next page begins after the row whose sort key is `after`."""

    position: int
    after: tuple[CursorKey, ...]


class CursorBox:
    """Writes and reads cursors. A cursor opens only for the `list_name` it was made for (path, filters, reader)."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, position: int, after: Sequence[CursorKey], list_name: str) -> str:
        """The text of a cursor, safe in a URL. Sort keys are ids, days and codes: never a personal value."""
        content = orjson.dumps([position, list(after)])
        return base64.urlsafe_b64encode(self._tag(content, list_name) + content).rstrip(b"=").decode()

    def open(self, text: str, list_name: str) -> Cursor:
        """The cursor that `seal` wrote.

        Raises:
            ProblemError: it was changed, or made for another list.
        """
        if len(text) > _LONGEST or not text.isascii():
            raise ProblemError("request.cursor-invalid")
        try:
            box = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise ProblemError("request.cursor-invalid") from None
        tag, content = box[:_TAG], box[_TAG:]
        if not hmac.compare_digest(tag, self._tag(content, list_name)):
            raise ProblemError("request.cursor-invalid")
        position, after = orjson.loads(content)
        return Cursor(position, tuple(after))

    def _tag(self, content: bytes, list_name: str) -> bytes:
        name = hashlib.sha256(list_name.encode()).digest()
        return hmac.new(self._key, name + content, hashlib.sha256).digest()[:_TAG]
