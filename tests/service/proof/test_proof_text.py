"""Proofs as files: index, path and checkpoint, checked without the log."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.proof.checkpoint import Checkpoint, CheckpointMalformedError, sign_checkpoint
from service.proof.notes import NoteMalformedError, NoteUnsignedError, cosign, with_lines
from service.proof.proof_text import HEADER, ProofMalformedError, ProofText
from service.proof.tree import Remembered, inclusion_path, root_at
from service.proof.verifying import ProofInvalidError
from tests.support.proof.by_definition import LEAVES
from tests.support.proof.keys import NEW, OLD, ORIGIN, WITNESS

TREE = Remembered(LEAVES[:21])
CHECKPOINT = Checkpoint(ORIGIN, 21, root_at(TREE, 21))
NOTE = with_lines(sign_checkpoint(CHECKPOINT, [OLD]), [cosign(CHECKPOINT.text, WITNESS, 1_795_600_000)])
PROOF = ProofText(7, tuple(inclusion_path(TREE, 7, 21)), NOTE)


def test_a_proof_is_a_header_an_index_a_path_and_a_checkpoint() -> None:
    hashes = [b64encode(digest).decode() for digest in PROOF.path]

    assert PROOF.text == "\n".join([HEADER, "index 7", *hashes, "", NOTE])
    assert ProofText(0, (), NOTE, b"\x00\x01").text == f"{HEADER}\nextra AAE=\nindex 0\n\n{NOTE}"


@given(
    st.integers(0, 2**63 - 1),
    st.lists(st.binary(min_size=32, max_size=32), max_size=63),
    st.one_of(st.none(), st.binary()),
)
def test_a_proof_reads_back_as_it_was_written(index: int, path: list[bytes], extra: bytes | None) -> None:
    proof = ProofText(index, tuple(path), NOTE, extra)

    assert ProofText.parse(proof.text) == proof


def test_a_proof_holds_for_its_leaf_and_tells_the_checkpoint_and_its_witnesses() -> None:
    for index in range(21):
        proof = ProofText.parse(ProofText(index, tuple(inclusion_path(TREE, index, 21)), NOTE, b"words").text)
        signed = proof.check(LEAVES[index], ORIGIN, [OLD.key], [WITNESS.key])
        assert signed.checkpoint == CHECKPOINT
        assert [verified.key for verified in signed.by_witnesses] == [WITNESS.key]


def test_a_proof_holds_for_no_other_leaf_log_or_key() -> None:
    with pytest.raises(ProofInvalidError):
        PROOF.check(LEAVES[8], ORIGIN, [OLD.key])
    with pytest.raises(CheckpointMalformedError):
        PROOF.check(LEAVES[7], "another", [OLD.key])
    with pytest.raises(NoteUnsignedError):
        PROOF.check(LEAVES[7], ORIGIN, [NEW.key])
    with pytest.raises(NoteMalformedError):
        ProofText(7, PROOF.path, "no note").check(LEAVES[7], ORIGIN, [OLD.key])


@pytest.mark.parametrize(
    ("this", "that"),
    [
        (HEADER, "c2sp.org/tlog-proof@v2"),
        (f"{HEADER}\n", ""),
        ("index 7\n", ""),
        ("index 7", "7"),
        ("index 7", "index 07"),
        ("index 7", "index -7"),
        ("index 7", "index  7"),
        ("index 7", "Index 7"),
        ("index 7", "index 7\r"),
        ("index 7", "index 7\nAAAA"),
        ("index 7", "index 7\nextra AAE="),
        ("index 7", "extra ?\nindex 7"),
        ("index 7", "extra AAE\nindex 7"),
        ("index 7", "extra AAE=\nextra AAE=\nindex 7"),
        ("index 7\n", "index 7\n" + f"{b64encode(bytes(32)).decode()}\n" * 60),
        ("\n\n", "\n"),
    ],
)
def test_what_is_not_quite_a_proof_is_refused(this: str, that: str) -> None:
    spoiled = PROOF.text.replace(this, that)

    assert spoiled != PROOF.text
    with pytest.raises(ProofMalformedError):
        ProofText.parse(spoiled)


@pytest.mark.parametrize("text", ["", HEADER, f"{HEADER}\n\n{NOTE}", f"{HEADER}\nindex 7", f"{HEADER}\nindex 7\n"])
def test_a_proof_with_a_part_missing_is_refused(text: str) -> None:
    with pytest.raises(ProofMalformedError):
        ProofText.parse(text)


@given(st.text())
def test_any_other_text_is_refused_and_nothing_else(text: str) -> None:
    with pytest.raises(ProofMalformedError):
        ProofText.parse(text)
