"""The map of heads: what it says of a stream or a case is proved, and so is that it says nothing."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Final
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.proof.heads import (
    BUCKETS,
    EMPTY_BUCKET,
    LEVELS,
    Entry,
    HeadProof,
    HeadsTree,
    Joined,
    bucket_hash,
    bucket_hashes,
    bucket_of,
    case_entry,
    case_key,
    check_head,
    heads_root,
    prove_head,
    stream_entry,
    stream_key,
)
from service.proof.verifying import ProofInvalidError

STREAM, CASE = UUID(int=1), UUID(int=2)
LEAF: Final = bytes(range(32))

PREFIXES: Final = st.sampled_from([b"\x00\x00", b"\x00\x01", b"\x7f\xff", b"\x80\x00", b"\xff\xff"])
KEYS: Final = st.builds(lambda prefix, rest: prefix + rest, PREFIXES, st.binary(min_size=30, max_size=30))
MAPS: Final = st.dictionaries(KEYS, st.binary(min_size=32, max_size=32), max_size=12)
"""Maps whose keys crowd into few buckets."""


def root_by_definition(entries: Sequence[Entry]) -> bytes:
    """The root as the words of the module define it: all 65,536 buckets and every node above them."""
    level = []
    crowded = {bucket_of(entry.key) for entry in entries}
    for number in range(65_536):
        inside = sorted(entry for entry in entries if bucket_of(entry.key) == number) if number in crowded else []
        content = b"".join(key + value for key, value in inside)
        level.append(sha256(b"\x02" + content).digest() if inside else bytes(32))
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=True)
        level = [sha256(b"\x03" + left + right).digest() for left, right in pairs]
    return level[0]


def entries_of(content: dict[bytes, bytes]) -> list[Entry]:
    return [Entry(key, value) for key, value in content.items()]


def tree_of(content: dict[bytes, bytes]) -> HeadsTree:
    return HeadsTree(bucket_hashes(entries_of(content)))


def proof_of(content: dict[bytes, bytes], key: bytes) -> HeadProof:
    inside = [entry for entry in entries_of(content) if bucket_of(entry.key) == bucket_of(key)]
    return prove_head(tree_of(content), key, inside)


def refused(key: bytes, value: bytes | None, proof: HeadProof, root: bytes) -> bool:
    try:
        check_head(key, value, proof, root)
    except ProofInvalidError:
        return True
    return False


def test_keys_and_values_are_hashes_of_just_these_bytes() -> None:
    version, position = (5).to_bytes(8, "big"), (9).to_bytes(8, "big")

    assert stream_key(STREAM) == sha256(b"stream\x00" + STREAM.bytes).digest()
    assert case_key(CASE) == sha256(b"case\x00" + CASE.bytes).digest()
    assert stream_entry(STREAM, 5, LEAF) == (stream_key(STREAM), sha256(version + LEAF).digest())
    assert case_entry(CASE, [Joined(STREAM, 9)]) == (case_key(CASE), sha256(STREAM.bytes + position).digest())
    assert stream_key(STREAM) != case_key(STREAM)


def test_the_streams_of_a_case_are_listed_by_when_they_joined_then_by_their_ids() -> None:
    joined = [Joined(UUID(int=7), 3), Joined(UUID(int=5), 4), Joined(UUID(int=9), 4)]
    content = b"".join(stream.bytes + position.to_bytes(8, "big") for stream, position in joined)

    assert case_entry(CASE, joined).value == sha256(content).digest()
    assert case_entry(CASE, joined[::-1]) == case_entry(CASE, joined)


@pytest.mark.parametrize(
    "other",
    [
        [],
        [Joined(UUID(int=7), 3)],
        [Joined(UUID(int=7), 3), Joined(UUID(int=5), 5)],
        [Joined(UUID(int=7), 4), Joined(UUID(int=5), 3)],
        [Joined(UUID(int=7), 3), Joined(UUID(int=6), 4)],
    ],
)
def test_a_withheld_or_another_stream_of_a_case_changes_what_the_map_says(other: list[Joined]) -> None:
    assert case_entry(CASE, other) != case_entry(CASE, [Joined(UUID(int=7), 3), Joined(UUID(int=5), 4)])


def test_a_withheld_tail_of_a_stream_changes_what_the_map_says() -> None:
    assert stream_entry(STREAM, 5, LEAF) != stream_entry(STREAM, 4, LEAF)
    assert stream_entry(STREAM, 5, LEAF) != stream_entry(STREAM, 5, bytes(32))


@settings(deadline=None, max_examples=4)
@given(MAPS)
def test_the_root_equals_the_definition(content: dict[bytes, bytes]) -> None:
    assert heads_root(bucket_hashes(entries_of(content))) == root_by_definition(entries_of(content))


def test_the_root_of_an_empty_map_equals_the_definition() -> None:
    assert heads_root({}) == HeadsTree().root == root_by_definition([])
    assert (LEVELS, BUCKETS, len(HeadsTree().siblings(0))) == (16, 65_536, 16)
    assert bucket_hash([]) == EMPTY_BUCKET == bytes(32)


@given(MAPS, MAPS)
def test_a_map_that_changed_is_the_map_made_anew(before: dict[bytes, bytes], change: dict[bytes, bytes]) -> None:
    tree, after = tree_of(before), before | change
    touched = {bucket_of(key) for key in change}
    tree.change(bucket_hashes(entry for entry in entries_of(after) if bucket_of(entry.key) in touched))

    assert tree.root == tree_of(after).root
    assert (tree.root == tree_of(before).root) == (before == after)


@pytest.mark.parametrize("number", [-1, BUCKETS])
def test_there_is_no_bucket_of_another_number(number: int) -> None:
    with pytest.raises(ValueError, match="numbered"):
        heads_root({number: bytes(32)})


@given(MAPS, KEYS)
def test_every_key_is_proved_and_every_absent_key_is_proved_absent(content: dict[bytes, bytes], other: bytes) -> None:
    root = tree_of(content).root

    for key, value in content.items():
        check_head(key, value, proof_of(content, key), root)
    check_head(other, content.get(other), proof_of(content, other), root)


@given(MAPS.filter(bool), st.binary(min_size=32, max_size=32), st.data())
def test_a_proof_says_one_thing_of_a_key(content: dict[bytes, bytes], value: bytes, data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(content)))
    proof, root = proof_of(content, key), tree_of(content).root

    assert refused(key, None, proof, root)
    assert value == content[key] or refused(key, value, proof, root)


@given(MAPS, KEYS, st.data())
def test_a_head_that_is_not_there_cannot_be_claimed(
    content: dict[bytes, bytes], key: bytes, data: st.DataObject
) -> None:
    content.pop(key, None)
    value = data.draw(st.sampled_from([bytes(32), *content.values()]))

    assert refused(key, value, proof_of(content, key), tree_of(content).root)


@given(MAPS.filter(bool), st.integers(0, 255), st.data())
def test_a_proof_with_anything_changed_is_refused(content: dict[bytes, bytes], bit: int, data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(content)))
    value, proof, root = content[key], proof_of(content, key), tree_of(content).root

    def flipped(digest: bytes) -> bytes:
        return (int.from_bytes(digest, "big") ^ 1 << bit).to_bytes(32, "big")

    others = [replace(proof, siblings=()), replace(proof, siblings=(*proof.siblings, bytes(32)))]
    for at in range(LEVELS):
        before, after = proof.siblings[:at], proof.siblings[at + 1 :]
        others += [
            replace(proof, siblings=(*before, changed, *after)) for changed in (flipped(proof.siblings[at]), b"")
        ]
    for at, entry in enumerate(proof.bucket):
        before_it, after_it = proof.bucket[:at], proof.bucket[at + 1 :]
        spoilt = [
            [],
            [entry, entry],
            [Entry(flipped(entry.key), entry.value)],
            [Entry(entry.key, flipped(entry.value))],
        ]
        others += [replace(proof, bucket=(*before_it, *inside, *after_it)) for inside in spoilt]

    assert all(refused(key, value, other, root) for other in others)
    assert refused(key, value, proof, flipped(root))


def test_a_bucket_has_to_be_in_order_and_whole_and_its_own() -> None:
    """Even where the hash over it is right: the root itself was made by somebody who does not keep the rules."""
    low, high = Entry(bytes(32), b"a" * 32), Entry(bytes(31) + b"\x01", b"b" * 32)
    twice, elsewhere = Entry(low.key, b"c" * 32), Entry(b"\xff" * 32, b"d" * 32)

    for bucket in ((high, low), (low, twice), (low, low), (low, elsewhere), (elsewhere,)):
        content = b"".join(key + value for key, value in bucket)
        tree = HeadsTree({0: sha256(b"\x02" + content).digest()})
        proof = HeadProof(bucket, tree.siblings(0))
        for value in (low.value, twice.value, None):
            assert refused(low.key, value, proof, tree.root)


def test_hashes_of_other_lengths_are_not_taken_even_where_they_lead_to_the_root() -> None:
    """The boundary between a key and its value must not be movable."""
    key, value = bytes(32), b"a" * 32
    tree = tree_of({key: value})
    whole = HeadProof((Entry(key, value),), tree.siblings(0))
    moved = replace(whole, bucket=(Entry(key + value[:1], value[1:]),))

    check_head(key, value, whole, tree.root)
    assert refused(key + value[:1], value[1:], moved, tree.root)
    assert refused(key[:-1], None, whole, tree.root)


def test_a_way_of_another_length_is_refused_even_where_it_leads_to_the_root() -> None:
    """By somebody who signed a root that is no root of a map: the bucket itself, or the map with a level on top."""
    entry = Entry(bytes(32), LEAF)
    tree = tree_of({entry.key: entry.value})
    higher = sha256(b"\x03" + tree.root + bytes(32)).digest()

    assert refused(entry.key, LEAF, HeadProof((entry,), ()), bucket_hash([entry]))
    assert refused(entry.key, LEAF, HeadProof((entry,), (*tree.siblings(0), bytes(32))), higher)


def test_a_key_twice_in_a_bucket_is_an_error_of_whoever_keeps_the_map() -> None:
    with pytest.raises(ValueError, match="once"):
        bucket_hash([Entry(bytes(32), LEAF), Entry(bytes(32), bytes(32))])


def test_a_proof_is_not_made_from_other_entries_than_the_tree_has() -> None:
    key = bytes(32)
    tree = tree_of({key: LEAF})

    for entries in ([], [Entry(key, bytes(32))], [Entry(key, LEAF), Entry(bytes(31) + b"\x01", LEAF)]):
        with pytest.raises(ValueError, match="not those"):
            prove_head(tree, key, entries)
