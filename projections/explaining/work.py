"""The length of a worklist: how many items wait for one person, by the same rules as the list itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from domain.action.events import ActionAgreed
from domain.incident.events import IncidentReported, ThresholdDecided
from domain.incident.words import Assignment
from domain.policy.edition import Force
from domain.policy.library import SERIOUS_INCIDENT_FRAMEWORK
from domain.policy.questions import Outcome, Question
from domain.policy.status import ClockStatus
from projections.engine.feed import Told
from projections.explaining import clocks, incidents
from projections.explaining.commissioning import commissioned
from projections.explaining.figures import Asking, Figure, Part, Place, Role, Summary, Why
from projections.incident_register.model import MODEL as INCIDENT_REGISTER
from projections.incident_register.rows import IncidentRow
from projections.timeliness.model import MODEL as TIMELINESS
from projections.timeliness.queries import status_of
from projections.timeliness.rows import ClockRow
from projections.worklist.items import WorkItem
from projections.worklist.model import MODEL
from projections.worklist.queries import NO_HANDLER, WorkFilter, last_moment
from projections.worklist.rows import WaitingRow
from projections.worklist.waiting import Kind, Section

_STANDING: Final = (ClockStatus.RUNNING, ClockStatus.WITHOUT_NUMBER, ClockStatus.OVERDUE)
_OF_DAYS: Final = (Kind.ACTION_TO_ACCEPT, Kind.ACTION)
_QUESTIONS: Final = (Kind.ASSESSED_MET, Kind.UNDECIDED, Kind.UNCLEAR, Kind.DECIDE_AGAIN)
_PERSON: Final = "relevant_person"
_TO_THE_MICROSECOND: Final = "%Y%m%d%H%M%S%f"


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkLine:
    """Some kinds of items that are somebody's work.

    `own`: in records of their own organisation, else of one that it commissions; `owed_by`: clocks that these owe (empty:
    whoever does); `only` is a word for what else must be so.
    """

    kinds: tuple[str, ...]
    own: bool
    owed_by: tuple[str, ...]
    only: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Whose:
    """Whose work is counted, and what is theirs to do."""

    actor: UUID
    organisation: str
    lines: tuple[WorkLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkWanted(WorkFilter):
    """Which items, of whose work."""

    whose: Whose
    commissioner: str | None = None


def _is_so(only: str, item: WorkItem, whose: Whose) -> bool:
    match only:
        case "under_sif":
            return item.regime == str(SERIOUS_INCIDENT_FRAMEWORK)
        case "for_persons":
            return item.person is not None or _PERSON in item.recipients
        case "of_response":
            return item.learning_response_id is not None
        case "submitted_to_them":
            return item.submitted_to == whose.organisation
        case "accepted_by_them":
            return item.accepted_by == whose.actor
        case "not_in_their_hands":
            return whose.actor not in item.hands
    return only == "all"


def _is_theirs(item: WorkItem, whose: Whose) -> bool:
    is_own = item.organisation == whose.organisation
    return any(
        line.own is is_own
        and item.kind in line.kinds
        and (not line.owed_by or item.owed_by in line.owed_by)
        and _is_so(line.only, item, whose)
        for line in whose.lines
    )


def matches(item: WorkItem, wanted: WorkWanted, as_of: datetime) -> bool:
    """Whether an item is among those asked for: the same as the conditions of `worklist/queries.py`, and of whose work."""
    near = last_moment(as_of, within_days=wanted.within_days)
    needed = Assignment.HANDLER if wanted.assigned == NO_HANDLER else wanted.assigned
    return (
        _is_theirs(item, wanted.whose)
        and (item.section is not Section.RUNNING_OUT or item.due_at is None or item.due_at <= near)
        and wanted.section in (None, item.section)
        and wanted.kind in (None, item.kind)
        and wanted.site in (None, item.site)
        and wanted.provider in (None, item.organisation)
        and wanted.incident in (None, item.incident_id)
        and (needed is None or (needed in item.assigned) is (wanted.assigned != NO_HANDLER))
    )


def _place_of_waiting(item: WorkItem) -> Place | None:
    if item.kind is Kind.CLOCK:
        return None
    return Place(item.action_id or item.learning_response_id or item.incident_id)


def _place_of_clock(item: WorkItem) -> Place | None:
    return Place(item.incident_id, is_case=True) if item.kind is Kind.CLOCK else None


def _place_of_case(item: WorkItem) -> Place:
    return Place(item.incident_id, is_case=True)


def _find(rows: Mapping[str, Any], key: str, _asking: Asking) -> Any | None:
    return rows.get(key)


def _only(rows: Mapping[str, Any], _key: str, _asking: Asking) -> Any | None:
    return next(iter(rows.values()), None)


def _why(event: Told, _key: str, _events: Sequence[Told]) -> Why:
    match event.fact:
        case IncidentReported():
            return Why(Role.REPORTS, "The case begins with it, and with it the questions that are asked of it.")
        case ActionAgreed():
            return Why(Role.AGREES, "The action is agreed: who is asked to own it, and by which day.")
        case ThresholdDecided():
            return Why(Role.DECIDES, "Answers a question, or leaves it unclear.")
    return Why(Role.MOVES, "Says what waits, since when, or for whom.")


_WAITING: Final = Part(model=MODEL, place=_place_of_waiting, find=_find, why=_why)
_CLOCK: Final = Part(model=TIMELINESS, place=_place_of_clock, find=_find, why=clocks.why)
_CASE: Final = Part(model=INCIDENT_REGISTER, place=_place_of_case, find=_only, why=incidents.why)


def _beside(wanted: WorkWanted) -> tuple[Part, ...]:
    return (_CLOCK, _CASE, *commissioned(wanted))


def item_of(parts: Sequence[Any | None], asking: Asking) -> WorkItem | None:
    """The item that these rows make: the same as the view of `worklist/merging.py`."""
    waiting, clock, case, *relations = parts
    if case is None or case.status == "entered_in_error":
        return None
    made = _of_waiting(waiting, case, asking.as_of) if waiting else clock and _of_clock(clock, asking.as_of)
    if made is None or any(each is None or each.organisation != case.organisation for each in relations):
        return None
    return WorkItem(**_NOTHING | _of_case(case) | made | {"place": _place_in_list(made)})


_NOTHING: Final[dict[str, Any]] = {
    **dict.fromkeys((each.name for each in fields(WorkItem)), None),
    "changed_facts": (),
    "recipients": (),
    "hands": (),
}


def _of_case(case: IncidentRow) -> dict[str, Any]:
    named = {each.name for each in fields(WorkItem)} & {each.name for each in fields(IncidentRow)}
    said: dict[str, Any] = {name: getattr(case, name) for name in named}
    return {**said, "incident_id": case.id, "case_status": case.status}


def _of_waiting(row: WaitingRow, case: IncidentRow, as_of: datetime) -> dict[str, Any] | None:
    """What was completed after the moment was still to be done then."""
    is_serious = Outcome.MET.value in (case.serious_incident, case.never_event)
    goes_there = case.regime == str(SERIOUS_INCIDENT_FRAMEWORK) and is_serious
    kind = Kind(row.kind)
    if kind is Kind.RESPONSE_TO_SUBMIT and not goes_there:
        return None
    if kind is Kind.ACTION_TO_VERIFY and row.completed_at is not None and row.completed_at > as_of:
        kind = Kind.ACTION
    is_late = kind in _OF_DAYS and row.due_at is not None and row.due_at < as_of
    resting = Section.RUNNING_OUT if kind is Kind.ACTION else Section.DECIDE
    said: dict[str, Any] = {each.name: getattr(row, each.name) for each in fields(WaitingRow) if each.name in _NOTHING}
    return {
        **said,
        "kind": kind,
        "section": Section.LATE if is_late else resting,
        "item": _key_of(row),
        "question": row.question and Question(row.question),
        "outcome": row.outcome and Outcome(row.outcome),
    }


def _key_of(row: WaitingRow) -> str:
    return f"{row.incident_id}:{row.question}" if row.question else str(row.action_id or row.learning_response_id)


def _of_clock(row: ClockRow, as_of: datetime) -> dict[str, Any] | None:
    stands = status_of(row, as_of)
    if row.set_aside or stands not in _STANDING:
        return None
    told = ("organisation", "incident_id", "rule", "title", "edition", "verified", "owed_by", "recipients", "person")
    return {
        **{name: getattr(row, name) for name in (*told, "learning_response_id", "due_at")},
        "kind": Kind.CLOCK,
        "section": Section.LATE if stands is ClockStatus.OVERDUE else Section.RUNNING_OUT,
        "item": f"{row.incident_id}:{row.id}",
        "clock_id": row.id,
        "force": Force(row.force),
        "waiting_since": row.started_at,
    }


def _place_in_list(made: Mapping[str, Any]) -> str:
    since, due = made["waiting_since"], made["due_at"]
    if made["section"] is Section.DECIDE:
        return f"0 {list(Kind).index(made['kind']):02}{_stamp(since)}"
    if made["section"] is Section.LATE:
        return f"2 {_stamp(due)}"
    return f"1 without {_stamp(since)}" if due is None else f"1 {_stamp(due)}"


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(_TO_THE_MICROSECOND)


def _in(section: Section) -> Figure:
    def takes(item: WorkItem, _asking: Asking) -> bool | None:
        return True if item.section is section else None

    return Figure(f"The number of the caller's items in the section `{section.value}`.", takes=takes)


LIST: Final = Summary(
    name="worklist",
    subject="item",
    wanted=WorkWanted,
    main=_WAITING,
    matches=matches,
    figures={
        "total": Figure("The number of items that wait for the caller: undecided, running out, and late."),
        **{section.value: _in(section) for section in Section},
    },
    beside=_beside,
    made_of=item_of,
    whole=False,
)
