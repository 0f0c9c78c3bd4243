"""How a duty stands at a moment: what met it, whether it is set aside, the one word for it, and whether it was missed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from domain.kernel.done import Done
from domain.kernel.words import Code
from domain.policy.clocks import local_day
from domain.policy.duties import DutyTerms
from domain.policy.edition import SINCE_START


class ClockStatus(StrEnum):
    """The words in which the HTTP contract says how a clock stands."""

    RUNNING = "running"
    PAUSED = "paused"
    OVERDUE = "overdue"
    MET = "met"
    MET_LATE = "met_late"
    MET_RECORDED_LATE = "met_recorded_late"
    """In time, but entered after the due time: never counted as met in time without a named acceptance."""
    SET_ASIDE_LATE = "set_aside_late"
    """It was overdue when the ledger learnt that it does not apply: a breach that no setting aside hides."""
    NOT_APPLICABLE = "not_applicable"
    WITHOUT_NUMBER = "without_number"


MISSED: Final = frozenset(
    {ClockStatus.OVERDUE, ClockStatus.MET_LATE, ClockStatus.MET_RECORDED_LATE, ClockStatus.SET_ASIDE_LATE}
)
"""The words that say of a duty that its due moment passed while the ledger knew of nothing that met it."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """Something done, and when the ledger learnt of it."""

    done: Done
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """What has been done for a duty: when it was met and when that was recorded, or that it was set aside.

    `set_aside_recorded_at` is when the ledger learnt that it was set aside; `overdue_since` is the due moment that had
    passed by then with nothing to meet it, None where it was set aside in time.
    """

    met_at: datetime | None = None
    met_recorded_at: datetime | None = None
    set_aside: bool = False
    set_aside_by: Code | None = None
    """What set it aside, where a fact about the person did."""
    set_aside_recorded_at: datetime | None = None
    overdue_since: datetime | None = None


def progress(terms: DutyTerms, facts: Iterable[Recorded], *, due_at: datetime | None) -> Progress:
    """What these facts, in the order of the ledger, have done for a duty that is due now at `due_at`.

    It is met by the earliest fact that `met_by` names; but a fact that was done *and* recorded in time is never
    displaced by an earlier one that was entered late. A duty owed to one person is moved only by facts about them, and
    one of a response by no other response. It is set aside while the latest fact of those that set it aside or revive it set it aside, and it is not met.
    """
    own = [fact for fact in facts if concerns(terms, fact.done)]
    meeting = [fact for fact in own if meets(terms, fact.done)]
    if meeting:
        best = min(meeting, key=lambda fact: (_lateness(fact, due_at), fact.done.at, fact.recorded_at))
        return Progress(met_at=best.done.at, met_recorded_at=best.recorded_at)
    aside = _set_aside_by(terms, own)
    return Progress(set_aside=aside is not None, set_aside_by=aside)


def status(
    achieved: Progress, *, due_at: datetime | None, paused_at: datetime | None = None, as_of: datetime
) -> ClockStatus:
    """The word for a duty at `as_of`.

    `due_at` is as it stands now, None without a number or while a pause holds it open; `paused_at` is when the pause
    that still runs began. A pause that began after the duty was due hides nothing: it stays overdue. What was met
    after `as_of` was not met then, and what was set aside late was overdue until it was. A duty that was met stays
    met, whatever set it aside afterwards.
    """
    held = paused_at is not None and paused_at <= as_of and (due_at is None or paused_at <= due_at)
    due = None if held else due_at
    if achieved.met_at is not None and achieved.met_at <= as_of:
        return _status_when_met(achieved.met_at, achieved.met_recorded_at or achieved.met_at, due_at=due)
    if achieved.set_aside and achieved.overdue_since is None:
        return ClockStatus.NOT_APPLICABLE
    if achieved.set_aside and (achieved.set_aside_recorded_at is None or achieved.set_aside_recorded_at <= as_of):
        return ClockStatus.SET_ASIDE_LATE
    if held:
        return ClockStatus.PAUSED
    if due is None:
        return ClockStatus.WITHOUT_NUMBER
    return ClockStatus.OVERDUE if as_of > due else ClockStatus.RUNNING


def is_missed(word: ClockStatus, *, missed_due_at: datetime | None, as_of: datetime) -> bool:
    """Whether a due moment of a duty that stands as `word` at `as_of` had passed by then with nothing known to meet it.

    `missed_due_at` is the earliest such moment that the ledger has kept, because the dates or the standing of the duty
    changed afterwards. Once a duty is missed, it is missed for good.
    """
    return word in MISSED or (missed_due_at is not None and missed_due_at < as_of)


def _status_when_met(met_at: datetime, met_recorded_at: datetime, *, due_at: datetime | None) -> ClockStatus:
    if due_at is None or met_recorded_at <= due_at:
        return ClockStatus.MET
    return ClockStatus.MET_LATE if met_at > due_at else ClockStatus.MET_RECORDED_LATE


def meets(terms: DutyTerms, done: Done) -> bool:
    """Whether something done is what a duty asks for, by its words alone (whom it was done for is another matter).

    Most duties are met by what was done before they were recognised too: somebody was told at once. A word with
    `since_start:` counts only from the day on which the clock started: one notice of an earlier event tells nobody of
    a later one.
    """
    if done.code in terms.met_by:
        return True
    later = Code(f"{SINCE_START}{done.code}")
    return later in terms.met_by and local_day(done.at) >= local_day(terms.started_at)


def met_codes(terms: DutyTerms) -> tuple[Code, ...]:
    """What may meet a duty, whenever it is done."""
    return tuple(Code(code.removeprefix(SINCE_START)) for code in terms.met_by)


def concerns(terms: DutyTerms, done: Done) -> bool:
    """Whether what was done can move a duty: it was done for its person, and by or about its response."""
    if terms.response is not None and done.response not in (None, terms.response):
        return False
    return terms.person is None or done.person == terms.person


def _lateness(fact: Recorded, due_at: datetime | None) -> int:
    words = [ClockStatus.MET, ClockStatus.MET_RECORDED_LATE, ClockStatus.MET_LATE]
    return words.index(_status_when_met(fact.done.at, fact.recorded_at, due_at=due_at))


def _set_aside_by(terms: DutyTerms, facts: Sequence[Recorded]) -> Code | None:
    moving = [fact.done for fact in facts if fact.done.code in (*terms.set_aside_by, *terms.revived_by)]
    if not moving:
        return None
    latest = max(enumerate(moving), key=lambda numbered: (numbered[1].at, numbered[0]))[1]
    return latest.code if latest.code in terms.set_aside_by else None
