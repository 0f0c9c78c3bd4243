"""How a duty stands, or would have stood: when it is due after all that people did with it, what met it, and its status."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.incident.held_duties import HeldDuty
from domain.incident.what_if.past import Line, Past
from domain.incident.what_if.reasons import questions_assessed
from domain.kernel.words import Code, Label, PersonId, ResponseId
from domain.policy.clocks import moved_on
from domain.policy.duties import DutyTerms
from domain.policy.edition import Force, Rule, Unit
from domain.policy.library import Policy
from domain.policy.status import MISSED, ClockStatus, Progress, Recorded, progress, status

WaivedAt = dict[tuple[Code, PersonId | None, ResponseId | None], datetime]
"""When a person recorded that a rule does not apply to the case."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What standing is asked with: what the case did, what its own duties went through, and the moment to compare with."""

    policy: Policy
    facts: tuple[Recorded, ...]
    duties: tuple[HeldDuty, ...]
    waived: WaivedAt
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Stood:
    """One duty under one list of editions.

    `lapsed`: it was owed for a time; `missed`: its due moment had passed with nothing known to meet it; `assessed`: it
    rests on an answer that nobody gave, but that follows from the facts.
    """

    edition: Code
    title: Label
    force: Force
    verified: bool
    unit: Unit
    length: int | None
    started_by: Code
    started_at: datetime
    due_at: datetime | None
    met_at: datetime | None
    status: ClockStatus
    missed: bool
    lapsed: bool
    assessed: bool


def stand(line: Line, past: Past, asked: Asked) -> Stood:
    """How a duty of this past stands at the moment that is asked about."""
    terms = line.terms
    held = _held(terms, asked.duties)
    due, started_at, paused_at = _dates(terms, held, asked)
    achieved = _achieved(line, due, asked)
    word = status(achieved, due_at=due, paused_at=paused_at, as_of=asked.as_of)
    return Stood(
        edition=terms.edition,
        title=terms.title,
        force=terms.force,
        verified=terms.verified,
        unit=terms.unit,
        length=terms.length,
        started_by=terms.started_by,
        started_at=started_at,
        due_at=due,
        met_at=achieved.met_at,
        status=word,
        missed=word in MISSED,
        lapsed=line.lapsed_at is not None,
        assessed=any(questions_assessed(rule, past) for rule in _rules(terms, asked.policy)),
    )


def _rules(terms: DutyTerms, policy: Policy) -> list[Rule]:
    return [rule for rule in policy.edition(terms.edition).rules if rule.id == terms.rule]


def _held(terms: DutyTerms, duties: Sequence[HeldDuty]) -> HeldDuty | None:
    """The duty of the ledger that is this one, or was opened by the same rule of another edition; the latest of several."""
    same = [
        held
        for held in duties
        if (held.terms.rule, held.terms.person, held.terms.response) == (terms.rule, terms.person, terms.response)
    ]
    return max(enumerate(same), key=lambda each: (each[1].terms.edition == terms.edition, each[0]), default=(0, None))[
        1
    ]


def _dates(terms: DutyTerms, held: HeldDuty | None, asked: Asked) -> tuple[datetime | None, datetime, datetime | None]:
    """When it is due, when its clock started, and since when a pause has held it (None: none does)."""
    pause = held.running_pause if held is not None and terms.pausable else None
    paused_at = pause.from_at if pause is not None else None
    if held is None:
        return terms.due_at, terms.started_at, None
    if held.terms.edition == terms.edition and held.stands:
        return held.due_at, held.started_at, paused_at
    due = terms.due_at
    if due is not None and terms.pausable:
        calendar = asked.policy.calendar
        due = moved_on(terms.unit, due, since=terms.started_at, calendar=calendar, pauses=held.stopped_for())
    if due is not None and held.extended_to is not None and terms.extendable:
        due = max(due, held.extended_to)
    return due, terms.started_at, paused_at


def _achieved(line: Line, due: datetime | None, asked: Asked) -> Progress:
    """What was done for it; what came after it lapsed was done for nothing."""
    facts = [fact for fact in asked.facts if line.lapsed_at is None or fact.recorded_at <= line.lapsed_at]
    achieved = progress(line.terms, facts, due_at=due)
    if achieved.met_at is not None:
        return achieved
    terms = line.terms
    waived_at = asked.waived.get((terms.rule, terms.person, terms.response))
    ends = [moment for moment in (line.lapsed_at, waived_at, _declined_at(terms, facts)) if moment is not None]
    if not ends:
        return achieved
    aside_at = min(ends)
    late = due if due is not None and due < aside_at else None
    return replace(achieved, set_aside=True, set_aside_recorded_at=aside_at, overdue_since=late)


def _declined_at(terms: DutyTerms, facts: Sequence[Recorded]) -> datetime | None:
    """When the ledger learnt of what sets it aside now, for those that a fact about the person sets aside."""
    was_aside, since = False, None
    for number in range(1, len(facts) + 1):
        if facts[number - 1].done.code not in (*terms.set_aside_by, *terms.revived_by):
            continue
        is_aside = progress(replace(terms, met_by=()), facts[:number], due_at=None).set_aside
        if is_aside and not was_aside:
            since = facts[number - 1].recorded_at
        was_aside = is_aside
    return since if was_aside else None
