"""What has been released for ever, by digest: `python -m tests.support.released` adds what is new and changes nothing.

For each stored name, the form of each of its fields and the golden example; each file of the migrations. A field may be
added later if it is optional; nothing that stands here ever changes or goes away.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from domain.catalogue.names import ALL
from service.store.schemas import schema_of
from tests.support.golden_events import FOLDER

ROOT: Final = Path(__file__).parents[2]
FILE: Final = ROOT / "tests" / "vectors" / "released.json"


def _digest(content: object) -> str:
    raw = content if isinstance(content, bytes) else json.dumps(content, sort_keys=True).encode()
    return sha256(raw).hexdigest()


def _reachable(part: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """The definitions that a part of a schema refers to, and those refer to."""
    found: dict[str, Any] = {}
    waiting = [part]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            name = str(here.get("$ref", "")).rpartition("/")[2]
            if name and name not in found:
                found[name] = definitions[name]
                waiting.append(definitions[name])
            waiting.extend(here.values())
        elif isinstance(here, list):
            waiting.extend(here)
    return found


def _told_apart(part: Any) -> Any:
    """The part without its prose and its lists of words: a better sentence, or one more word, is not another form."""
    if isinstance(part, dict):
        left_out = {"description", "title", "enum"}
        return {name: _told_apart(value) for name, value in part.items() if name not in left_out}
    return [_told_apart(each) for each in part] if isinstance(part, list) else part


def fields_of(schema: dict[str, Any]) -> dict[str, str]:
    """The digest of the form of each field."""
    definitions = schema.get("$defs", {})
    return {
        name: _digest(_told_apart([part, _reachable(part, definitions)]))
        for name, part in schema.get("properties", {}).items()
    }


def words_of(part: Any, path: str = "") -> dict[str, list[str]]:
    """Every closed list that an event takes words from, by its place: words may be added, none goes away."""
    found: dict[str, list[str]] = {}
    if isinstance(part, dict):
        if isinstance(part.get("enum"), list):
            found[path] = sorted(map(str, part["enum"]))
        for name, value in part.items():
            found |= words_of(value, f"{path}/{name}")
    elif isinstance(part, list):
        for place, value in enumerate(part):
            found |= words_of(value, f"{path}/{place}")
    return found


def present() -> dict[str, Any]:
    """What stands now, in the form of the file."""
    return {
        "events": {
            stored.name: {
                "fields": fields_of(schema_of(stored)),
                "words": words_of(schema_of(stored)),
                "required": sorted(schema_of(stored).get("required", [])),
                "golden": _digest((FOLDER / f"{stored.name}.json").read_bytes()),
            }
            for stored in ALL
        },
        "migrations": {
            str(path.relative_to(ROOT)): _digest(path.read_bytes())
            for folder in ("versions", "sql")
            for path in sorted((ROOT / "migrations" / folder).glob("[0-9]*"))
        },
    }


def released() -> dict[str, Any]:
    """What was released."""
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    return found


def write() -> None:
    """Release what is new."""
    standing = released()
    new = present()
    kept = {part: {**new[part], **standing.get(part, {})} for part in new}
    FILE.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
