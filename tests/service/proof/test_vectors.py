"""What others publish of trees, logs, notes and canonical JSON, against our code: all of it, refusals too."""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any, Final

import pytest

from service.proof.checkpoint import Checkpoint, open_checkpoint
from service.proof.hashing import EMPTY_ROOT, leaf_hash, node_hash
from service.proof.leaf import record_bytes
from service.proof.notes import SignatureInvalidError, VerifierKey, open_note, split_note
from service.proof.tiles import (
    Tile,
    TileNodes,
    bundle,
    entries_path,
    full_tiles,
    hashes_of,
    partial_tiles,
    tile_path,
    unbundle,
)
from service.proof.tree import Remembered, consistency_path, inclusion_path, root_at, root_of
from service.proof.verifying import ProofInvalidError, check_consistency, check_inclusion

VECTORS: Final = Path(__file__).parents[2] / "vectors" / "merkle"


def vectors(name: str) -> Any:
    return json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))


TREE: Final = vectors("rfc6962-tree")
INCLUSION: Final = vectors("rfc6962-inclusion")["cases"]
CONSISTENCY: Final = vectors("rfc6962-consistency")["cases"]
LOG: Final = vectors("tlog-tiles-small-log")
NOTES: Final = vectors("signed-note")
WITNESSED: Final = vectors("witnessed-checkpoint")
CANONICAL: Final = vectors("rfc8785-jcs")["cases"]
LEAVES: Final = [leaf_hash(entry.encode()) for entry in LOG["entries_utf8"]]
ORIGIN: Final = "example.com/log/testdata"


def path_of(case: dict[str, Any]) -> list[bytes]:
    return [b64decode(digest) for digest in case["proof"] or []]


def test_leaves_and_nodes_hash_as_published() -> None:
    for case in TREE["hasher"]:
        match case:
            case {"op": "empty_root"}:
                assert EMPTY_ROOT.hex() == case["want"]
            case {"op": "leaf"}:
                assert leaf_hash(bytes.fromhex(case["data"])).hex() == case["want"]
            case {"op": "node"}:
                assert node_hash(bytes.fromhex(case["left"]), bytes.fromhex(case["right"])).hex() == case["want"]
            case _:
                pytest.fail(f"an unknown case: {case}")


def test_roots_and_complete_subtrees_are_as_published() -> None:
    leaves = [leaf_hash(bytes.fromhex(data)) for data in TREE["leaf_inputs"]]
    tree = Remembered(leaves)

    assert [root_at(tree, size).hex() for size in range(9)] == TREE["root_by_size"]
    for level, hashes in enumerate(TREE["complete_subtree_hashes_by_level"]):
        assert [tree.hash_at(level, number).hex() for number in range(len(hashes))] == hashes


@pytest.mark.parametrize("case", INCLUSION, ids=lambda case: case["case"])
def test_an_inclusion_proof_is_taken_or_refused_as_published(case: dict[str, Any]) -> None:
    def check() -> None:
        leaf, root = b64decode(case["leafHash"]), b64decode(case["root"])
        check_inclusion(leaf, case["leafIdx"], case["treeSize"], path_of(case), root)

    if case["wantErr"]:
        with pytest.raises(ProofInvalidError):
            check()
    else:
        check()


@pytest.mark.parametrize("case", CONSISTENCY, ids=lambda case: case["case"])
def test_a_consistency_proof_is_taken_or_refused_as_published(case: dict[str, Any]) -> None:
    def check() -> None:
        check_consistency(
            case["size1"], case["size2"], path_of(case), b64decode(case["root1"]), b64decode(case["root2"])
        )

    # Either answer is right where the roots are no SHA-256 hashes; the case says so in its note, and ours refuses it.
    if case["wantErr"] or "note" in case:
        with pytest.raises(ProofInvalidError):
            check()
    else:
        check()


def test_all_the_published_refusals_were_there() -> None:
    refusals = [case["case"] for case in (*INCLUSION, *CONSISTENCY) if case["wantErr"]]

    assert (len(INCLUSION) + len(CONSISTENCY), len(refusals)) == (196, 184)


