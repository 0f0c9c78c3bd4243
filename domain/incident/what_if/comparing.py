"""What if: the duties of a case's whole past under its own editions and under others, side by side.

The past is gone through event by event, so that a duty counts that was opened and lapsed since. What people did with a
duty (paused it, agreed a later day, recorded that it does not apply) stays with the same rule under other editions, as
far as the rule allows it there.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.incident.held_duties import HeldDuty
from domain.incident.state import Incident
from domain.incident.what_if.editions import Change, other_editions
from domain.incident.what_if.past import Line, Moment, Past
from domain.incident.what_if.reasons import why_assessed, why_changed, why_not
from domain.incident.what_if.standing import Asked, Stood, WaivedAt, stand
from domain.incident.words import SetAside
from domain.kernel.words import Code, PersonId, ResponseId
from domain.policy.library import Policy
from domain.policy.questions import Outcome, Question
from domain.policy.status import Recorded


class Difference(StrEnum):
    """How a duty differs under other editions."""

    ONLY_UNDER_OWN = "only_under_own"
    ONLY_UNDER_OTHER = "only_under_other"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class DutyDifference:
    """One duty that is not the same: how it stands (or would stand) under each list of editions, and why."""

    rule: Code
    person: PersonId | None
    response: ResponseId | None
    difference: Difference
    own: Stood | None
    other: Stood | None
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """A case, as it stands in the end, under two lists of editions.

    `same` are the rules of the duties that do not differ, once for each duty; `assessed` are the answers that nobody
    gave, because only the other editions ask for them.
    """

    incident: Incident
    own_editions: tuple[Code, ...]
    other_editions: tuple[Code, ...]
    differences: tuple[DutyDifference, ...]
    same: tuple[Code, ...]
    assessed: tuple[tuple[Question, Outcome], ...]


_RuleKey = tuple[Code, PersonId | None, ResponseId | None]


def compare(
    moments: Iterable[Moment],
    change: Change,
    policy: Policy,
    *,
    facts: Sequence[Recorded],
    as_of: datetime,
) -> Compared | None:
    """The duties of a case, whose whole past `moments` tells in order, under its own editions and after the change.

    `facts` is everything that the case did towards duties, in the order of the ledger; clocks are compared with `as_of`.
    None: there is no case (no moments), or it should never have been one (it was entered in error). With a change that
    leaves the editions as they are, nothing differs.

    Raises:
        EditionUnknownError: this build does not carry an edition of the case.
    """
    told = _told(moments, change, policy)
    if told is None or told.incident.is_entered_in_error:
        return None
    incident, own, other = told.incident, told.own, told.other
    asked = Asked(policy, tuple(facts), tuple(incident.duties.values()), told.waived, as_of)
    pairs = list(_paired(own, other))
    return Compared(
        incident=incident,
        own_editions=own.editions,
        other_editions=other.editions,
        differences=tuple(_difference(pair, own, other, asked=asked) for pair in pairs if not _is_same(pair)),
        same=tuple(ours.terms.rule for ours, theirs in pairs if ours is not None and _is_same((ours, theirs))),
        assessed=tuple(other.ground.assessed.items()),
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """A case told to its end under both lists of editions."""

    incident: Incident
    own: Past
    other: Past
    waived: WaivedAt


def _told(moments: Iterable[Moment], change: Change, policy: Policy) -> _Told | None:
    told: _Told | None = None
    for moment in moments:
        if told is None:
            own = moment.incident.editions
            other = other_editions(own, change, policy)
            told = _Told(moment.incident, Past(policy, own, own), Past(policy, own, other), {})
        told.own.see(moment)
        told.other.see(moment)
        _keep_waived(told.waived, moment.incident.duties.values(), moment.recorded_at)
    return told


_Pair = tuple[Line | None, Line | None]


def _keep_waived(waived: WaivedAt, duties: Iterable[HeldDuty], at: datetime) -> None:
    """When the ledger learnt that a person takes a rule as not applying."""
    for held in duties:
        if held.set_aside is SetAside.NOT_APPLICABLE:
            waived.setdefault((held.terms.rule, held.terms.person, held.terms.response), at)


def _paired(own: Past, other: Past) -> Iterator[_Pair]:
    """The duties of both lists, the same rule for the same person or response beside one another."""
    ours, theirs = _by_rule(own.owed()), _by_rule(other.owed())
    for key in dict.fromkeys((*ours, *theirs)):
        yield from _matched(ours.get(key, []), theirs.get(key, []))


def _by_rule(lines: Iterable[Line]) -> dict[_RuleKey, list[Line]]:
    found: dict[_RuleKey, list[Line]] = {}
    for line in lines:
        found.setdefault((line.terms.rule, line.terms.person, line.terms.response), []).append(line)
    return found


def _matched(ours: list[Line], theirs: list[Line]) -> Iterator[_Pair]:
    """One edition's rule beside its own self first; then, where the rule moved, beside that of another edition."""
    by_edition = {line.terms.edition: line for line in theirs}
    left: list[Line] = []
    for line in ours:
        same = by_edition.pop(line.terms.edition, None)
        if same is None:
            left.append(line)
        else:
            yield line, same
    moved = list(by_edition.values())
    yield from zip(left, moved, strict=False)
    yield from ((line, None) for line in left[len(moved) :])
    yield from ((None, line) for line in moved[len(left) :])


def _is_same(pair: _Pair) -> bool:
    ours, theirs = pair
    return ours is not None and theirs is not None and _asked_for(ours) == _asked_for(theirs)


def _asked_for(line: Line) -> tuple[object, ...]:
    """What a duty asks for; which text says so, and whether that was checked, is no part of it."""
    terms = line.terms
    return (
        terms.unit,
        terms.length,
        terms.force,
        terms.started_by,
        terms.started_at,
        terms.due_at,
        line.lapsed_at is None,
        terms.actor,
        *(frozenset(words) for words in (terms.recipients, terms.met_by, terms.set_aside_by, terms.revived_by)),
    )


def _difference(pair: _Pair, own: Past, other: Past, *, asked: Asked) -> DutyDifference:
    ours, theirs = pair
    line = ours or theirs
    assert line is not None  # a pair is never empty
    policy = asked.policy
    if ours is None:
        difference = Difference.ONLY_UNDER_OTHER
        why = (*why_not(line, own, policy), *why_assessed(line, other, policy))
    elif theirs is None:
        difference, why = Difference.ONLY_UNDER_OWN, why_not(line, other, policy)
    else:
        difference, why = Difference.CHANGED, tuple(why_changed(ours, theirs))
    return DutyDifference(
        rule=line.terms.rule,
        person=line.terms.person,
        response=line.terms.response,
        difference=difference,
        own=None if ours is None else stand(ours, own, asked),
        other=None if theirs is None else stand(theirs, other, asked),
        why=why,
    )
