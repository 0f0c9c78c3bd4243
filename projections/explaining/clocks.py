"""The figures of timeliness: how many clocks stand how, how many were missed, and of how many kinds they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from domain.incident.duty_events import (
    DutyExtended,
    DutyOpened,
    DutyPaused,
    DutyRedated,
    DutyResumed,
    DutySetAside,
)
from domain.incident.events import IncidentEnteredInError, IncidentReported
from domain.policy.duties import DutyTerms
from domain.policy.status import MISSED, ClockStatus, concerns, meets
from projections.engine.feed import Told
from projections.explaining.commissioning import commissioned
from projections.explaining.explanation import Value
from projections.explaining.figures import (
    Asking,
    Figure,
    Part,
    Place,
    Rests,
    Role,
    Summary,
    Why,
    each_kind,
    how_many_kinds,
    one_of_each,
    said_of_one,
)
from projections.timeliness.model import MODEL
from projections.timeliness.queries import ClockFilter, days_over, missed, status_of
from projections.timeliness.rows import ClockRow

_BY_WORD: Final = (
    "rule",
    "force",
    "site",
    "division",
    "specialty",
    "financial_year",
    "quarter",
    "title",
    "verified",
)

_DEFINITIONS: Final = {
    ClockStatus.RUNNING: "clocks that run: not met, not set aside, not paused, and due at or after the moment",
    ClockStatus.PAUSED: "clocks that stand still: a pause had begun, before they were due, and had not ended",
    ClockStatus.OVERDUE: "clocks that are overdue: the due moment had passed, and nothing known had met them by then",
    ClockStatus.MET: "clocks that were met in time: what met them was done and recorded by the due moment",
    ClockStatus.MET_LATE: "clocks that were met late: what met them was done after the due moment",
    ClockStatus.MET_RECORDED_LATE: "clocks that were met in time by what was recorded only after the due moment",
    ClockStatus.SET_ASIDE_LATE: "clocks that were set aside late: the due moment had passed before it was known",
    ClockStatus.NOT_APPLICABLE: "clocks of duties that do not apply: set aside, or owed for a report made in error",
    ClockStatus.WITHOUT_NUMBER: "clocks without a due moment that nothing had met or set aside",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ClocksWanted(ClockFilter):
    """Which clocks; `title` and `verified` choose a line of the summary, as `rule`, `force` and `status` do."""

    commissioner: str | None = None
    title: str | None = None
    verified: bool | None = None


def matches(row: ClockRow, wanted: ClocksWanted, as_of: datetime) -> bool:
    """Whether a clock is among those asked for: the same as the conditions of `timeliness/queries.py`."""
    given = [name for name in _BY_WORD if getattr(wanted, name) is not None]
    if any(getattr(row, name) != getattr(wanted, name) for name in given):
        return False
    return (
        wanted.incident in (None, row.incident_id)
        and wanted.provider in (None, row.organisation)
        and (wanted.status is None or status_of(row, as_of) is ClockStatus(wanted.status))
        and wanted.missed in (None, missed(row, as_of))
        and (wanted.due_before is None or (row.due_at is not None and row.due_at < wanted.due_before))
    )


def _standing(word: ClockStatus) -> Figure:
    def takes(row: ClockRow, asking: Asking) -> bool | None:
        return True if status_of(row, asking.as_of) is word else None

    return Figure(f"The number of {_DEFINITIONS[word]}.", takes=takes)


def _missed(row: ClockRow, asking: Asking) -> datetime | None:
    """The first due moment that passed unmet: a clock that missed another one is missed for another reason."""
    if not missed(row, asking.as_of):
        return None
    stands = status_of(row, asking.as_of)
    kept = row.missed_due_at if row.missed_due_at is not None and row.missed_due_at < asking.as_of else None
    due = row.set_aside_overdue_since if stands is ClockStatus.SET_ASIDE_LATE else row.due_at
    return min(moment for moment in (kept, due if stands in MISSED else None) if moment is not None)


def _line(row: ClockRow, asking: Asking) -> tuple[Any, ...]:
    return (row.rule, row.title, row.force, row.verified, status_of(row, asking.as_of))


def _rests(row: ClockRow) -> Rests:
    return Rests(rules=(row.rule,), editions=(row.edition,), calendars=(row.calendar,))


def _place(row: ClockRow) -> Place:
    return Place(row.incident_id, is_case=True)


def _find(rows: Mapping[str, ClockRow], key: str, _asking: Asking) -> ClockRow | None:
    return rows.get(key)


_OWN: Final[dict[type[Any], Why]] = {
    DutyOpened: Why(Role.OPENS, "Opens the duty: its rule and edition, when its clock starts and when it is due."),
    DutyRedated: Why(Role.REDATES, "Moves the start of the clock, and with it the due moment."),
    DutyPaused: Why(Role.PAUSES, "Stops the clock."),
    DutyResumed: Why(Role.RESUMES, "Lets the clock run again, due at a later moment."),
    DutyExtended: Why(Role.EXTENDS, "Agrees a later due moment."),
    DutySetAside: Why(Role.SETS_ASIDE, "Says that the duty does not apply after all."),
}


def why(event: Told, key: str, events: Sequence[Told]) -> Why:
    """What an event does for the clock with this key."""
    match event.fact:
        case IncidentReported():
            return Why(Role.REPORTS, "The case begins with it: whose record it is, where and when.")
        case IncidentEnteredInError():
            return Why(Role.ENTERS_IN_ERROR, "Says that the report should never have been made.")
        case (
            DutyOpened(duty=duty)
            | DutyRedated(duty=duty)
            | DutyPaused(duty=duty)
            | DutyResumed(duty=duty)
            | DutyExtended(duty=duty)
            | DutySetAside(duty=duty)
        ):
            own = _OWN[type(event.fact)]
            is_own = key.endswith(f":{duty}")
            return own if is_own else replace(own, sentence=f"Of the duty that this one carries on: {own.sentence}")
    return _done(event, _terms(key, events))


def _terms(key: str, events: Sequence[Told]) -> DutyTerms | None:
    opened = [each.fact for each in events if isinstance(each.fact, DutyOpened)]
    own = [fact.terms for fact in opened if key.endswith(f":{fact.duty}")]
    return own[0] if own else None


def _done(event: Told, terms: DutyTerms | None) -> Why:
    done = [each for each in event.fact.done() if terms is not None and concerns(terms, each)]
    if terms is not None and any(meets(terms, each) for each in done):
        return Why(Role.MEETS, "Is what the duty asks for.")
    if terms is not None and any(each.code in terms.set_aside_by for each in done):
        return Why(Role.SETS_ASIDE, "Is a reason for which the duty does not apply.")
    if terms is not None and any(each.code in terms.revived_by for each in done):
        return Why(Role.REVIVES, "Ends the reason for which the duty did not apply.")
    return Why(Role.MOVES, "Moves a duty that this one carries on.")


def _likely(event: Told, key: str) -> bool:
    """The report, what happened to the duty itself, and whatever does something that a duty may ask for."""
    duty = getattr(event.fact, "duty", None)
    if duty is not None:
        return key.endswith(f":{duty}")
    return isinstance(event.fact, IncidentReported | IncidentEnteredInError) or bool(event.fact.done())


_MAIN: Final = Part(model=MODEL, place=_place, find=_find, why=why, likely=_likely)
_CLOCKS: Final = Figure("The number of clocks: one for each duty that was ever opened in a case.")

SUMMARY: Final = Summary(
    name="timeliness/summary",
    subject="clock",
    wanted=ClocksWanted,
    main=_MAIN,
    matches=matches,
    figures={
        "clocks": _CLOCKS,
        "missed": Figure(
            "The number of clocks whose due moment passed, at least once, with nothing known to meet them; each counts once, "
            "and what was handed over counts for the persons who are named.",
            takes=_missed,
        ),
        "total": Figure(
            "The number of lines of the summary: one for each rule, title, force and status that occurs.",
            takes=_line,
            needs=one_of_each,
            value=how_many_kinds,
            parts=each_kind,
        ),
        **{word.value: _standing(word) for word in ClockStatus},
    },
    rests=_rests,
    beside=commissioned,
)
"""`clocks` and `missed` are columns; a status is short for the clocks that stand so."""

LIST: Final = replace(SUMMARY, name="timeliness", figures={"total": _CLOCKS})


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockWanted:
    """Which clock, of which case."""

    incident: UUID
    obligation: UUID


def _is_it(row: ClockRow, wanted: ClockWanted, _as_of: datetime) -> bool:
    return (row.incident_id, row.id) == (wanted.incident, wanted.obligation)


def _days_over(row: ClockRow, asking: Asking) -> Value:
    return days_over(row, asking.as_of)


def _count(name: str) -> Figure:
    def says(row: ClockRow, _asking: Asking) -> Value:
        found: Value = getattr(row, name)
        return found

    return said_of_one(_COUNTS[name], says)


_COUNTS: Final = {
    "extensions": "How often a later due moment was agreed.",
    "redatings": "How often the start of the clock was corrected.",
    "pauses": "How often the clock was stopped.",
}

RECORD: Final = replace(
    SUMMARY,
    name="incidents/{incident}/obligations/{obligation}",
    wanted=ClockWanted,
    matches=_is_it,
    figures={
        **{name: _count(name) for name in _COUNTS},
        "days_over": said_of_one("How many days in London lie between the due day and the end; 0 in time.", _days_over),
    },
    beside=lambda _wanted: (),
)
"""The figures of one clock."""