def test_a_published_log_opens_with_its_key_at_every_size() -> None:
    key = VerifierKey.parse(LOG["vkey"])
    tree = Remembered(LEAVES)

    for published in LOG["checkpoints"]:
        checkpoint = open_checkpoint(published["note"], ORIGIN, [key]).checkpoint
        assert checkpoint == Checkpoint(ORIGIN, published["size"], root_at(tree, published["size"]))
    assert [published["size"] for published in LOG["checkpoints"]] == list(range(16))


def test_the_tiles_and_the_bundle_of_a_published_log_are_ours_to_the_byte() -> None:
    for width, tile in LOG["level0_partial_tiles_hex_by_width"].items():
        assert partial_tiles(int(width)) == [Tile(0, 0, int(width))]
        assert b"".join(LEAVES[: int(width)]).hex() == tile
        assert root_of(hashes_of(bytes.fromhex(tile))) == root_at(Remembered(LEAVES), int(width))
    entries = [entry.encode() for entry in LOG["entries_utf8"]]
    assert bundle(entries).hex() == LOG["entry_bundle_000_p_15_hex"]
    assert unbundle(bytes.fromhex(LOG["entry_bundle_000_p_15_hex"])) == entries
    assert entries_path(0, 15) == "tile/entries/000.p/15"


def test_every_proof_from_a_published_tile_holds_against_the_published_checkpoints() -> None:
    key = VerifierKey.parse(LOG["vkey"])
    roots = [open_checkpoint(one["note"], ORIGIN, [key]).checkpoint.root for one in LOG["checkpoints"]]
    nodes = TileNodes({(0, 0): bytes.fromhex(LOG["level0_partial_tiles_hex_by_width"]["15"])})

    for size in range(1, 16):
        for index in range(size):
            check_inclusion(LEAVES[index], index, size, inclusion_path(nodes, index, size), roots[size])
        for first in range(1, size + 1):
            check_consistency(first, size, consistency_path(nodes, first, size), roots[first], roots[size])


@pytest.mark.parametrize("case", NOTES["valid"], ids=lambda case: case["vkey"])
def test_a_published_note_opens_with_its_key(case: dict[str, str]) -> None:
    key = VerifierKey.parse(case["vkey"])
    opened = open_note(case["note"], [key])

    assert opened.text == case["text"]
    assert [verified.key for verified in opened.by] == [key]
    assert key.vkey == case["vkey"]


def test_a_published_checkpoint_is_read_and_written_back() -> None:
    for note in NOTES["format_only_checkpoints"]:
        text, lines = split_note(note)
        checkpoint = Checkpoint.parse(text)
        assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
        assert checkpoint.text + "\n" + "".join(line.text for line in lines) == note


def test_a_checkpoint_of_a_public_log_opens_with_the_cosignatures_of_its_four_witnesses() -> None:
    log = VerifierKey.parse(WITNESSED["log_vkey"])
    witnesses = [VerifierKey.parse(vkey) for vkey in WITNESSED["witness_vkeys"]]
    signed = open_checkpoint(WITNESSED["note"], log.name, [log], witnesses)

    assert (signed.checkpoint.origin, signed.checkpoint.size) == (log.name, 1_432_088_532)
    assert [verified.key for verified in signed.by_log] == [log]
    assert [(verified.key, verified.time) for verified in signed.by_witnesses] == [
        (witness, 1_779_573_024) for witness in witnesses
    ]
    with pytest.raises(SignatureInvalidError):
        open_checkpoint(WITNESSED["note"].replace("1432088532", "1432088533"), log.name, [log])


def test_a_published_key_with_a_plus_in_its_base64_is_read() -> None:
    vkey = "TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6"

    assert VerifierKey.parse(vkey).vkey == vkey


def test_tiles_are_numbered_and_counted_as_published() -> None:
    for case in NOTES["tile_index_paths"]:
        assert tile_path(0, case["index"]) == f"tile/0/{case['path']}"
    for case in NOTES["partial_tile_facts"]:
        size = case["tree_size"]
        widths = {tile.level: tile.width for tile in partial_tiles(size)}
        for name, number in case.items():
            if name.startswith("full_level"):
                assert full_tiles(size, int(name[-1])) == number, name
            elif name.startswith("partial_level"):
                assert widths[int(name[13])] == number, name


@pytest.mark.parametrize("case", CANONICAL, ids=lambda case: case["case"])
def test_json_is_made_canonical_as_published(case: dict[str, str]) -> None:
    assert record_bytes(json.loads(case["input_json"])).hex() == case["output_hex"]
