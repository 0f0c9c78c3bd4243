"""The one place that finds an event's sentence."""

from collections.abc import Callable
from typing import Any, Final

from domain.kernel.envelope import Fact, FirstFact
from projections.incident_timeline.sentences import (
    access_log,
    action,
    audit_sample,
    candour,
    duties,
    erasure,
    evidence,
    incident,
    learning_response,
    ledger,
    organisation,
)

SENTENCES: Final[dict[type[Any], Callable[[Any], str]]] = {
    **ledger.SENTENCES,
    **organisation.SENTENCES,
    **incident.SENTENCES,
    **duties.SENTENCES,
    **evidence.SENTENCES,
    **candour.SENTENCES,
    **learning_response.SENTENCES,
    **action.SENTENCES,
    **audit_sample.SENTENCES,
    **access_log.SENTENCES,
    **erasure.SENTENCES,
}


def sentence(fact: Fact | FirstFact) -> str:
    """What happened, in one plain sentence."""
    return SENTENCES[type(fact)](fact)
