"""Packs that were tampered with, each with what a verifier must say of it."""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from tests.support.proof.small_logs import SmallLog, a_small_log
from tests.support.proof.small_packs import Pack, pack_of_case, pack_of_log, zipped

SINCE: Final = 6


@dataclass
class Brought:
    """What an auditor brings: a file (or a folder of files), keys, witnesses and a checkpoint that they hold."""

    pack: bytes | dict[str, bytes] | None
    position: int | None = None
    keys: list[str] = field(default_factory=list)
    witnesses: list[str] = field(default_factory=list)
    checkpoint: bytes | None = None
    """The checkpoint that they hold; empty: a file that is not there."""
    limits: dict[str, int] = field(default_factory=dict)
    """Limits of the verifier that are lowered, so that a small pack is too large."""


@dataclass(frozen=True)
class Bad:
    """A pack that does not hold, and of which kind the first damage is (None: it cannot be checked)."""

    name: str
    kind: str | None
    make: Callable[[], Brought]


BAD: Final[list[Bad]] = []


def bad(kind: str | None) -> Callable[[Callable[[], Brought]], Callable[[], Brought]]:
    """Take in a pack that must be found bad."""

    def take(make: Callable[[], Brought]) -> Callable[[], Brought]:
        BAD.append(Bad(make.__name__.replace("_", " "), kind, make))
        return make

    return take


@cache
def _honest(kind: str) -> Pack:
    log = a_small_log()
    if kind == "log":
        return pack_of_log(log, since=SINCE)
    cases = sorted(log.joined())
    return pack_of_case(log, cases if kind == "sample" else cases[:1], kind=kind, since=SINCE)


def honest(kind: str = "log") -> Pack:
    """A pack that holds, to be changed."""
    return copy.deepcopy(_honest(kind))


def of_log(log: SmallLog) -> Pack:
    """The pack of a log that was rewritten, with the signed statements that the honest one had."""
    pack, was = pack_of_log(log), honest()
    pack.files |= {name: was.files[name] for name in ("checkpoint", "heads")}
    return pack


def brought(pack: Pack, position: int | None = None, **changes: Any) -> Brought:
    """The pack as it is, with the log's key."""
    return Brought(zipped(pack.files.items()), position, **{"keys": [pack.log.key.vkey], **changes})


def resealed(pack: Pack, position: int | None = None, **changes: Any) -> Brought:
    """The pack under a manifest that fits again: so only one check is left that can tell."""
    return brought(pack.seal(), position, **changes)


def records(pack: Pack) -> list[dict[str, Any]]:
    """The records of a pack's lines."""
    return [json.loads(line)["record"] for line in pack.lines()]


def followed(pack: Pack) -> int:
    """The number of the last line (from 0) whose event is followed by another of its stream."""
    said = records(pack)
    return [n for n, each in enumerate(said) if each["stream"] in {later["stream"] for later in said[n + 1 :]}][-1]


def ends(pack: Pack) -> list[int]:
    """The numbers of the lines (from 0) that end a stream."""
    said = records(pack)
    return [n for n, each in enumerate(said) if each["stream"] not in {later["stream"] for later in said[n + 1 :]}]
