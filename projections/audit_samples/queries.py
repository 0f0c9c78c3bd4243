"""Questions about random samples."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement

from domain.policy.questions import Outcome, Question
from projections.audit_samples.model import MODEL
from projections.audit_samples.rows import SampleRow
from projections.engine.pages import Order
from projections.engine.reading import Found, Reading

NEWEST_FIRST: Final = Order("committed_at", descending=True)

_PLAIN: Final = ("status", "question", "outcome")


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleFilter:
    """Which samples; what is None does not matter. `status` is `committed` or `drawn`."""

    status: str | None = None
    question: Question | None = None
    outcome: Outcome | None = None


def matching(reading: Reading, wanted: SampleFilter) -> list[ColumnElement[bool]]:
    """The conditions of a filter, on the view of the samples."""
    view = reading.view(MODEL)
    return [view.c[name] == getattr(wanted, name) for name in _PLAIN if getattr(wanted, name) is not None]


async def find_sample(reading: Reading, sample: UUID) -> Found[SampleRow] | None:
    """The row of a sample, if it exists for this reader."""
    return await reading.find(MODEL, str(sample))
