"""Checkpoints: one text for each, signed by the log itself, growing and never turning back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.proof.checkpoint import (
    HEADS,
    Checkpoint,
    CheckpointMalformedError,
    check_growth,
    open_checkpoint,
    sign_checkpoint,
)
from service.proof.hashing import EMPTY_ROOT
from service.proof.notes import NoteUnsignedError, SignatureInvalidError, cosign, sign_note, with_lines
from service.proof.tree import Remembered, consistency_path, root_at
from service.proof.verifying import ProofInvalidError
from tests.support.proof.by_definition import LEAVES
from tests.support.proof.keys import NEW, OLD, ORIGIN, OTHER_WITNESS, STRANGER, WITNESS

ROOT = bytes(range(32))
ROOT_64 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
CHECKPOINT = Checkpoint(ORIGIN, 42, ROOT)
TREE = Remembered(LEAVES[:60])
NOW = 1_795_600_000


def at(size: int, tree: Remembered = TREE) -> Checkpoint:
    return Checkpoint(ORIGIN, size, root_at(tree, size))


def test_a_checkpoint_is_three_lines() -> None:
    assert CHECKPOINT.text == f"{ORIGIN}\n42\n{ROOT_64}\n"
    assert Checkpoint(ORIGIN, 0, EMPTY_ROOT).text.split("\n")[1] == "0"


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1),
    st.integers(0, 2**63 - 1),
    st.binary(min_size=32, max_size=32),
    st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), max_size=3),
)
def test_a_checkpoint_reads_back_as_it_was_written(origin: str, size: int, root: bytes, more: list[str]) -> None:
    checkpoint = Checkpoint(origin, size, root, tuple(more))

    assert Checkpoint.parse(checkpoint.text) == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        f"{ORIGIN}\n42\n",
        f"{ORIGIN}\n42\n{ROOT_64}",
        f"\n42\n{ROOT_64}\n",
        f"{ORIGIN}\n042\n{ROOT_64}\n",
        f"{ORIGIN}\n+42\n{ROOT_64}\n",
        f"{ORIGIN}\n-1\n{ROOT_64}\n",
        f"{ORIGIN}\n 42\n{ROOT_64}\n",
        f"{ORIGIN}\n4_2\n{ROOT_64}\n",
        f"{ORIGIN}\n\N{ARABIC-INDIC DIGIT FOUR}2\n{ROOT_64}\n",
        f"{ORIGIN}\n\n{ROOT_64}\n",
        f"{ORIGIN}\n{2**63}\n{ROOT_64}\n",
        f"{ORIGIN}\n{'9' * 5000}\n{ROOT_64}\n",
        f"{ORIGIN}\n42\n{ROOT_64[:-1]}\n",
        f"{ORIGIN}\n42\n{ROOT_64.replace('8=', '9=')}\n",
        f"{ORIGIN}\n42\nAAAA\n",
        f"{ORIGIN}\n42\n{ROOT_64}\n\n",
        f"{ORIGIN}\n42\n{ROOT_64}\nmore\n\n",
    ],
)
def test_what_is_not_quite_a_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(CheckpointMalformedError):
        Checkpoint.parse(text)


@given(st.text())
def test_any_other_text_is_refused_and_nothing_else(text: str) -> None:
    try:
        assert Checkpoint.parse(text).text == text
    except CheckpointMalformedError:
        return


@pytest.mark.parametrize(
    ("origin", "size", "root"),
    [("", 1, ROOT), ("a\nb", 1, ROOT), (ORIGIN, -1, ROOT), (ORIGIN, 2**63, ROOT), (ORIGIN, 1, ROOT[:-1])],
)
def test_no_log_has_a_checkpoint_of_another_form(origin: str, size: int, root: bytes) -> None:
    with pytest.raises(CheckpointMalformedError):
        Checkpoint(origin, size, root)


def test_a_checkpoint_opens_with_the_logs_key_and_tells_its_witnesses() -> None:
    note = with_lines(sign_checkpoint(CHECKPOINT, [OLD, NEW]), [cosign(CHECKPOINT.text, WITNESS, NOW)])

    signed = open_checkpoint(note, ORIGIN, [NEW.key], [OTHER_WITNESS.key, WITNESS.key])
    assert signed.checkpoint == CHECKPOINT
    assert [verified.key for verified in signed.by_log] == [NEW.key]
    assert [(verified.key, verified.time) for verified in signed.by_witnesses] == [(WITNESS.key, NOW)]
    assert open_checkpoint(note, ORIGIN, [OLD.key]).by_witnesses == ()


def test_witnesses_alone_do_not_make_a_checkpoint_the_logs() -> None:
    note = with_lines(f"{CHECKPOINT.text}\n", [cosign(CHECKPOINT.text, WITNESS, NOW)])

    with pytest.raises(NoteUnsignedError):
        open_checkpoint(note, ORIGIN, [OLD.key], [WITNESS.key])
    with pytest.raises(NoteUnsignedError):
        open_checkpoint(note, ORIGIN, [OLD.key, WITNESS.key])


def test_a_key_of_another_log_does_not_open_it() -> None:
    with pytest.raises(NoteUnsignedError):
        open_checkpoint(sign_checkpoint(CHECKPOINT, [STRANGER]), ORIGIN, [OLD.key])


def test_a_checkpoint_of_another_log_or_of_the_heads_is_not_taken_for_this_one() -> None:
    for origin in (f"{ORIGIN}{HEADS}", f"{ORIGIN}x", "another"):
        note = sign_checkpoint(Checkpoint(origin, 42, ROOT), [OLD])
        assert open_checkpoint(note, origin, [OLD.key]).checkpoint.origin == origin
        with pytest.raises(CheckpointMalformedError):
            open_checkpoint(note, ORIGIN, [OLD.key])


def test_a_changed_checkpoint_does_not_open() -> None:
    with pytest.raises(SignatureInvalidError):
        open_checkpoint(sign_checkpoint(CHECKPOINT, [OLD]).replace("\n42\n", "\n43\n"), ORIGIN, [OLD.key])


def test_a_signed_text_that_is_no_checkpoint_does_not_open_as_one() -> None:
    with pytest.raises(CheckpointMalformedError):
        open_checkpoint(sign_note("incident-ledger-pack/1\n", [OLD]), ORIGIN, [OLD.key])


@settings(deadline=None)
@given(st.data())
def test_a_log_that_only_grew_shows_it(data: st.DataObject) -> None:
    later = data.draw(st.integers(0, 60))
    earlier = data.draw(st.integers(0, later))

    check_growth(at(earlier), at(later), consistency_path(TREE, earlier, later))


def test_a_log_that_was_cut_or_rewritten_or_is_another_one_does_not() -> None:
    rewritten = Remembered([*LEAVES[:6], bytes(32), *LEAVES[7:60]])
    elsewhere = Checkpoint("another", 30, root_at(TREE, 30))
    path = consistency_path(rewritten, 20, 30)

    for earlier, later in (
        (at(30), at(20)),
        (at(20), at(30, rewritten)),
        (at(30), at(30, rewritten)),
        (elsewhere, at(30)),
    ):
        for tried in ([], path):
            with pytest.raises(ProofInvalidError):
                check_growth(earlier, later, tried)


def test_from_an_empty_log_no_path_leads_and_its_root_is_the_empty_one() -> None:
    empty = Checkpoint(ORIGIN, 0, EMPTY_ROOT)
    check_growth(empty, at(5), [])
    check_growth(empty, empty, [])

    odd = Checkpoint(ORIGIN, 0, ROOT)
    for earlier, later, path in ((empty, at(5), [ROOT]), (odd, at(5), []), (empty, odd, []), (odd, odd, [])):
        with pytest.raises(ProofInvalidError):
            check_growth(earlier, later, path)
