"""Sealed values in payloads, and those of them that the pack shows open to its reader."""

from __future__ import annotations

from typing import Any

from service.proof.offline.damage import DamageError
from service.proof.offline.reading import expect, is_count, parsed
from service.proof.offline.records import Entry

_SEALED = {"about", "key", "box"}
_DEPTH_MAX = 100


def sealed_paths(payload: bytes) -> list[str]:
    """Where the sealed values of a payload are: names and places of lists from the event down, between dots."""
    try:
        value = parsed(payload, canonical=True)
    except ValueError:
        return []
    found: list[str] = []
    _walk(value, "", found, _DEPTH_MAX)
    return found


def _walk(value: Any, path: str, found: list[str], depth: int) -> None:
    prefix = f"{path}." if path else ""
    if isinstance(value, dict) and value.keys() == _SEALED and all(isinstance(each, str) for each in value.values()):
        found.append(path)
        return
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in parts if depth else ():
        _walk(inner, f"{prefix}{name}", found, depth - 1)


class Opened:
    """What `opened.json` shows, held against the payloads as they come by."""

    def __init__(self, listed: Any) -> None:
        """Take in the list.

        Raises:
            DamageError: it is no such list, or a value is there twice.
        """
        self.sealed = self.words = self.erased = 0
        self._awaited: dict[int, dict[str, bool]] = {}
        for each in expect(listed, list, "opened.json"):
            position, path, erased = _shown(each)
            paths = self._awaited.setdefault(position, {})
            if path in paths:
                raise DamageError("inserted", f"the value at {path} is shown twice", position)
            paths[path] = erased

    def meet(self, entry: Entry) -> None:
        """Count the sealed values of an event, and pass those that are shown.

        Raises:
            DamageError: a value is shown where nothing was sealed.
        """
        position = entry.position
        shown = self._awaited.pop(position, {})
        paths = set(sealed_paths(entry.payload))
        stray = sorted(shown.keys() - paths)
        if stray:
            raise DamageError(
                "inserted", f"opened.json shows a value at {stray[0]}, where nothing was sealed", position
            )
        self.erased += sum(shown.values())
        self.words += len(shown) - sum(shown.values())
        self.sealed += len(paths) - len(shown)

    def end(self) -> None:
        """Pass where every value shown belonged to an event.

        Raises:
            DamageError: one is of an event that the pack does not have.
        """
        if self._awaited:
            raise DamageError("inserted", "opened.json shows a value of an event that is not here", min(self._awaited))


def _shown(value: Any) -> tuple[int, str, bool]:
    each = expect(value, dict, "a value in opened.json")
    position, path = each.get("position"), each.get("path")
    erased = each.keys() == {"position", "path", "erased"} and each["erased"] is True
    words = each.keys() == {"position", "path", "words"} and isinstance(each["words"], str)
    if not is_count(position) or not isinstance(path, str) or not (erased or words):
        raise DamageError("edited", "a value in opened.json is neither words nor erased")
    return position, path, erased
