"""The threshold decisions of a case, told from its own stream: each with its reasons, and whether it still stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.incident.events import ThresholdDecided
from domain.incident.known import assess_again, known_then
from domain.incident.state import Incident
from domain.kernel.personal import Narrative, Personal
from domain.kernel.streams import Kind
from domain.policy.assessing.assessed import Assessed
from domain.policy.facts import FactName
from domain.policy.library import EditionUnknownError, Policy
from domain.policy.questions import Outcome, Question
from projections.engine.reading import Found
from service.reading.assessments import question_shown
from service.reading.forms import Form, Shown, the_case_asked_for
from service.reading.stories import stories_of
from service.store.codec import Codec
from service.store.ledger import LedgerEvent


@dataclass(frozen=True, slots=True)
class Decision:
    """One answer to one question.

    `current`: it is the last answer to its question; `decide_again`: facts that it rests on (`changed_facts`) have
    changed since. `decided_by` is whose decision it is, `decider` the person. `assessed_outcome` is what the rules said
    from the facts as they were known (null: no edition of the case asks the question), by these criteria, or for want of
    these facts; `departs`: the answer is another than a clear assessment, for the reasons in `departure`.
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
    assessed_outcome: Outcome | None
    assessed_criteria: tuple[str, ...]
    assessed_missing: tuple[FactName, ...]
    departs: bool
    departure: Narrative | None


DECISION: Final = Form(Decision, the_case_asked_for)


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
    assessed = fact.assessed
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
        assessed_outcome=assessed.outcome if assessed else None,
        assessed_criteria=assessed.criteria if assessed else (),
        assessed_missing=assessed.missing if assessed else (),
        departs=assessed is not None and assessed.is_departed_from(fact.outcome),
        departure=fact.departure,
    )


def explanation_of(events: Iterable[LedgerEvent], decision: UUID, codec: Codec, policy: Policy) -> Shown | None:
    """The assessment that a decision kept, made again from its own record: each criterion with what decided it.

    `reproduced`: what was made again equals what was kept. None where the decision kept none, or this build does not
    carry the editions that it was made under.
    """
    for story in stories_of(events, Kind.INCIDENT, Incident, codec):
        for fact in story.facts:
            if isinstance(fact, ThresholdDecided) and fact.decision == decision and fact.assessed is not None:
                return _explained(fact.assessed, fact.question, policy)
    return None


def _explained(assessed: Assessed, question: Question, policy: Policy) -> Shown | None:
    try:
        shown = question_shown(policy, assessed.editions, known_then(assessed), question)
        return shown and {**shown, "reproduced": assess_again(assessed, question, policy) == assessed}
    except EditionUnknownError:
        return None
