"""A small read model for tests of the engine: boxes with labels, some sealed, some taken out, some moved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st
from sqlalchemy import ARRAY, Column, Date, Index, Integer, Text, Uuid

from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.personal import ERASED, Narrative, Sealed
from domain.kernel.words import KeyId, Label, OdsCode
from projections.engine.columns import Structured, instant, logical_table, words
from projections.engine.feed import Told
from projections.engine.model import ReadModel
from tests.support.decisions import NOON, an_id
from tests.support.read_models.projections import Story, envelope, first_envelope


@dataclass(frozen=True)
class BoxOpened(FirstFact):
    label: Label
    note: Narrative


@dataclass(frozen=True)
class ItemAdded(Fact):
    item: int
    due_on: date | None


@dataclass(frozen=True)
class ItemTaken(Fact):
    item: int


@dataclass(frozen=True)
class BoxMoved(Fact):
    to: UUID


@dataclass(frozen=True)
class BoxBurnt(Fact):
    pass


@dataclass(frozen=True)
class Item:
    number: int
    due_on: date | None
    added_at: datetime


@dataclass(frozen=True)
class Box:
    organisation: OdsCode
    id: UUID
    label: Label
    note: Narrative
    items: tuple[Item, ...] = ()


@dataclass(frozen=True)
class ItemRow:
    organisation: OdsCode
    box: UUID
    label: Label
    note: Narrative
    number: int
    due_on: date | None
    added_at: datetime
    others: tuple[str, ...]


def keys(event: Told) -> Iterable[UUID]:
    match event.fact:
        case BoxMoved(to=to):
            return (event.stream, to)
        case _:
            return (event.stream,)


def fold(box: Box | None, event: Told) -> Box | None:
    match box, event.fact:
        case None, BoxOpened(label=label, note=note):
            return Box(event.organisation, event.stream, label, note)
        case Box(), ItemAdded(item=number, due_on=due_on):
            kept = tuple(item for item in box.items if item.number != number)
            return replace(box, items=(*kept, Item(number, due_on, event.effective_at)))
        case Box(), ItemTaken(item=number):
            return replace(box, items=tuple(item for item in box.items if item.number != number))
        case Box(), BoxMoved(to=to):
            return replace(box, label=Label(f"{box.label}>" if box.id == to else f"{box.label}<"))
        case Box(), BoxBurnt():
            return None
        case _:
            return box


def rows(box: Box) -> Mapping[str, ItemRow]:
    return {
        f"{box.id}:{item.number}": ItemRow(
            box.organisation,
            box.id,
            box.label,
            box.note,
            item.number,
            item.due_on,
            item.added_at,
            tuple(f"no {other.number}" for other in box.items if other != item),
        )
        for item in box.items
    }


BOXES = logical_table(
    "boxes",
    Column("box", Uuid, nullable=False),
    Column("label", words(), nullable=False),
    Column("note", Structured(Narrative), nullable=False),
    Column("number", Integer, nullable=False),
    Column("due_on", Date),
    Column("added_at", instant(), nullable=False),
    Column("others", ARRAY(Text), nullable=False),
)
Index("label", BOXES.c.organisation, BOXES.c.label)

boxes = ReadModel(
    name="boxes", version=1, versioned=True, state=Box, row=ItemRow, keys=keys, fold=fold, rows=rows, table=BOXES
)


def _named(name: str, *, versioned: bool) -> ReadModel[Box, ItemRow]:
    columns = [column for column in BOXES.columns if column.name not in {"key", "organisation"}]
    table = logical_table(name, *(Column(each.name, each.type, nullable=each.nullable) for each in columns))
    return replace(boxes, name=name, table=table, versioned=versioned)


other_boxes = _named("other_boxes", versioned=True)
unversioned_boxes = _named("unversioned_boxes", versioned=False)


def note(number: int) -> Narrative:
    words_of = ERASED if number % 3 == 0 else Sealed(an_id(number), "note", f"box-{number}")
    return Narrative(an_id(number), words_of, KeyId(an_id(number)))


def opened(number: int) -> BoxOpened:
    return BoxOpened(**first_envelope(an_id(number)), label=Label(f"box {number}"), note=note(number))


def fact(box: int, what: str, number: int) -> Fact | FirstFact:
    where = envelope(an_id(box), at=NOON + timedelta(hours=number, microseconds=box))
    match what:
        case "open":
            return opened(box)
        case "add":
            return ItemAdded(**where, item=number, due_on=date(2026, 3, 1 + number) if number % 2 else None)
        case "take":
            return ItemTaken(**where, item=number)
        case "move":
            return BoxMoved(**where, to=an_id(number))
        case _:
            return BoxBurnt(**where)


def story(steps: Iterable[tuple[int, str, int]]) -> Story:
    """A story of steps; two trusts own the boxes in turn."""
    told = Story()
    for box, what, number in steps:
        told.tell(fact(box, what, number), organisation=f"ZZ{1 + box % 2}")
    return told


verbs = st.sampled_from(["open", "add", "add", "add", "take", "move", "burn"])
steps_played = [
    (1, "open", 1),
    (1, "add", 1),
    (2, "open", 1),
    (2, "add", 3),
    (1, "move", 2),
    (1, "take", 1),
    (2, "add", 2),
    (2, "burn", 1),
]
steps = st.lists(st.tuples(st.integers(1, 3), verbs, st.integers(1, 4)), min_size=1, max_size=40)
