"""A proof that holds is taken; the same proof with any byte, number or length changed is refused."""

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.proof.tree import Remembered, consistency_path, inclusion_path, root_at
from service.proof.verifying import ProofInvalidError, check_consistency, check_inclusion
from tests.support.proof.by_definition import LEAVES

WHOLE = Remembered(LEAVES)
ALL_PAIRS = 130


def flipped(digest: bytes, bit: int) -> bytes:
    changed = bytearray(digest)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def other_paths(path: Sequence[bytes], bit: int) -> Iterator[list[bytes]]:
    """Every way to spoil a path that leaves it well-formed, and a few that do not."""
    for at in range(len(path)):
        yield [*path[:at], flipped(path[at], bit), *path[at + 1 :]]
        yield [*path[:at], *path[at + 1 :]]
        yield [*path[:at], path[at], *path[at:]]
        yield [*path[:at], path[at][:-1], *path[at + 1 :]]
        yield [*path[:at], path[at] + b"\x00", *path[at + 1 :]]
        if at and path[at] != path[at - 1]:
            yield [*path[: at - 1], path[at], path[at - 1], *path[at + 1 :]]
    yield [*path, bytes(32)]
    yield [bytes(32), *path]
    yield [*path, b""]


def refused_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    try:
        check_inclusion(leaf, index, size, path, root)
    except ProofInvalidError:
        return True
    return False


def refused_consistency(first: int, second: int, path: Sequence[bytes], old: bytes, new: bytes) -> bool:
    try:
        check_consistency(first, second, path, old, new)
    except ProofInvalidError:
        return True
    return False


def test_every_leaf_of_every_tree_is_proved() -> None:
    for size in range(1, ALL_PAIRS + 1):
        root = root_at(WHOLE, size)
        for index in range(size):
            check_inclusion(LEAVES[index], index, size, inclusion_path(WHOLE, index, size), root)


def test_every_tree_is_proved_to_begin_with_every_smaller_one() -> None:
    roots = [root_at(WHOLE, size) for size in range(ALL_PAIRS + 1)]

    for second in range(1, ALL_PAIRS + 1):
        for first in range(1, second + 1):
            check_consistency(first, second, consistency_path(WHOLE, first, second), roots[first], roots[second])


@settings(deadline=None)
@given(st.data())
def test_an_inclusion_proof_with_any_bit_changed_is_refused(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 600))
    index, bit = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, 255))
    leaf, root, path = LEAVES[index], root_at(WHOLE, size), inclusion_path(WHOLE, index, size)

    assert refused_inclusion(flipped(leaf, bit), index, size, path, root)
    assert refused_inclusion(leaf, index, size, path, flipped(root, bit))
    assert refused_inclusion(leaf[:-1], index, size, path, root)
    assert refused_inclusion(leaf, index, size, path, root + b"\x00")
    assert all(refused_inclusion(leaf, index, size, other, root) for other in other_paths(path, bit))


@settings(deadline=None)
@given(st.data())
def test_an_inclusion_proof_for_another_place_is_refused(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 600))
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(-1, 2 * size).filter(lambda number: number != index))

    assert refused_inclusion(LEAVES[index], other, size, inclusion_path(WHOLE, index, size), root_at(WHOLE, size))


@settings(deadline=None)
@given(st.data())
def test_an_inclusion_proof_for_another_size_is_refused(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 300))
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, 600).filter(lambda number: number != size))
    path = inclusion_path(WHOLE, index, size)

    assert refused_inclusion(LEAVES[index], index, other, path, root_at(WHOLE, other))


def test_a_path_that_is_longer_or_shorter_than_the_size_allows_is_refused_even_where_it_leads_to_the_root() -> None:
    """The second leaf of two, claimed to be the only one; and half of a tree, claimed to be a leaf of the whole."""
    assert refused_inclusion(LEAVES[1], 0, 1, [LEAVES[0]], root_at(WHOLE, 2))
    assert refused_inclusion(WHOLE.hash_at(1, 0), 0, 4, [WHOLE.hash_at(1, 1)], root_at(WHOLE, 4))


@settings(deadline=None)
@given(st.data())
def test_a_consistency_proof_with_any_bit_changed_is_refused(data: st.DataObject) -> None:
    second = data.draw(st.integers(1, 600))
    first, bit = data.draw(st.integers(1, second)), data.draw(st.integers(0, 255))
    path, old, new = consistency_path(WHOLE, first, second), root_at(WHOLE, first), root_at(WHOLE, second)

    assert refused_consistency(first, second, path, flipped(old, bit), new)
    assert refused_consistency(first, second, path, old, flipped(new, bit))
    assert refused_consistency(first, second, path, old[:-1], new)
    assert refused_consistency(first, second, path, old, new + b"\x00")
    assert all(refused_consistency(first, second, other, old, new) for other in other_paths(path, bit))


@settings(deadline=None)
@given(st.data())
def test_a_consistency_proof_between_other_sizes_is_refused(data: st.DataObject) -> None:
    second = data.draw(st.integers(1, 600))
    first = data.draw(st.integers(1, second))
    other = data.draw(st.integers(0, 600).filter(lambda number: number not in {first, second}))
    path, old, new = consistency_path(WHOLE, first, second), root_at(WHOLE, first), root_at(WHOLE, second)

    assert refused_consistency(other, second, path, root_at(WHOLE, other), new)
    assert refused_consistency(first, other, path, old, root_at(WHOLE, other))
    assert first == second or refused_consistency(second, first, path, new, old)


@settings(deadline=None)
@given(st.data())
def test_a_rewritten_tree_cannot_be_proved_to_begin_with_the_old_one(data: st.DataObject) -> None:
    """Not even with the best proof that the rewritten tree can give of itself."""
    second = data.draw(st.integers(1, 200))
    first = data.draw(st.integers(1, second))
    rewritten_at = data.draw(st.integers(0, first - 1))
    rewritten = Remembered([*LEAVES[:rewritten_at], bytes(32), *LEAVES[rewritten_at + 1 : second]])

    path, forged = consistency_path(rewritten, first, second), root_at(rewritten, second)
    assert refused_consistency(first, second, path, root_at(WHOLE, first), forged)


@pytest.mark.parametrize(("first", "second"), [(0, 0), (0, 5), (-1, 5), (6, 5)])
def test_nothing_is_shown_from_an_empty_tree_or_to_a_smaller_one(first: int, second: int) -> None:
    assert refused_consistency(first, second, [], bytes(32), bytes(32))


def test_two_roots_of_one_size_are_refused() -> None:
    assert refused_consistency(5, 5, [], root_at(WHOLE, 5), root_at(WHOLE, 6))
    assert refused_consistency(5, 5, [bytes(32)], root_at(WHOLE, 5), root_at(WHOLE, 5))
