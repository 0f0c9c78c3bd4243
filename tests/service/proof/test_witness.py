"""Witnesses: a log that only grew gets its cosignature, one that forked or turned back does not."""

from http import HTTPStatus
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.proof.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from service.proof.hashing import EMPTY_ROOT
from service.proof.notes import NoteError, NoteMalformedError, NoteUnsignedError, cosign, with_lines
from service.proof.signing import Signer
from service.proof.tree import Remembered, consistency_path, root_at
from service.proof.witness import (
    LONGEST_REQUEST,
    PLAIN_TYPE,
    SIZE_TYPE,
    AddCheckpoint,
    Agreed,
    Answer,
    Conflict,
    Refused,
    RequestMalformedError,
    WitnessedLog,
    WitnessRefusedError,
    answer_to,
    cosignatures_of,
    decide,
    read_answer,
)
from tests.support.proof.by_definition import LEAVES
from tests.support.proof.keys import NEW, OLD, ORIGIN, OTHER_WITNESS, STRANGER, WITNESS

TREE: Final = Remembered(LEAVES[:60])
FORK: Final = Remembered([*LEAVES[:30], *LEAVES[31:61]])
NOW: Final = 1_795_600_000
KNOWN: Final = [WITNESS.key, OTHER_WITNESS.key]


def at(size: int, tree: Remembered = TREE) -> Checkpoint:
    return Checkpoint(ORIGIN, size, root_at(tree, size))


def asked(old: int, new: int, tree: Remembered = TREE, by: Signer = OLD) -> AddCheckpoint:
    return AddCheckpoint(old, tuple(consistency_path(tree, old, new)), sign_checkpoint(at(new, tree), [by]))


def knowing(latest: Checkpoint | None) -> dict[str, WitnessedLog]:
    return {ORIGIN: WitnessedLog((OLD.key,), latest)}


def status_of(verdict: object) -> int:
    assert isinstance(verdict, Refused)
    return int(verdict.status)


def test_a_request_is_an_old_size_a_path_and_a_checkpoint() -> None:
    request = asked(0, 5)

    assert request.body == f"old 0\n\n{sign_checkpoint(at(5), [OLD])}"
    assert asked(3, 5).body.count("\n") == 1 + 4 + 1 + 5
    for given_as in (request.body, request.body.encode()):
        assert AddCheckpoint.parse(given_as) == request


@given(st.integers(0, 2**63 - 1), st.lists(st.binary(min_size=32, max_size=32), max_size=63))
def test_a_request_reads_back_as_it_was_written(old: int, path: list[bytes]) -> None:
    request = AddCheckpoint(old, tuple(path), asked(0, 5).note)

    assert AddCheckpoint.parse(request.body) == request


@pytest.mark.parametrize(
    ("this", "that"),
    [
        ("old 3", "3"),
        ("old 3", "old 03"),
        ("old 3", "old -3"),
        ("old 3", "old"),
        ("old 3", "Old 3"),
        ("old 3", "old  3"),
        ("old 3\n", ""),
        ("old 3", "old 3\r"),
        ("old 3", "old 3\nAAAA"),
        ("old 3", "old 3" + f"\n{'A' * 43}=" * 61),
        ("\n\n", "\n"),
        ("old 3", "\ud800"),
    ],
)
def test_what_is_not_quite_a_request_is_refused(this: str, that: str) -> None:
    body = asked(3, 5).body
    spoiled = body.replace(this, that)

    assert spoiled != body
    assert status_of(decide(spoiled, knowing(at(3)))) == HTTPStatus.BAD_REQUEST
    try:
        AddCheckpoint.parse(spoiled)
    except RequestMalformedError:
        return
    pytest.fail("it was read")


def test_a_request_without_a_checkpoint_is_refused() -> None:
    for body in ("old 3", "old 3\n", b"old 3\n"):
        with pytest.raises(RequestMalformedError):
            AddCheckpoint.parse(body)


