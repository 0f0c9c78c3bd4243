"""The threshold decisions of a case, told from its own stream: each with its reasons, and whether it still stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.incident.events import ThresholdDecided
from domain.incident.state import Incident
from domain.kernel.personal import Narrative, Personal
from domain.kernel.streams import Kind
from domain.policy.facts import FactName
from domain.policy.questions import Outcome, Question
from projections.engine.reading import Found
from service.reading.forms import Form
from service.reading.stories import stories_of
from service.store.codec import Codec
from service.store.ledger import LedgerEvent


@dataclass(frozen=True, slots=True)
class Decision:
    """One answer to one question.

    `current`: it is the last answer to its question; `decide_again`: facts that it rests on (`changed_facts`) have
    changed since. `decided_by` is whose decision it is, `decider` the person.
    """

    organisation: str
    id: UUID
    question: Question
    outcome: Outcome
    criteria: tuple[str, ...]
    reasons: Narrative
    rests_on: tuple[FactName, ...]
    edition: str
    identified_at: datetime
    decided_at: datetime
    decided_by: str
    decider: Personal | None
    current: bool
    decide_again: bool
    changed_facts: tuple[FactName, ...]


DECISION: Final = Form(Decision)


def decisions_of(events: Iterable[LedgerEvent], codec: Codec) -> list[Found[Decision]]:
    """Every threshold decision of a case whose events these are, in the order in which they were recorded."""
    return [
        Found(str(fact.decision), _decision(fact, story.organisation, story.aggregate), story.position)
        for story in stories_of(events, Kind.INCIDENT, Incident, codec)
        for fact in story.facts
        if isinstance(fact, ThresholdDecided)
    ]


def _decision(fact: ThresholdDecided, organisation: str, incident: Incident) -> Decision:
    prompt = incident.prompts.get(fact.question)
    prompted = prompt is not None and prompt.decision == fact.decision
    return Decision(
        organisation=organisation,
        id=fact.decision,
        question=fact.question,
        outcome=fact.outcome,
        criteria=fact.criteria,
        reasons=fact.reasons,
        rests_on=fact.rests_on,
        edition=fact.edition,
        identified_at=fact.identified_at,
        decided_at=fact.timestamp,
        decided_by=fact.organisation,
        decider=fact.decider,
        current=incident.decisions[fact.question].decision == fact.decision,
        decide_again=prompted,
        changed_facts=tuple(sorted(prompt.facts)) if prompt is not None and prompted else (),
    )
