"""Tiles and bundles: one path for each, and the tree that they hold is the tree."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.proof.hashing import HASH_SIZE
from service.proof.tiles import (
    FULL,
    WIDTH,
    Bundle,
    Tile,
    TileError,
    TileNodes,
    bundle,
    completed_tiles,
    entries_path,
    full_tiles,
    hashes_of,
    parse_path,
    partial_tiles,
    place_of,
    tile_path,
    tile_root,
    tiles_for,
    unbundle,
    width_at,
)
from service.proof.tree import (
    Remembered,
    consistency_nodes,
    consistency_path,
    frontier,
    inclusion_nodes,
    inclusion_path,
    root_at,
)
from tests.support.proof.by_definition import LEAVES

LARGEST = 66_000
WHOLE = Remembered(LEAVES[number % len(LEAVES)] for number in range(LARGEST))


def tile_of(level: int, number: int, size: int) -> bytes:
    """A tile by its definition: the subtrees of 256**level leaves that stand side by side."""
    first = number * WIDTH
    return b"".join(WHOLE.hash_at(8 * level, first + at) for at in range(width_at(size, level, number)))


@pytest.mark.parametrize(
    ("level", "number", "width", "path"),
    [
        (0, 0, 256, "tile/0/000"),
        (0, 999, 256, "tile/0/999"),
        (3, 1000, 256, "tile/3/x001/000"),
        (0, 1_234_067, 256, "tile/0/x001/x234/067"),
        (7, 5, 1, "tile/7/005.p/1"),
        (1, 70_123, 255, "tile/1/x070/123.p/255"),
    ],
)
def test_a_tile_has_one_path(level: int, number: int, width: int, path: str) -> None:
    assert tile_path(level, number, width) == path
    assert parse_path(path) == Tile(level, number, width)
    assert entries_path(number, width) == path.replace(f"tile/{level}/", "tile/entries/")


@given(st.integers(0, 7), st.integers(0, 2**63 - 1), st.integers(1, 256))
def test_a_path_reads_back_as_it_was_written(level: int, number: int, width: int) -> None:
    assert parse_path(tile_path(level, number, width)) == Tile(level, number, width)
    assert parse_path(entries_path(number, width)) == Bundle(number, width)


@pytest.mark.parametrize(
    "path",
    [
        "", "tile", "tile/0", "tile/0/", "/tile/0/000", "tile/0/000/", "tile/0/00", "tile/0/0000", "tile/00/000",
        "tile/8/000", "tile/-1/000", "tile/x/000", "tile/0/x000/001", "tile/0/001/002", "tile/0/x001/x002", "tile/0/x1/002",
        "tile/0/000.p", "tile/0/000.p/", "tile/0/000.p/0", "tile/0/000.p/01", "tile/0/000.p/256", "tile/0/000.p/300",
        "tile/0/000.p/1000", "tile/0/000.p/1\n", "tile/0/000\n", "tile/0/../000", "tile/0/\N{ARABIC-INDIC DIGIT ZERO}00",
        "tile/0/x999/x999/x999/x999/x999/x999/999", "tile/0/" + "x001/" * 7 + "001", "tile/data/000", "tile/entries/",
    ],
)  # fmt: skip
def test_what_is_not_quite_a_path_of_a_tile_is_refused(path: str) -> None:
    with pytest.raises(TileError):
        parse_path(path)


@given(st.text())
def test_any_other_text_is_refused_and_nothing_else(path: str) -> None:
    with pytest.raises(TileError):
        parse_path(path)


@pytest.mark.parametrize(
    ("level", "number", "width"), [(8, 0, 1), (-1, 0, 1), (0, -1, 1), (0, 2**63, 1), (0, 0, 0), (0, 0, 257)]
)
def test_a_tile_that_no_tree_has_has_no_path(level: int, number: int, width: int) -> None:
    with pytest.raises(TileError):
        tile_path(level, number, width)


@given(st.integers(0, 2**40))
def test_the_tiles_of_a_size_hold_each_of_its_hashes_once(size: int) -> None:
    edge = {tile.level: tile for tile in partial_tiles(size)}

    for level in range(8):
        width = edge[level].width if level in edge else 0
        assert full_tiles(size, level) * WIDTH + width == size >> 8 * level
        assert width_at(size, level, full_tiles(size, level)) == width < WIDTH
        assert level not in edge or edge[level].number == full_tiles(size, level)
        assert full_tiles(size, level) == 0 or width_at(size, level, full_tiles(size, level) - 1) == WIDTH
        assert width_at(size, level, full_tiles(size, level) + 1) == 0


@given(st.integers(0, 200_000), st.integers(0, 1_000), st.integers(0, 1_000))
def test_a_tile_is_completed_once_however_the_tree_grows(size: int, more: int, yet_more: int) -> None:
    middle, end = size + more, size + more + yet_more
    grown = [*completed_tiles(size, middle), *completed_tiles(middle, end)]

    assert sorted(grown) == completed_tiles(size, end)
    assert all(width_at(end, *tile[:2]) == WIDTH > width_at(size, *tile[:2]) for tile in grown)


def test_a_tile_on_a_higher_level_is_completed_with_the_one_below() -> None:
    assert completed_tiles(65_535, 65_536) == [Tile(0, 255), Tile(1, 0)]
    assert completed_tiles(256, 511) == []


@settings(deadline=None, max_examples=50)
@given(st.data())
def test_proofs_from_tiles_are_the_proofs_of_the_tree(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 3_000) | st.integers(65_000, LARGEST))
    index, first = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    asked = [*frontier(size), *inclusion_nodes(index, size), *consistency_nodes(first, size)]
    nodes = TileNodes({(level, number): tile_of(level, number, size) for level, number in tiles_for(asked)})

    assert root_at(nodes, size) == root_at(WHOLE, size)
    assert inclusion_path(nodes, index, size) == inclusion_path(WHOLE, index, size)
    assert consistency_path(nodes, first, size) == consistency_path(WHOLE, first, size)


@pytest.mark.parametrize("number", [0, 1, 255])
def test_a_full_tile_stands_in_the_tile_above_by_its_root(number: int) -> None:
    tile = tile_of(0, number, LARGEST)

    assert len(tile) == FULL
    assert tile_root(tile) == WHOLE.hash_at(8, number) == hashes_of(tile_of(1, 0, LARGEST))[number]


def test_a_node_is_found_in_the_lowest_tile_that_holds_it() -> None:
    assert place_of(0, 255) == (0, 0, 255, 1)
    assert place_of(7, 3) == (0, 1, 128, 128)
    assert place_of(8, 256) == (1, 1, 0, 1)


def test_a_node_beyond_a_partial_tile_is_not_answered_for() -> None:
    nodes = TileNodes({(0, 0): tile_of(0, 0, 5)})

    assert nodes.hash_at(2, 0) == WHOLE.hash_at(2, 0)
    for level, number in ((2, 1), (0, 5), (3, 0), (0, 256)):
        with pytest.raises(LookupError):
            nodes.hash_at(level, number)


@pytest.mark.parametrize("length", [0, 1, 31, 33, FULL - 1, FULL + 1, FULL + HASH_SIZE])
def test_a_tile_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(TileError):
        tile_root(bytes(length))


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_a_bundle_reads_back_as_it_was_made(entries: list[bytes]) -> None:
    assert unbundle(bundle(entries)) == entries


@given(st.lists(st.binary(max_size=20), min_size=1, max_size=5), st.data())
def test_a_bundle_that_was_cut_is_never_read_as_if_it_were_whole(entries: list[bytes], data: st.DataObject) -> None:
    whole = bundle(entries)
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]

    try:
        read = unbundle(cut)
    except TileError:
        return
    assert read == entries[: len(read)]
    assert len(read) < len(entries)


def test_a_bundle_holds_from_1_to_256_entries_none_of_them_too_long() -> None:
    assert unbundle(bundle([bytes(65_535)])) == [bytes(65_535)]
    for entries in ([], [b""] * 257, [bytes(65_536)]):
        with pytest.raises(TileError):
            bundle(entries)
    for data in (b"", b"\x00", b"\x00\x05four", b"\x00\x00" * 257):
        with pytest.raises(TileError):
            unbundle(data)
