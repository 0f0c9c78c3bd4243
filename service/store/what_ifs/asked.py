"""A what-if question and how far its answer is: what is kept of it, and who may hold what for how long."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

KEPT_FOR: Final = timedelta(days=7)
"""How long a result can be fetched after it was finished (and a question that nobody carries out waits)."""

UNFINISHED_MOST: Final = 5
"""How many questions of one organisation may wait or run at once."""

LEASE: Final = timedelta(seconds=60)
"""How long a runner holds a question without a sign of life before another goes on with it."""

TAKEOVERS_MOST: Final = 4
"""How often a question is taken over from a runner that died, before it is taken for what kills them."""


class JobStatus(StrEnum):
    """Where a question stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class ResultList(StrEnum):
    """The lists of a result: one row for each incident that changes, one for each duty that does."""

    INCIDENTS = "incidents"
    DUTIES = "duties"


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What is asked: editions by reference, families or editions to do without, and discovery in which span."""

    editions: tuple[str, ...]
    without: tuple[str, ...] = ()
    discovered_from: datetime | None = None
    discovered_to: datetime | None = None

    def stored(self) -> dict[str, Any]:
        """The form in which it is kept."""
        return {
            "editions": list(self.editions),
            "without": list(self.without),
            "discovered_from": None if self.discovered_from is None else self.discovered_from.isoformat(),
            "discovered_to": None if self.discovered_to is None else self.discovered_to.isoformat(),
        }


def question_in(stored: Mapping[str, Any]) -> Question:
    """The question that was kept."""
    spans = {name: stored[name] for name in ("discovered_from", "discovered_to")}
    return Question(
        editions=tuple(stored["editions"]),
        without=tuple(stored["without"]),
        **{name: None if value is None else datetime.fromisoformat(value) for name, value in spans.items()},
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class NewWhatIf:
    """A question to be kept: by whom (and, where given, under which key), of whose cases, about which past."""

    id: UUID
    asked_by: UUID
    organisation: str
    key: bytes | None
    body: bytes
    question: Question
    providers: Sequence[str]
    position: int
    as_of: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class WhatIf:
    """A question as it stands; `after` is the last case (its provider, its first position) that was looked at."""

    id: UUID
    asked_by: UUID
    asked_at: datetime
    question: Question
    providers: tuple[str, ...]
    position: int
    as_of: datetime
    status: JobStatus
    after: tuple[str, int] | None
    looked_at: int
    total: int | None
    counts: Mapping[str, Any] | None
    failure: str | None
    finished_at: datetime | None

    @property
    def expires_at(self) -> datetime:
        """From when on nobody finds it any more."""
        return (self.finished_at or self.asked_at) + KEPT_FOR


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One row of a list; `incident`, `rule` and `difference` are what lists are filtered by."""

    list: ResultList
    incident: UUID
    row: Mapping[str, Any]
    rule: str | None = None
    difference: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """How far a runner has come, and the rows that it found since the step before."""

    after: tuple[str, int] | None
    looked_at: int
    total: int
    counts: Mapping[str, Any]
    rows: Sequence[ResultRow] = field(default=())
