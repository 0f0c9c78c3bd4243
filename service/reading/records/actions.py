"""One improvement action with all that was written about it, told from its own stream on top of its row of the board."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from domain.action.events import (
    ActionAgreed,
    ActionCompleted,
    ActionExtended,
    ActionHandedOver,
    ActionRejected,
    ActionVerified,
    ActionWithdrawn,
)
from domain.kernel.personal import Narrative, Personal
from projections.action_tracker.rows import ActionRow
from projections.engine.reading import Found
from service.reading.forms import Form
from service.reading.listings import ACTIONS, incidents_of_action
from service.store.codec import Codec
from service.store.ledger import LedgerEvent


@dataclass(frozen=True, slots=True)
class AgreedExtension:
    """A later day, why, and who agreed."""

    extended_at: datetime
    previous_due_on: date
    due_on: date
    reason: Narrative
    agreed_by: Personal


@dataclass(frozen=True, slots=True)
class MadeHandover:
    """From whom to whom, and why."""

    handed_over_at: datetime
    from_owner_name: Personal
    owner_name: Personal
    owner_role: str
    reason: Narrative


@dataclass(frozen=True, slots=True)
class ClaimedCompletion:
    """What was said to be done, and what whoever looked at it said: they saw it, or did not accept it."""

    completed_at: datetime
    summary: Narrative
    evidence: tuple[UUID, ...]
    verified_at: datetime | None = None
    verified_seen: Narrative | None = None
    rejected_at: datetime | None = None
    rejected_because: Narrative | None = None


@dataclass(frozen=True, slots=True)
class ActionRecord(ActionRow):
    """An action on the board, with all that was written about it."""

    stream_version: int
    finding_ids: tuple[UUID, ...]
    area_ids: tuple[UUID, ...]
    measure: Narrative | None
    expected_effect: Narrative | None
    withdrawn_because: Narrative | None
    completions: tuple[ClaimedCompletion, ...]
    extension_history: tuple[AgreedExtension, ...]
    handover_history: tuple[MadeHandover, ...]


ACTION: Final = Form(
    ActionRecord,
    incidents_of_action,
    audience=ACTIONS.form.audience,
    computed=ACTIONS.form.computed,
    compute=ACTIONS.form.compute,
)


def action_with_words(found: Found[ActionRow], events: Iterable[LedgerEvent], codec: Codec) -> Found[ActionRecord]:
    """A row of the board with what the events of its stream say besides."""
    told = list(events)
    facts = [codec.decode(event) for event in told]
    begun = next(fact for fact in facts if isinstance(fact, ActionAgreed))
    withdrawn = [fact.reason for fact in facts if isinstance(fact, ActionWithdrawn)]
    record = ActionRecord(
        **{each.name: getattr(found.row, each.name) for each in fields(ActionRow)},
        stream_version=told[-1].version,
        finding_ids=begun.findings,
        area_ids=begun.areas,
        measure=begun.measure,
        expected_effect=begun.expected_effect,
        withdrawn_because=withdrawn[-1] if withdrawn else None,
        completions=tuple(_completions(facts)),
        extension_history=tuple(_extension(fact) for fact in facts if isinstance(fact, ActionExtended)),
        handover_history=tuple(_handovers(begun.owner_name, facts)),
    )
    return Found(found.key, record, found.changed_position)


def _completions(facts: Iterable[object]) -> Iterator[ClaimedCompletion]:
    standing: ClaimedCompletion | None = None
    for fact in facts:
        match fact:
            case ActionCompleted():
                if standing is not None:
                    yield standing
                standing = ClaimedCompletion(fact.timestamp, fact.summary, fact.evidence)
            case ActionVerified() if standing is not None:
                standing = replace(standing, verified_at=fact.timestamp, verified_seen=fact.seen)
            case ActionRejected() if standing is not None:
                standing = replace(standing, rejected_at=fact.timestamp, rejected_because=fact.reason)
    if standing is not None:
        yield standing


def _extension(fact: ActionExtended) -> AgreedExtension:
    return AgreedExtension(fact.timestamp, fact.previous_due_on, fact.due_on, fact.reason, fact.agreed_by)


def _handovers(owner: Personal, facts: Iterable[object]) -> Iterator[MadeHandover]:
    for fact in facts:
        if isinstance(fact, ActionHandedOver):
            yield MadeHandover(fact.timestamp, owner, fact.owner_name, fact.owner_role, fact.reason)
            owner = fact.owner_name
