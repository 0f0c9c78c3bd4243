"""No breach disappears: what was missed is kept before anything changes the dates or the standing of a duty.

A clock that simply runs on needs nothing of this: that it is overdue is a comparison with a moment. Only where an event
would change what the comparison says is the due moment kept that the ledger had seen pass, judged by what the ledger
knew when it recorded that event.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from domain.incident.words import SetAside
from domain.kernel.done import Done
from domain.policy.duties import DutyTerms
from domain.policy.status import MISSED, Progress, Recorded, met_codes, progress, status
from projections.timeliness.clocks import Duty


def achieved(duty: Duty, facts: Sequence[Recorded]) -> Progress:
    """What these facts of the case have done for a duty, and whether they or an event have set it aside."""
    done = progress(duty.terms, facts[: duty.facts_until], due_at=duty.due_at)
    return replace(
        done,
        set_aside=done.set_aside or duty.set_aside is not None,
        set_aside_recorded_at=duty.set_aside_recorded_at,
        overdue_since=duty.overdue_since,
    )


def keep_missed(duty: Duty, facts: Sequence[Recorded], *, at: datetime) -> Duty:
    """The duty with the due moment kept that had passed unmet by `at`; the earliest, where several have."""
    passed = _passed(duty, facts, at=at)
    if passed is None:
        return duty
    return replace(duty, missed_due_at=min(passed, duty.missed_due_at or passed))


def set_aside(duty: Duty, facts: Sequence[Recorded], *, at: datetime) -> Duty:
    """The duty as it is set aside at `at`, recorded then: late, where its due moment had passed unmet."""
    return replace(keep_missed(duty, facts, at=at), set_aside_recorded_at=at, overdue_since=_passed(duty, facts, at=at))


def follow(duty: Duty, done: Iterable[Done], facts: Sequence[Recorded], *, at: datetime) -> Duty:
    """The duty after new facts, `done`, on top of `facts`: they may set it aside, revive it, or meet it after all."""
    moving = (*met_codes(duty.terms), *duty.terms.set_aside_by, *duty.terms.revived_by)
    new = tuple(Recorded(each, at) for each in done)
    if not any(fact.done.code in moving for fact in new):
        return duty
    was = achieved(duty, facts).set_aside
    now = achieved(duty, (*facts, *new)).set_aside
    if was == now:
        return duty
    return set_aside(duty, facts, at=at) if now else replace(duty, set_aside_recorded_at=None, overdue_since=None)


def carries_on(terms: DutyTerms, handed_over: Duty) -> bool:
    """Whether a duty with these terms is the one that was handed over, now owed to somebody by name.

    It is where it runs from the same start, or from an earlier one: then it is late wherever the other was.
    """
    return (
        handed_over.set_aside == SetAside.OWED_TO_NAMED_PERSONS
        and handed_over.terms.person is None
        and terms.person is not None
        and (terms.edition, terms.rule, terms.response) == _kind(handed_over.terms)
        and terms.started_at <= handed_over.started_at
    )


def inherit(duty: Duty, duties: Iterable[Duty]) -> Duty:
    """The duty with what was missed of those that it carries on: they count no longer, so it must."""
    missed = [each.missed_due_at for each in duties if each.missed_due_at and carries_on(duty.terms, each)]
    if duty.set_aside is not None or not missed:
        return duty
    return replace(duty, missed_due_at=min([*missed, *filter(None, [duty.missed_due_at])]))


def is_handed_over(duty: Duty, duties: Iterable[Duty]) -> bool:
    """Whether what was missed of this duty is counted for the persons to whom it is owed by name, and not for it."""
    missed = duty.missed_due_at
    return missed is not None and any(
        carries_on(each.terms, duty) and each.missed_due_at is not None and each.missed_due_at <= missed
        for each in duties
    )


def _kind(terms: DutyTerms) -> tuple[object, ...]:
    return (terms.edition, terms.rule, terms.response)


def _passed(duty: Duty, facts: Sequence[Recorded], *, at: datetime) -> datetime | None:
    """The due moment that had passed by `at` with nothing recorded to meet it."""
    word = status(achieved(duty, facts), due_at=duty.due_at, paused_at=duty.paused_at, as_of=at)
    return duty.due_at if word in MISSED else None
