"""What a pack is asked to be, and what it will be: its subject, its checkpoint, its reader."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from service.reading.audit.packs.proving import Checkpoint
from service.reading.sight import Sight


class PackKind(StrEnum):
    """What a pack holds."""

    CASE = "case"
    SAMPLE = "sample"
    LOG = "log"


class SinceUnknownError(ValueError):
    """The log signed no such checkpoint, or it is larger than that of the pack, which cannot have grown out of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pin:
    """Which checkpoint a pack hangs on.

    `known_at`: the first one that covers this position or instant, the same one for ever; None: the newest. `since`: the
    size of an earlier checkpoint, from which the log is shown to have grown. `as_of`: the moment with which clocks are compared; None:
    when the last event under the checkpoint was recorded.
    """

    known_at: int | datetime | None = None
    min_position: int = 0
    since: int | None = None
    as_of: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A case or a sample that exists for a reader; its newest event stands at `newest`."""

    kind: PackKind
    id: UUID
    newest: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """Everything that decides what a pack holds.

    `cases` are read whole; `streams` are those beside them (the sample's own). `names` are those of organisations. `lag`
    is how many events of the log the checkpoint does not cover.
    """

    kind: PackKind
    sight: Sight
    checkpoint: Checkpoint
    recorded_at: datetime
    as_of: datetime
    cases: tuple[UUID, ...] = ()
    streams: tuple[UUID, ...] = ()
    sample: Mapping[str, Any] | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    since: Checkpoint | None = None
    lag: int = 0

    @property
    def log(self) -> str:
        """The name in which the log signed the checkpoint."""
        return self.checkpoint.origin

    @property
    def size(self) -> int:
        """How many events the checkpoint covers."""
        return self.checkpoint.size

    @property
    def name(self) -> str:
        """The name of its file: which case or sample, at which position, and nothing of any person."""
        match self.kind:
            case PackKind.CASE:
                subject = str(self.cases[0])
            case PackKind.SAMPLE:
                subject = f"sample-{self.streams[0]}"
            case PackKind.LOG:
                subject = "log"
        return f"evidence-pack-{subject}-at-{self.size}.zip"
