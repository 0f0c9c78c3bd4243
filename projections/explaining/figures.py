"""How a figure is declared: which rows it counts, what it takes from each, and what it makes of them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from projections.engine.feed import Told
from projections.engine.model import AnyReadModel
from projections.explaining.explanation import Value


class Role(StrEnum):
    """What an event does for a row that is counted."""

    REPORTS = "reports"
    OPENS = "opens"
    REDATES = "redates"
    PAUSES = "pauses"
    RESUMES = "resumes"
    EXTENDS = "extends"
    SETS_ASIDE = "sets_aside"
    REVIVES = "revives"
    MEETS = "meets"
    ENTERS_IN_ERROR = "enters_in_error"
    AGREES = "agrees"
    MOVES = "moves"
    DECIDES = "decides"
    REPLACES = "replaces"
    REGISTERS = "registers"
    COMMISSIONS = "commissions"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Why:
    """Why a row rests on an event, in a word and in a sentence."""

    role: Role
    sentence: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where the events of a row are: in one stream, or in all streams of a case."""

    stream: UUID
    is_case: bool = False


@dataclass(frozen=True, slots=True)
class Asking:
    """Which figure is asked for: over which rows, compared with which moment, in whose scope (None: of everybody)."""

    figure: str
    wanted: Any
    as_of: datetime
    organisations: frozenset[str] | None

    def sees(self, organisation: str) -> bool:
        """Whether a record of this organisation exists for the reader."""
        return self.organisations is None or organisation in self.organisations


@dataclass(frozen=True, slots=True)
class Rests:
    """What a row says of the rules that made it: rule ids, references of editions, and the calendars of due dates."""

    rules: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()
    calendars: tuple[str, ...] = ()


def _any(_event: Told, _key: str) -> bool:
    return True


@dataclass(frozen=True)
class Part:
    """A read model that a counted row is looked up in.

    `place` is where the events of a row are, None where this read model has no part in it; `find` picks the row with a key
    among those that the read model shows of that place, None where there is none; `why` says what an event does for it, given all events that it rests on.
    `likely` says which events the row may rest on at all, as a rule: it only saves time, and decides nothing.
    """

    model: AnyReadModel
    place: Callable[[Any], Place | None]
    find: Callable[[Mapping[str, Any], str, Asking], Any | None]
    why: Callable[[Told, str, Sequence[Told]], Why]
    likely: Callable[[Told, str], bool] = _any

    def incident(self, event: Told) -> UUID | None:
        """The case that an event belongs to; None where it is no case's."""
        return event.cases[0] if event.cases else None


Taken = Any
"""What a figure takes from a row that it counts: whatever can be compared; never None."""

Counted = Sequence[tuple[str, Taken]]
"""The rows that a figure counts: their keys and what it takes from each, in the order of their keys."""


def once(_row: Any, _asking: Asking) -> Taken:
    """Count the row, whatever it says."""
    return True


def everyone(counted: Counted, _asking: Asking) -> Collection[str]:
    """The figure rests on every row that it counts."""
    return [key for key, _ in counted]


def one_of_each(counted: Counted, _asking: Asking) -> Collection[str]:
    """The figure rests on the first row of each kind: the others of that kind change nothing."""
    first: dict[Taken, str] = {}
    for key, taken in counted:
        first.setdefault(taken, key)
    return list(first.values())


def how_many(taken: Sequence[Taken], _asking: Asking) -> Value:
    """The figure is the number of the rows."""
    return len(taken)


def how_many_kinds(taken: Sequence[Taken], _asking: Asking) -> Value:
    """The figure is the number of the different kinds of row."""
    return len({*taken})


def each_kind(taken: Sequence[Taken], _asking: Asking) -> Mapping[str, Value]:
    """The kinds by name: they are what is counted, so that no other kind can stand in the place of one."""
    return {", ".join(map(str, kind)): 1 for kind in sorted({*taken}, key=str)}


def nothing_more(_taken: Sequence[Taken], _asking: Asking) -> Mapping[str, Value]:
    """The figure is a count: it has no parts."""
    return {}


@dataclass(frozen=True)
class Figure:
    """One figure of a summary, with its definition in plain English.

    `takes` is what it takes from a row (None: the row is not counted); `needs` are the keys of the counted rows that it
    rests on; `value` makes the figure of what was taken, and `parts` what it is made of, where it is no count of rows. `requires` are filters without which it is not known which figure is meant.
    """

    definition: str
    takes: Callable[[Any, Asking], Taken | None] = once
    needs: Callable[[Counted, Asking], Collection[str]] = everyone
    value: Callable[[Sequence[Taken], Asking], Value] = how_many
    parts: Callable[[Sequence[Taken], Asking], Mapping[str, Value]] = nothing_more
    requires: tuple[str, ...] = ()


def said_of_one(definition: str, says: Callable[[Any, Asking], Value]) -> Figure:
    """A figure that one record shows of itself: what it says is the figure."""

    def takes(row: Any, asking: Asking) -> Taken:
        # What is not known is said too: it tells a record that is there from one that is not.
        return (says(row, asking),)

    def value(taken: Sequence[Taken], _asking: Asking) -> Value:
        found: Value = taken[0][0] if taken else None
        return found

    return Figure(definition, takes=takes, value=value)


def no_rules(_row: Any) -> Rests:
    """No rule has a part in such a row."""
    return Rests()


def its_own(parts: Sequence[Any | None], _asking: Asking) -> Any | None:
    """The row of the first part, where the others tell of the same organisation."""
    own, *others = parts
    if own is None or any(each is None or each.organisation != own.organisation for each in others):
        return None
    return own


@dataclass(frozen=True)
class Summary:
    """One summary of the API, or one list, whose length is a figure too.

    `name` is its path below `/v1/`; `subject` what one of its rows is; `wanted` the filters with what chooses a figure
    among several of one name; `matches` whether a row is among those asked for. `beside` are read models that the row is
    looked up in besides its own, and `made_of` puts it together from what each of them shows. `library` names what works out coefficients. `whole`: of what made a row count,
    that is told which made it what it is; else, where a row says very much, whatever makes it count.
    """

    name: str
    subject: str
    wanted: type[Any]
    main: Part
    matches: Callable[[Any, Any, datetime], bool]
    figures: Mapping[str, Figure]
    rests: Callable[[Any], Rests] = no_rules
    beside: Callable[[Any], tuple[Part, ...]] = field(default=lambda _wanted: ())
    made_of: Callable[[Sequence[Any | None], Asking], Any | None] = its_own
    library: Callable[[], str] | None = None
    whole: bool = True

    def parts(self, wanted: Any) -> tuple[Part, ...]:
        """The read models that a counted row is looked up in, its own first."""
        return (self.main, *self.beside(wanted))

    def taken(self, row: Any, asking: Asking) -> Taken | None:
        """What a figure takes from a row; None where it does not count it, or where it does not exist for the reader."""
        if not asking.sees(row.organisation) or not self.matches(row, asking.wanted, asking.as_of):
            return None
        return self.figures[asking.figure].takes(row, asking)
