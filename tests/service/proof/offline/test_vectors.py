"""The auditor's verifier against published vectors, and against the log's own making of trees, notes and heads."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.proof.offline.damage import CannotCheckError, DamageError
from service.proof.offline.ed25519 import by_arithmetic, signature_holds
from service.proof.offline.merkle import EMPTY_ROOT, Tree, consistent, leaf_hash, node_hash, root_by_inclusion
from service.proof.offline.notes import key_of, open_note
from tests.support.proof.small_logs import Key, growth_of, note, path_of, root_of, sha256

VECTORS = Path(__file__).parents[3] / "vectors" / "merkle"


def cases(name: str) -> list[Any]:
    found: list[Any] = json.loads((VECTORS / name).read_text(encoding="utf-8"))["cases"]
    return found


def decoded(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def test_inclusion_vectors() -> None:
    for case in cases("rfc6962-inclusion.json"):
        path = [decoded(step) for step in case["proof"] or []]
        found = root_by_inclusion(decoded(case["leafHash"]), case["leafIdx"], case["treeSize"], path)

        assert (found == decoded(case["root"])) is not case["wantErr"], case["case"]


def test_consistency_vectors() -> None:
    for case in cases("rfc6962-consistency.json"):
        path = [decoded(step) for step in case["proof"] or []]
        first, second = (case["size1"], decoded(case["root1"])), (case["size2"], decoded(case["root2"]))

        assert consistent(first, second, path) is not case["wantErr"], case["case"]


def test_tree_vectors() -> None:
    vectors = json.loads((VECTORS / "rfc6962-tree.json").read_text(encoding="utf-8"))
    for each in vectors["hasher"]:
        values = [bytes.fromhex(each[name]) for name in ("data", "left", "right") if name in each]
        match values:
            case []:
                made = EMPTY_ROOT
            case [data]:
                made = leaf_hash(data)
            case _:
                made = node_hash(values[0], values[1])
        assert made.hex() == each["want"]
    tree = Tree()
    for data, leaf in zip(vectors["leaf_inputs"], vectors["complete_subtree_hashes_by_level"][0], strict=True):
        assert leaf_hash(bytes.fromhex(data)).hex() == leaf
        tree.add(bytes.fromhex(leaf))
    assert tree.root().hex() == vectors["complete_subtree_hashes_by_level"][3][0]


def test_note_vectors() -> None:
    for each in json.loads((VECTORS / "signed-note.json").read_text(encoding="utf-8"))["valid"]:
        opened = open_note(each["note"].encode(), [key_of(each["vkey"])], "the note")
        assert opened.text == each["text"]
        assert [signature.key for signature in opened.signatures] == [key_of(each["vkey"])]
        with pytest.raises(DamageError):
            open_note(each["note"].replace("example m", "exemple m").encode(), [key_of(each["vkey"])], "the note")


@given(st.integers(1, 40).flatmap(lambda size: st.tuples(st.integers(1, size), st.just(size))))
def test_paths_by_the_definition_are_followed(sizes: tuple[int, int]) -> None:
    first, size = sizes
    leaves = [sha256(b"%d" % number) for number in range(size)]
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)

    assert tree.root() == root_of(leaves)
    assert root_by_inclusion(leaves[first - 1], first - 1, size, path_of(first - 1, leaves)) == root_of(leaves)
    assert consistent((first, root_of(leaves[:first])), (size, root_of(leaves)), growth_of(first, leaves))
    assert not consistent((first, bytes(32)), (size, root_of(leaves)), growth_of(first, leaves))


@given(st.binary(max_size=200), st.integers(0, 511))
def test_arithmetic_and_the_library_agree_on_signatures(message: bytes, bit: int) -> None:
    key = Key("somebody")
    text = message.hex() + "\n"
    blob = base64.b64decode(key.line(text).split()[-1])[4:]
    public = base64.b64decode(key.vkey.split("+", 2)[2])[1:]
    bent = bytearray(blob)
    bent[bit // 8] ^= 1 << bit % 8

    assert by_arithmetic(public, text.encode(), blob) is signature_holds(public, text.encode(), blob) is True
    assert by_arithmetic(public, text.encode(), bytes(bent)) is False
    assert signature_holds(public, text.encode(), bytes(bent)) is False


@pytest.mark.parametrize(
    ("key", "message", "signature"),
    [
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
    ],
)
def test_vectors_of_rfc_8032(key: str, message: str, signature: str) -> None:
    assert by_arithmetic(bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature))


@pytest.mark.parametrize(
    "key", [b"\x02" + bytes(31), b"\xff" * 32, b"\x01" + bytes(30) + b"\x80", b"short"], ids=lambda key: key.hex()[:8]
)
def test_a_key_that_is_no_point_signs_nothing(key: bytes) -> None:
    assert not by_arithmetic(key, b"", bytes(64))
    assert not signature_holds(key, b"", b"\x01" * 64)


def test_a_scalar_that_was_not_reduced_is_no_signature() -> None:
    """Such a signature would hold twice, in two forms."""
    order = 2**252 + 27742317777372353535851937790883648493
    key, text = Key("somebody"), "said\n"
    blob = base64.b64decode(key.line(text).split()[-1])[4:]
    public = base64.b64decode(key.vkey.split("+", 2)[2])[1:]
    other = blob[:32] + (int.from_bytes(blob[32:], "little") + order).to_bytes(32, "little")

    assert by_arithmetic(public, text.encode(), blob)
    assert not by_arithmetic(public, text.encode(), other)


def test_a_signature_by_a_stranger_is_passed_over() -> None:
    text, one, other = "said\n", Key("one"), Key("other", 2)

    opened = open_note(note(text, one, other), [key_of(other.vkey)], "the note")

    assert [signature.key.name for signature in opened.signatures] == ["other"]


@given(st.text(max_size=120))
def test_any_text_is_a_key_or_cannot_be_one(text: str) -> None:
    try:
        key = key_of(text)
    except CannotCheckError:
        return
    assert key.name in text
