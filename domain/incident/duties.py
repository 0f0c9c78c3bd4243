"""The duties of an incident, brought up to date in the same append as the fact that changed them.

A duty is opened when its circumstances hold and something has started its clock; re-dated when that start is corrected;
set aside when the decision or the fact that it rested on is changed. Whether it was *met* is for the reader of its facts
to say.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import uuid5

from domain.incident.duty_events import DutyOpened, DutyRedated, DutySetAside
from domain.incident.held_duties import DutyKey, HeldDuty, key_of
from domain.incident.known import known_of
from domain.incident.state import Incident
from domain.incident.words import SetAside
from domain.kernel.actor import Stamp
from domain.kernel.done import Done
from domain.kernel.envelope import after, record
from domain.kernel.words import Code, DutyId, PersonId
from domain.policy.assessing.circumstances import circumstances_of
from domain.policy.clocks import due_at
from domain.policy.duties import Circumstances, DutyTerms, duties_owed
from domain.policy.library import Policy

_GIVEN_BY_DECISIONS: Final = ("incident.identified", "incident.possibly_identified")
"""Starts that count only while the decision that gave them is current."""

_COMMISSIONED: Final = "learning_response.commissioned:"
_RESPONSE: Final = "response:"
_OPENED_AGAIN_AFTER: Final = frozenset(
    {SetAside.DECISION_CHANGED, SetAside.FACTS_CHANGED, SetAside.OWED_TO_NAMED_PERSONS}
)
"""What a person recorded as not applicable stays so; what lapsed by itself can come back."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the other streams of the case say: what they did, whom candour is owed to, how responses are carried out."""

    starts: tuple[Done, ...] = ()
    persons: tuple[PersonId, ...] = ()
    methods: tuple[Code, ...] = ()


NOTHING_TOLD: Final = Told()


def circumstances(incident: Incident, told: Told = NOTHING_TOLD) -> Circumstances:
    """The plain words that the rules of an edition ask for (`applies_when`), once for each patient and once for none.

    A patient counts as involved until it is known that none was: a duty is better set aside than missed.
    """
    answers = {question: (decided.outcome, decided.criteria) for question, decided in incident.decisions.items()}
    methods = sorted({*told.methods, *map(Code, _methods(incident, told))})
    return circumstances_of(known_of(incident), answers=answers, methods=methods)


def _methods(incident: Incident, told: Told) -> set[str]:
    starts = {start.code for start in told.starts} | {duty.terms.started_by for duty in incident.duties.values()}
    return {code.removeprefix(_COMMISSIONED) for code in starts if code.startswith(_COMMISSIONED)}


def _counting(starts: tuple[Done, ...]) -> list[Done]:
    """What was told, without what earlier decisions said: only the current ones count, and the incident knows them."""
    return [start for start in starts if not start.code.startswith(_GIVEN_BY_DECISIONS)]


def duties_now(incident: Incident, policy: Policy, told: Told = NOTHING_TOLD) -> dict[DutyKey, DutyTerms]:
    """Every duty that follows from what is known now.

    What started a duty is remembered by the duty itself, so that an incident's own commands need not be told again what
    the other streams did.
    """
    remembered = [
        Done(duty.terms.started_by, duty.started_at, duty.terms.person, duty.terms.response)
        for duty in incident.duties.values()
        if not duty.terms.started_by.startswith(_GIVEN_BY_DECISIONS)
    ]
    named = {duty.terms.person: None for duty in incident.duties.values() if duty.terms.person is not None}
    owed = duties_owed(
        policy,
        incident.editions,
        circumstances=circumstances(incident, told),
        starts=(*incident.current_dones(), *_counting(told.starts), *remembered),
        persons=tuple(named | dict.fromkeys(told.persons)),
    )
    return {key_of(terms): terms for terms in owed}


def bring_up_to_date(incident: Incident, stamp: Stamp, policy: Policy, told: Told = NOTHING_TOLD) -> None:
    """Open every duty that is owed and not open, and re-date those whose start was corrected.

    A duty owed to somebody not yet identified becomes one for each person as soon as one is named, from the same
    start. Nothing is recorded where nothing has changed.
    """
    owed = duties_now(incident, policy, told)
    _hand_over_to_named_persons(incident, stamp, owed)
    for key, terms in owed.items():
        opened = [duty for duty in incident.duties.values() if duty.key == key]
        if not opened or opened[-1].set_aside in _OPENED_AGAIN_AFTER:
            duty = _duty_id(incident, terms, len(opened) + 1)
            record(incident, DutyOpened(**after(incident, stamp), duty=duty, terms=terms))
        elif opened[-1].stands and opened[-1].started_at != terms.started_at:
            start = terms.started_at
            redate(incident, stamp, opened[-1], started_at=start, because=terms.started_by, policy=policy)


def _duty_id(incident: Incident, terms: DutyTerms, number: int) -> DutyId:
    return DutyId(uuid5(incident.id, f"{terms.edition}:{terms.rule}:{terms.person or terms.response or '-'}:{number}"))


def _hand_over_to_named_persons(incident: Incident, stamp: Stamp, owed: dict[DutyKey, DutyTerms]) -> None:
    named = {(edition, rule) for edition, rule, person, _response in owed if person is not None}
    for duty in [*incident.duties.values()]:
        edition, rule, person, _response = duty.key
        if duty.stands and person is None and (edition, rule) in named:
            set_aside(incident, stamp, duty, because=SetAside.OWED_TO_NAMED_PERSONS)


def redate(
    incident: Incident, stamp: Stamp, duty: HeldDuty, *, started_at: datetime, because: Code, policy: Policy
) -> None:
    """Let a clock run from this start by this calendar; a later moment that was agreed stands.

    Where neither its start nor its due moment is another, or it stands still and is dated when it runs again, nothing is
    recorded.
    """
    terms = duty.terms
    due = duty.extended_to or due_at(
        terms.unit, terms.length, started_at=started_at, calendar=policy.calendar, pauses=duty.stopped_for()
    )
    if started_at == duty.started_at and due in (None, duty.due_at):
        return
    redated = DutyRedated(
        **after(incident, stamp),
        duty=duty.duty,
        rule=terms.rule,
        previous_started_at=duty.started_at,
        previous_due_at=duty.due_at,
        started_at=started_at,
        due_at=due,
        calendar=policy.calendar.version,
        because=because,
    )
    record(incident, redated)


def set_aside(incident: Incident, stamp: Stamp, duty: HeldDuty, *, because: SetAside) -> None:
    """Record that a duty does not apply after all, for a reason that is not a person's own words."""
    aside = DutySetAside(**after(incident, stamp), duty=duty.duty, rule=duty.terms.rule, because=because, reason=None)
    record(incident, aside)


def keys_in_force(incident: Incident, policy: Policy) -> frozenset[DutyKey]:
    """Which duties the present decisions and facts support, by whatever method a response is carried out."""
    rules = [rule for reference in incident.editions for rule in policy.edition(reference).rules]
    methods = {
        word.removeprefix(_RESPONSE) for rule in rules for word in rule.applies_when if word.startswith(_RESPONSE)
    }
    return frozenset(duties_now(incident, policy, Told(methods=tuple(map(Code, sorted(methods))))))


def set_lapsed_aside(
    incident: Incident, stamp: Stamp, policy: Policy, *, supported: frozenset[DutyKey], because: SetAside
) -> None:
    """Set aside what the decisions and facts supported before and support no longer."""
    lapsed = supported - keys_in_force(incident, policy)
    for duty in [*incident.duties.values()]:
        if duty.stands and duty.key in lapsed:
            set_aside(incident, stamp, duty, because=because)