def test_a_request_is_small_and_its_path_has_at_most_63_hashes() -> None:
    room = LONGEST_REQUEST - len(asked(0, 5).body)

    assert AddCheckpoint.parse(asked(0, 5).body + "x" * room).note.endswith("x")
    with pytest.raises(RequestMalformedError):
        AddCheckpoint.parse(asked(0, 5).body + "x" * (room + 1))
    assert len(AddCheckpoint.parse(AddCheckpoint(2**63 - 1, (bytes(32),) * 63, "a note").body).path) == 63
    with pytest.raises(RequestMalformedError):
        AddCheckpoint.parse(AddCheckpoint(3, (bytes(32),) * 64, "a note").body)
    with pytest.raises(RequestMalformedError):
        AddCheckpoint.parse(AddCheckpoint(2**63, (), "a note").body)


@given(st.one_of(st.text(), st.binary()))
def test_any_other_request_is_refused_and_nothing_else(body: str | bytes) -> None:
    assert status_of(decide(body, knowing(None))) == HTTPStatus.BAD_REQUEST


@settings(deadline=None)
@given(st.data())
def test_a_log_that_only_grew_is_agreed_with(data: st.DataObject) -> None:
    new = data.draw(st.integers(0, 60))
    old = data.draw(st.integers(0, new))

    assert decide(asked(old, new).body, knowing(at(old) if old else None)) == Agreed(at(new))


def test_both_keys_of_a_rotation_speak_for_the_log() -> None:
    logs = {ORIGIN: WitnessedLog((OLD.key, NEW.key), at(5))}
    both = AddCheckpoint(5, tuple(consistency_path(TREE, 5, 9)), sign_checkpoint(at(9), [OLD, NEW]))

    assert decide(both.body, logs) == decide(asked(5, 9, by=NEW).body, logs) == Agreed(at(9))
    assert decide(both.body, knowing(at(5))) == Agreed(at(9))


def test_the_first_checkpoint_is_taken_on_trust_but_not_with_a_path() -> None:
    assert decide(asked(0, 7).body, knowing(None)) == Agreed(at(7))
    odd = AddCheckpoint(0, (bytes(32),), asked(0, 7).note)
    assert status_of(decide(odd.body, knowing(None))) == HTTPStatus.UNPROCESSABLE_ENTITY


def test_a_log_that_the_witness_does_not_know_is_not_found() -> None:
    assert status_of(decide(asked(0, 5).body, {})) == HTTPStatus.NOT_FOUND
    assert status_of(decide(asked(0, 5).body, {"another": WitnessedLog((OLD.key,))})) == HTTPStatus.NOT_FOUND


def test_a_checkpoint_that_the_log_did_not_sign_is_forbidden() -> None:
    changed = sign_checkpoint(at(5), [OLD]).replace(f"{ORIGIN}\n5\n", f"{ORIGIN}\n6\n")

    assert status_of(decide(asked(3, 5, by=STRANGER).body, knowing(at(3)))) == HTTPStatus.FORBIDDEN
    assert status_of(decide(asked(3, 5, by=NEW).body, knowing(at(3)))) == HTTPStatus.FORBIDDEN
    assert status_of(decide(AddCheckpoint(3, (), changed).body, knowing(at(3)))) == HTTPStatus.FORBIDDEN


def test_an_old_size_beyond_the_checkpoint_is_a_bad_request() -> None:
    request = AddCheckpoint(9, (), asked(0, 5).note)

    assert status_of(decide(request.body, knowing(at(9)))) == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize(("old", "known"), [(0, 7), (3, 7), (5, 0), (5, 30)])
def test_a_request_that_starts_elsewhere_is_told_what_the_witness_has(old: int, known: int) -> None:
    assert decide(asked(old, 20).body, knowing(at(known) if known else None)) == Conflict(known)


def test_a_log_that_was_cut_is_told_what_the_witness_has() -> None:
    assert decide(asked(10, 20).body, knowing(at(40))) == Conflict(40)


def test_a_fork_is_never_agreed_with() -> None:
    """Signed with the right key, of the same size or larger, with every path that the fork can give."""
    assert decide(asked(40, 40, FORK).body, knowing(at(40))) == Conflict(40)
    assert status_of(decide(asked(40, 50, FORK).body, knowing(at(40)))) == HTTPStatus.UNPROCESSABLE_ENTITY
    assert status_of(decide(AddCheckpoint(40, (), asked(40, 50, FORK).note).body, knowing(at(40)))) == 422
    mixed = AddCheckpoint(40, tuple(consistency_path(TREE, 40, 50)), asked(40, 50, FORK).note)
    assert status_of(decide(mixed.body, knowing(at(40)))) == HTTPStatus.UNPROCESSABLE_ENTITY
    assert decide(asked(20, 50, FORK).body, knowing(at(20))) == Agreed(at(50, FORK))


