"""The row of a case in the words of the rules that say how long it is kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.kernel.harm import HarmLevel
from projections.retention.fold import Kept


@dataclass(frozen=True, slots=True)
class RetentionRow:
    """One case. `words` are what a rule's `applies_when` may name; `legal_holds` counts those that stand.

    `happened_on` is the last day on which it can have occurred; where nobody knows (`day_known` false), that of its
    discovery.
    """

    organisation: str
    incident_id: UUID
    local_reference: str
    record_type: str
    regime: str
    status: str
    happened_on: date
    day_known: bool
    words: tuple[str, ...]
    legal_holds: int


def rows(kept: Kept) -> Mapping[str, RetentionRow]:
    """One row a case."""
    row = RetentionRow(
        organisation=kept.organisation,
        incident_id=kept.case,
        local_reference=kept.local_reference,
        record_type=kept.record_type,
        regime=kept.regime,
        status=kept.status,
        happened_on=kept.happened_on,
        day_known=kept.is_day_known,
        words=tuple(_words(kept)),
        legal_holds=len(kept.holds),
    )
    return {str(kept.case): row}


def _words(kept: Kept) -> Iterator[str]:
    yield f"record:{kept.record_type}"
    yield f"regime:{kept.regime}"
    for question, outcome in sorted(kept.decisions.items()):
        yield f"{question}:{outcome}"
    for method in sorted(kept.methods):
        yield f"response:{method}"
    worst = max(kept.harms.values(), default=0)
    for level in HarmLevel:
        if HarmLevel.NONE < level <= worst:
            yield f"harm:at_least:{level.name.lower()}"
