"""Roots and paths equal the recursive definition of RFC 6962, whichever way the nodes come."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.proof.hashing import EMPTY_ROOT
from service.proof.tree import (
    GrowingTree,
    Known,
    Node,
    Remembered,
    consistency_nodes,
    consistency_path,
    consistency_ranges,
    frontier,
    inclusion_nodes,
    inclusion_path,
    root_at,
    root_of,
)
from tests.support.proof.by_definition import (
    LEAVES,
    consistency_by_definition,
    inclusion_by_definition,
    root_by_definition,
)

SIZES = st.integers(0, 150)
WHOLE = Remembered(LEAVES)


def test_an_empty_tree_has_the_hash_of_nothing_as_its_root() -> None:
    assert root_of([]) == root_at(Known({}), 0) == EMPTY_ROOT == sha256(b"").digest()


@given(SIZES)
def test_roots_equal_the_definition(size: int) -> None:
    assert root_of(LEAVES[:size]) == root_at(WHOLE, size) == root_by_definition(LEAVES[:size])


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=40))
def test_roots_equal_the_definition_for_any_leaves(leaves: list[bytes]) -> None:
    assert root_of(leaves) == root_by_definition(leaves)


@settings(deadline=None)
@given(st.data())
def test_inclusion_paths_equal_the_definition(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 300))
    index = data.draw(st.integers(0, size - 1))

    assert inclusion_path(WHOLE, index, size) == inclusion_by_definition(index, LEAVES[:size])


@settings(deadline=None)
@given(st.data())
def test_consistency_paths_equal_the_definition(data: st.DataObject) -> None:
    second = data.draw(st.integers(1, 300))
    first = data.draw(st.integers(1, second))

    assert consistency_path(WHOLE, first, second) == consistency_by_definition(first, LEAVES[:second])


@given(SIZES)
def test_the_right_edge_alone_gives_the_root(size: int) -> None:
    read = Known({(level, number): WHOLE.hash_at(level, number) for level, number in frontier(size)})

    assert root_at(read, size) == root_at(WHOLE, size)
    assert len(frontier(size)) == size.bit_count()


@given(st.data())
def test_the_nodes_that_are_named_beforehand_are_all_that_a_proof_asks_for(data: st.DataObject) -> None:
    second = data.draw(st.integers(1, 600))
    first, index = data.draw(st.integers(0, second)), data.draw(st.integers(0, second - 1))

    def read(nodes: list[Node]) -> Known:
        return Known({node: WHOLE.hash_at(*node) for node in nodes})

    inclusion, consistency = read(inclusion_nodes(index, second)), read(consistency_nodes(first, second))
    assert inclusion_path(inclusion, index, second) == inclusion_path(WHOLE, index, second)
    assert consistency_path(consistency, first, second) == consistency_path(WHOLE, first, second)


@given(st.integers(1, 2**63 - 1), st.integers(0, 2**63 - 1))
def test_proofs_of_huge_trees_ask_for_few_nodes(size: int, some: int) -> None:
    index = some % size

    assert len(inclusion_nodes(index, size)) <= 126
    assert len(consistency_nodes(index + 1, size)) <= 126
    assert all((number + 1) << level <= size for level, number in inclusion_nodes(index, size))
    assert all((number + 1) << level <= size for level, number in consistency_nodes(index + 1, size))


def test_nothing_is_sent_between_trees_that_need_no_proof() -> None:
    assert consistency_ranges(7, 7) == consistency_ranges(0, 7) == consistency_ranges(0, 0) == []


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 5)])
def test_a_leaf_that_is_not_there_has_no_path(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="has no leaf"):
        inclusion_path(WHOLE, index, size)


@pytest.mark.parametrize(("first", "second"), [(6, 5), (-1, 5)])
def test_a_tree_does_not_grow_from_a_larger_one(first: int, second: int) -> None:
    with pytest.raises(ValueError, match="does not grow"):
        consistency_path(WHOLE, first, second)


@given(SIZES, SIZES)
def test_a_growing_tree_goes_on_from_what_it_remembers(first: int, more: int) -> None:
    begun = GrowingTree()
    for leaf in LEAVES[:first]:
        begun.append(leaf)

    resumed = GrowingTree(begun.size, begun.peaks)
    for leaf in LEAVES[first : first + more]:
        resumed.append(leaf)

    assert resumed.root == root_at(WHOLE, resumed.size)
    assert list(resumed.peaks) == [WHOLE.hash_at(*node) for node in frontier(resumed.size)]


@given(st.integers(1, 300))
def test_a_growing_tree_tells_every_subtree_that_it_completes_once(size: int) -> None:
    told: list[tuple[Node, bytes]] = []
    tree = GrowingTree()
    for leaf in LEAVES[:size]:
        tree.append(leaf, lambda node, digest: told.append((node, digest)))

    complete = {Node(level, number) for level in range(10) for number in range(size >> level)}
    assert len(told) == len(complete)
    assert {node for node, _ in told} == complete
    assert all(
        digest == root_by_definition(LEAVES[node.number << node.level : (node.number + 1) << node.level])
        for node, digest in told
    )


@pytest.mark.parametrize(("size", "peaks"), [(3, 1), (0, 1), (4, 2), (-1, 0), (-1, 1)])
def test_a_growing_tree_is_not_resumed_from_another_number_of_subtrees(size: int, peaks: int) -> None:
    with pytest.raises(ValueError, match="not made up of"):
        GrowingTree(size, LEAVES[:peaks])


def test_a_node_that_is_not_complete_is_not_answered_for() -> None:
    tree = Remembered(LEAVES[:5])

    assert tree.size == 5
    with pytest.raises(LookupError):
        tree.hash_at(1, 2)
    with pytest.raises(LookupError):
        Known({}).hash_at(0, 0)
