"""The page of a pack, written part by part: plain HTML without a script, in which every text is escaped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from projections.incident_timeline.sentences.wording import day, moment, words
from service.reading.audit.packs.pages.chapters import Chapter

_PLACE: Final = "service.reading.audit.packs.pages"


@dataclass(frozen=True, kw_only=True, slots=True)
class Front:
    """What the page says first: what the pack is of, for whom, and which checkpoint it hangs on.

    `names` are those of the organisations that it mentions, by code.
    """

    kind: str
    log: str
    size: int
    root: str
    recorded_at: datetime
    as_of: datetime
    organisation: str
    roles: Sequence[str]
    cases: Sequence[UUID] = ()
    sample: Mapping[str, Any] | None = None
    names: Mapping[str, str] = field(default_factory=dict)


def opening(front: Front) -> bytes:
    """The page up to its first chapter."""
    return _rendered("opening", front=front)


def chapter(told: Chapter, *, number: int, names: Mapping[str, str]) -> bytes:
    """One case."""
    return _rendered("chapter", case=told, number=number, names=names)


def whole_log(counts: Mapping[str, int]) -> bytes:
    """The log in numbers: how many events there are of each stored name."""
    return _rendered("log", counts=dict(sorted(counts.items())))


def closing() -> bytes:
    """The end of the page."""
    return _rendered("closing")


def _rendered(name: str, **values: Any) -> bytes:
    return _environment().get_template(f"{name}.html").render(**values).encode()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(_PLACE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"moment": moment_shown, "day": day, "words": words, "label": label, "short": _short}
    return environment


def moment_shown(at: datetime) -> Markup:
    """An instant by the clock in London, with UTC beside it."""
    utc = at.astimezone(UTC)
    stamp = utc.isoformat().replace("+00:00", "Z")
    return Markup('<time datetime="{}">{} <small>({:%H:%M:%S} UTC)</small></time>').format(stamp, moment(at), utc)


def label(path: str) -> str:
    """A field path as people read it: `location.place` is the place of the location."""
    return " of ".join(words(step) for step in reversed(path.split(".")) if not step.isdigit())


def _short(actor: UUID) -> str:
    """The first eight characters of a pseudonym, which stand for it on the page."""
    return str(actor)[:8]
