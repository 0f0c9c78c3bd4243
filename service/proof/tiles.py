"""The tree as tiles (C2SP tlog-tiles): 256 hashes side by side in one immutable piece, and the entries in bundles of 256.

Tile `number` of `level` holds the subtrees of 256**level leaves from `number * 256` on. A tile that is full never changes;
at the right edge of a tree of a given size there is at most one partial tile a level.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from service.proof.hashing import HASH_SIZE
from service.proof.lines import LARGEST_SIZE
from service.proof.tree import root_of

HEIGHT: Final = 8
WIDTH: Final = 1 << HEIGHT
FULL: Final = WIDTH * HASH_SIZE
"""How many bytes a full tile has."""

LEVELS: Final = 64 // HEIGHT
"""More levels than this no tree has."""

_LONGEST_ENTRY: Final = 0xFFFF
_LENGTH: Final = 2
_NUMBER: Final = re.compile(r"(?:x[0-9]{3}/){0,6}[0-9]{3}")
_PATH: Final = re.compile(rf"tile/(entries|[0-7])/({_NUMBER.pattern})(?:\.p/([1-9][0-9]{{0,2}}))?")


class TileError(ValueError):
    """A path, a tile or a bundle does not have the form that it must have."""


class Tile(NamedTuple):
    """Which tile, and how wide it is."""

    level: int
    number: int
    width: int = WIDTH


class Bundle(NamedTuple):
    """Which bundle of entries, and how many of them it holds."""

    number: int
    width: int = WIDTH


class Place(NamedTuple):
    """Where a node of the tree is found: the hashes of a tile over which it stands."""

    level: int
    number: int
    first: int
    width: int


def tile_path(level: int, number: int, width: int = WIDTH) -> str:
    """The path of a tile below the prefix of its log.

    Raises:
        TileError: there is no such tile.
    """
    if not 0 <= level < LEVELS:
        raise TileError(f"the levels of tiles are numbered from 0 to {LEVELS - 1}")
    return f"tile/{level}/{_number_path(number, width)}"


def entries_path(number: int, width: int = WIDTH) -> str:
    """The path of a bundle of entries below the prefix of its log.

    Raises:
        TileError: there is no such bundle.
    """
    return f"tile/entries/{_number_path(number, width)}"


def parse_path(path: str) -> Tile | Bundle:
    """What a path asks for; each tile and bundle has one path.

    Raises:
        TileError: it is no such path.
    """
    found = _PATH.fullmatch(path)
    if found is None:
        raise TileError("not the path of a tile or a bundle")
    kind, digits, wide = found.groups()
    number, width = int(digits.replace("/", "").replace("x", "")), int(wide or WIDTH)
    asked = Bundle(number, width) if kind == "entries" else Tile(int(kind), number, width)
    if (entries_path(*asked) if isinstance(asked, Bundle) else tile_path(*asked)) != path:
        raise TileError("not the one path of this tile or bundle")
    return asked


def width_at(size: int, level: int, number: int) -> int:
    """How many hashes a tile has in a tree of this size: from 0, where it has none yet, to 256."""
    return min(max((size >> HEIGHT * level) - number * WIDTH, 0), WIDTH)


def full_tiles(size: int, level: int) -> int:
    """How many full tiles a level has in a tree of this size."""
    return size >> HEIGHT * (level + 1)


def completed_tiles(old: int, new: int) -> list[Tile]:
    """The tiles that become full as the tree grows from the old size to the new one; lower levels first."""
    return [
        Tile(level, number)
        for level in range(LEVELS)
        for number in range(full_tiles(old, level), full_tiles(new, level))
    ]


def partial_tiles(size: int) -> list[Tile]:
    """The tiles at the right edge of a tree of this size that are neither full nor empty; lower levels first."""
    edge = [Tile(level, full_tiles(size, level), size >> HEIGHT * level & (WIDTH - 1)) for level in range(LEVELS)]
    return [tile for tile in edge if tile.width]


def place_of(level: int, number: int) -> Place:
    """Where a node of the tree, by its level and number there, is found."""
    tile_level, above = divmod(level, HEIGHT)
    tile_number, first = divmod(number << above, WIDTH)
    return Place(tile_level, tile_number, first, 1 << above)


def tiles_for(nodes: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The tiles, by level and number, that have to be read for these nodes; each once, in order."""
    return sorted({place_of(level, number)[:2] for level, number in nodes})


def hashes_of(tile: bytes) -> list[bytes]:
    """The hashes of a tile.

    Raises:
        TileError: it does not hold from 1 to 256 whole hashes.
    """
    if not 0 < len(tile) <= FULL or len(tile) % HASH_SIZE:
        raise TileError(f"a tile holds from 1 to {WIDTH} hashes")
    return [tile[start : start + HASH_SIZE] for start in range(0, len(tile), HASH_SIZE)]


def tile_root(tile: bytes) -> bytes:
    """The root over the hashes of a tile: what stands for a full one in the tile above.

    Raises:
        TileError: it does not hold from 1 to 256 whole hashes.
    """
    return root_of(hashes_of(tile))


@dataclass(frozen=True, slots=True)
class TileNodes:
    """The nodes of a tree, from tiles by their level and number. Partial tiles will do where they are wide enough."""

    tiles: Mapping[tuple[int, int], bytes]

    def hash_at(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree.

        Raises:
            LookupError: its tile is not there, or not wide enough.
        """
        place = place_of(level, index)
        tile = self.tiles[place.level, place.number]
        part = tile[place.first * HASH_SIZE : (place.first + place.width) * HASH_SIZE]
        if len(part) != place.width * HASH_SIZE:
            raise LookupError("the tile is not wide enough")
        return tile_root(part)


def bundle(entries: Sequence[bytes]) -> bytes:
    """Entries in a bundle, each behind its length.

    Raises:
        TileError: there are too many, or none, or one is longer than 65,535 bytes.
    """
    if not 0 < len(entries) <= WIDTH or any(len(entry) > _LONGEST_ENTRY for entry in entries):
        raise TileError(f"a bundle holds from 1 to {WIDTH} entries of at most {_LONGEST_ENTRY} bytes")
    return b"".join(len(entry).to_bytes(_LENGTH, "big") + entry for entry in entries)


def unbundle(data: bytes) -> list[bytes]:
    """The entries of a bundle.

    Raises:
        TileError: it does not hold from 1 to 256 whole entries.
    """
    entries: list[bytes] = []
    rest = memoryview(data)
    while rest:
        end = _LENGTH + int.from_bytes(rest[:_LENGTH], "big")
        if len(rest) < end or len(entries) == WIDTH:
            raise TileError(f"a bundle holds at most {WIDTH} entries, all of them whole")
        entries.append(bytes(rest[_LENGTH:end]))
        rest = rest[end:]
    if not entries:
        raise TileError("a bundle holds at least one entry")
    return entries


def _number_path(number: int, width: int) -> str:
    if not 0 <= number <= LARGEST_SIZE or not 0 < width <= WIDTH:
        raise TileError(f"tiles are numbered from 0 and hold from 1 to {WIDTH} hashes")
    elements = [f"{number % 1000:03}"]
    while number := number // 1000:
        elements.insert(0, f"x{number % 1000:03}")
    return "/".join(elements) + (f".p/{width}" if width < WIDTH else "")