def test_a_checkpoint_of_nothing_has_the_root_of_nothing() -> None:
    odd = AddCheckpoint(0, (), sign_checkpoint(Checkpoint(ORIGIN, 0, bytes(32)), [OLD]))

    assert decide(odd.body, knowing(None)) == Conflict(0)
    assert decide(asked(0, 0).body, knowing(None)) == Agreed(Checkpoint(ORIGIN, 0, EMPTY_ROOT))


def test_the_cosignature_joins_the_checkpoint() -> None:
    answer = answer_to(decide(asked(3, 5).body, knowing(at(3))), WITNESS, NOW)
    assert (answer.status, answer.content_type) == (200, PLAIN_TYPE)

    cosigned = read_answer(answer, at(5), KNOWN)
    assert isinstance(cosigned, tuple)
    note = with_lines(asked(3, 5).note, [verified.line for verified in cosigned])
    signed = open_checkpoint(note, ORIGIN, [OLD.key], KNOWN)
    assert [(verified.key, verified.time) for verified in signed.by_witnesses] == [(WITNESS.key, NOW)]


def test_a_conflict_tells_the_size_that_the_log_may_go_on_from() -> None:
    answer = answer_to(Conflict(7), WITNESS, NOW)

    assert answer == Answer(HTTPStatus.CONFLICT, SIZE_TYPE, "7\n")
    assert read_answer(answer, at(5), KNOWN) == Conflict(7)
    assert read_answer(Answer(HTTPStatus.CONFLICT, f"{SIZE_TYPE}; charset=utf-8", "7\n"), at(5), KNOWN) == Conflict(7)


@pytest.mark.parametrize(
    "answer",
    [
        answer_to(Refused(HTTPStatus.FORBIDDEN, "no"), WITNESS, NOW),
        Answer(HTTPStatus.CONFLICT, PLAIN_TYPE, "7\n"),
        Answer(HTTPStatus.CONFLICT, SIZE_TYPE, "seven\n"),
        Answer(HTTPStatus.CONFLICT, SIZE_TYPE, "07\n"),
        Answer(HTTPStatus.CONFLICT, SIZE_TYPE, ""),
        Answer(HTTPStatus.INTERNAL_SERVER_ERROR, SIZE_TYPE, "7\n"),
    ],
)
def test_any_other_answer_is_a_refusal(answer: Answer) -> None:
    with pytest.raises(WitnessRefusedError):
        read_answer(answer, at(5), KNOWN)


def test_a_cosignature_of_something_else_or_by_nobody_known_is_not_taken() -> None:
    for line in (cosign(at(6).text, WITNESS, NOW), cosign(at(5, FORK).text.replace(ORIGIN, "x"), WITNESS, NOW)):
        with pytest.raises(NoteError):
            cosignatures_of(at(5), line.text, KNOWN)
    line = cosign(at(5).text, WITNESS, NOW)
    with pytest.raises(NoteUnsignedError):
        cosignatures_of(at(5), line.text, [OTHER_WITNESS.key])
    with pytest.raises(NoteMalformedError):
        cosignatures_of(at(5), "", KNOWN)
    assert [
        one.key for one in cosignatures_of(at(5), line.text + cosign(at(5).text, OTHER_WITNESS, 1).text, KNOWN)
    ] == KNOWN


def test_a_logs_own_signature_is_no_cosignature() -> None:
    own = sign_checkpoint(at(5), [OLD]).partition("\n\n")[2]

    with pytest.raises(NoteUnsignedError):
        cosignatures_of(at(5), own, [OLD.key, WITNESS.key])


@given(st.text())
def test_whatever_a_witness_answers_it_is_either_a_cosignature_or_refused(body: str) -> None:
    with pytest.raises(NoteError):
        read_answer(Answer(HTTPStatus.OK, PLAIN_TYPE, body), at(5), KNOWN)
