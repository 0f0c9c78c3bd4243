"""A second look at what was found: whether an event was edited, or moved, or put in, or changed its payload with another."""

from dataclasses import replace
from typing import Final

from service.proof.offline.damage import DamageError
from service.verifying import questions
from service.verifying.chunks import Connection
from service.verifying.records import Row, leaf_of
from service.verifying.walk import Kept, Walk

LOOKED_AT_MAX: Final = 50

_MOVED: Final = """
    select e.position from ledger.keys k
    join ledger.events e on e.stream = k.stream and e.version = k.version - (k.last_position - $1)
    where k.first_position <= $1 and k.last_position >= $1 limit 1
"""


async def look_again(connection: Connection, walk: Walk) -> None:
    """Say more precisely what happened at the first places that were found."""
    ordered = sorted(range(len(walk.damages)), key=lambda number: walk.damages[number].position or 0)
    for number in ordered[:LOOKED_AT_MAX]:
        walk.damages[number] = await _looked_at(connection, walk, walk.damages[number])


async def _looked_at(connection: Connection, walk: Walk, damage: DamageError) -> DamageError:
    position = damage.position or 0
    if damage.kind == "missing" and damage.sentence == "there is no event":
        moved = await connection.fetchval(_MOVED, position)
        if moved is not None and moved != position:
            return DamageError("renumbered", f"the event that stood here stands at position {moved}", position)
        return damage
    kept = walk.kept.get(position)
    if kept is None:
        return damage
    shifted = _shifted(walk, kept)
    if shifted is not None or damage.kind != "edited":
        return shifted or damage
    other = _exchanged(walk, kept)
    if other is not None:
        return DamageError("payload-changed", f"its payload stands at position {other} now", position)
    row = kept.row
    should = await connection.fetchval(questions.SHOULD_BE, row.stream, row.version)
    if should is None:
        return DamageError("inserted", "no request (ledger.keys) ever asked for this event", position)
    if should == position:
        return damage
    kind = "reordered" if await connection.fetchval(questions.STANDS, should) else "renumbered"
    return DamageError(kind, f"the event here belongs at position {should}", position)


def _shifted(walk: Walk, kept: Kept) -> DamageError | None:
    """Whether all that follows stands one place further, or one place nearer, than it was committed to."""
    position = kept.row.position
    following = walk.kept.get(position + 1)
    if following is None:
        return None
    if _fits(walk, _moved(following, -1, kept.stored)):
        return DamageError(
            "inserted", "this event was put in: what follows was committed to one position before", position
        )
    if _fits(walk, _moved(kept, 1, following.stored)):
        return DamageError(
            "missing", "an event was taken out here: what follows belongs one position further", position
        )
    return None


def _moved(kept: Kept, by: int, stored: bytes) -> Kept:
    """The event with its request as it would be at another position, held against the leaf that is stored there."""
    request = {
        name: value + by if name in ("first_position", "last_position") else value
        for name, value in kept.request.items()
    }
    row = Row((kept.row.position + by, *kept.row.columns[1:]))
    return replace(kept, row=row, request=request, stored=stored)


def _exchanged(walk: Walk, kept: Kept) -> int | None:
    """The position at which the payload stands that belongs here, where nothing else is wrong."""
    for position, other in walk.kept.items():
        columns = list(kept.row.columns)
        columns[5] = other.row.payload
        if position != kept.row.position and _fits(walk, replace(kept, row=Row(tuple(columns)))):
            return position
    return None


def _fits(walk: Walk, kept: Kept) -> bool:
    try:
        return leaf_of(kept.row, walk.log, kept.request, kept.previous) == kept.stored
    except ValueError:
        return False
