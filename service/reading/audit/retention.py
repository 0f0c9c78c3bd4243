"""How long each case is kept, by the records code as it stands: said, and never acted on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from domain.kernel.words import Code
from domain.policy.clocks import local_day
from domain.policy.edition import standing
from domain.policy.library import Policy
from domain.policy.retention import Retention, retention_edition, retention_of
from projections.retention.rows import RetentionRow
from service.reading.forms import plain

HELD: Final = "held"
KEPT: Final = "kept"
REVIEW_OWED: Final = "review_owed"
WITHOUT_RULE: Final = "without_rule"


@dataclass(frozen=True, slots=True)
class RetentionReading:
    """Says of rows how long they are kept, compared with a moment."""

    policy: Policy
    as_of: datetime

    def shown(self, row: RetentionRow) -> dict[str, Any]:
        """One case: as what it is kept, by which rule, until when, and whether somebody owes it a review.

        While a legal hold stands a case is never due, whatever its time.
        """
        found = self._found(row)
        due = self._due(row, found)
        return {
            "provider": row.organisation,
            "incident_id": str(row.incident_id),
            "local_reference": row.local_reference,
            "record_type": row.record_type,
            "status": row.status,
            "happened_on": plain(row.happened_on),
            "day_known": row.day_known,
            **_rule(found),
            "legal_holds": row.legal_holds,
            "held": row.legal_holds > 0,
            "due": due,
            "review_owed": due == REVIEW_OWED,
        }

    def _found(self, row: RetentionRow) -> Retention | None:
        edition = retention_edition(self.policy)
        if edition is None:
            return None
        words = map(Code, row.words)
        return retention_of(edition, words, happened_on=row.happened_on, calendar=self.policy.calendar)

    def _due(self, row: RetentionRow, found: Retention | None) -> str:
        if row.legal_holds > 0:
            return HELD
        if found is None:
            return WITHOUT_RULE
        return REVIEW_OWED if self.as_of > found.until else KEPT


def _rule(found: Retention | None) -> dict[str, Any]:
    """The rule that keeps the case longest, with its force and whether its text was checked."""
    if found is None:
        named = (
            "kept_as",
            "edition",
            "rule",
            "title",
            "force",
            "standing",
            "source",
            "verified",
            "kept_months",
            "due_on",
        )
        return dict.fromkeys(named)
    rule = found.rule
    return {
        "kept_as": found.keeping.kept_as,
        "edition": found.edition,
        "rule": rule.id,
        "title": rule.title,
        "force": rule.force.value,
        "standing": standing(rule.force, verified=rule.verified),
        "source": rule.source,
        "verified": rule.verified,
        "kept_months": found.keeping.limit.length,
        "due_on": plain(local_day(found.until)),
    }
