"""Signed notes: what signs, what opens, and that nothing which is not quite a note is ever believed."""

from base64 import b64encode
from collections.abc import Callable
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.proof.notes import (
    LONGEST_NOTE,
    MOST_SIGNATURES,
    NoteError,
    NoteMalformedError,
    NoteUnsignedError,
    SignatureInvalidError,
    SignatureLine,
    Signer,
    cosign,
    open_note,
    sign_note,
    signature_lines,
    split_note,
    with_lines,
)
from tests.support.proof.keys import NEW, OLD, OTHER_WITNESS, STRANGER, WITNESS

TEXT: Final = "one\n\nthree\n"
NOTE: Final = sign_note(TEXT, [OLD])
LINE: Final = split_note(NOTE)[1][0]
NOW: Final = 1_795_600_000
TEXTS: Final = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n")).map(
    lambda text: f"{text}\n"
)


def opened_by(note: str | bytes, *signers: Signer) -> list[Signer]:
    found = [verified.key for verified in open_note(note, [signer.key for signer in signers]).by]
    return [signer for key in found for signer in signers if signer.key == key]


@settings(deadline=None)
@given(TEXTS)
@example("\n")
@example("\n\n\n")
@example("— a line AAAA\n\n— another AAAA\n")
@example("\N{RIGHT-TO-LEFT OVERRIDE}\N{LINE SEPARATOR}\N{COMBINING ACUTE ACCENT}\x7f\n")
def test_any_text_comes_out_of_its_note_as_it_went_in(text: str) -> None:
    note = sign_note(text, [OLD, NEW])

    for given_as in (note, note.encode()):
        assert open_note(given_as, [OLD.key]).text == text
        assert opened_by(given_as, NEW, OLD) == [OLD, NEW]


@pytest.mark.parametrize(
    "text", ["", "no newline", "a\r\n", "a\x00\n", "a\tb\n", "\x1b[2J\n", "\ud800\n", "x" * LONGEST_NOTE + "\n"]
)
def test_a_text_that_no_note_may_hold_is_not_signed(text: str) -> None:
    with pytest.raises(NoteMalformedError):
        sign_note(text, [OLD])


def test_a_note_is_signed_by_keys_of_a_log_alone() -> None:
    for signers in ([], [WITNESS], [OLD, WITNESS]):
        with pytest.raises(NoteMalformedError):
            sign_note(TEXT, signers)


def test_lines_of_unknown_keys_are_passed_over() -> None:
    foreign = SignatureLine("someone.example", b"\x01\x02\x03\x04", b"anything")
    same_name = SignatureLine(OLD.name, b"\x01\x02\x03\x04", b"anything")
    same_id = SignatureLine("someone.example", OLD.key_id, b"anything")
    _, signed = split_note(NOTE)

    note = with_lines(f"{TEXT}\n", [foreign, same_name, *signed, same_id])
    assert opened_by(note, OLD) == [OLD]
    with pytest.raises(NoteUnsignedError):
        open_note(note, [NEW.key, STRANGER.key])
    with pytest.raises(NoteUnsignedError):
        open_note(note, [])


def test_a_signature_in_a_known_name_that_does_not_hold_spoils_the_note_even_beside_one_that_does() -> None:
    forged = SignatureLine(NEW.name, NEW.key_id, LINE.signature)
    again = SignatureLine(OLD.name, OLD.key_id, bytes(64))

    for spoiled in (with_lines(NOTE, [forged]), with_lines(NOTE, [again])):
        with pytest.raises(SignatureInvalidError):
            open_note(spoiled, [OLD.key, NEW.key])
    assert opened_by(with_lines(NOTE, [forged]), OLD) == [OLD]


def test_nothing_is_put_together_that_is_no_note() -> None:
    for note, line in (
        (TEXT, LINE),
        (NOTE[:-1], LINE),
        (NOTE, SignatureLine("a name", bytes(4), b"x")),
        (NOTE, SignatureLine("a", bytes(4), b"")),
    ):
        with pytest.raises(NoteMalformedError):
            with_lines(note, [line])


def test_a_line_that_is_there_twice_counts_once() -> None:
    assert opened_by(with_lines(NOTE, [LINE, LINE]), OLD, NEW) == [OLD]


def test_a_signature_holds_for_its_own_text_alone() -> None:
    with pytest.raises(SignatureInvalidError):
        open_note(NOTE.replace("three", "four"), [OLD.key])


@pytest.mark.parametrize("at", range(64))
def test_a_signature_with_any_byte_changed_does_not_hold(at: int) -> None:
    changed = bytearray(LINE.signature)
    changed[at] ^= 1
    note = f"{TEXT}\n{SignatureLine(LINE.name, LINE.key_id, bytes(changed)).text}"

    with pytest.raises(SignatureInvalidError):
        open_note(note, [OLD.key])


def test_a_witness_signs_the_text_and_the_time() -> None:
    line = cosign(TEXT, WITNESS, NOW)
    message = f"cosignature/v1\ntime {NOW}\n{TEXT}".encode()

    assert line.signature[:8] == NOW.to_bytes(8, "big")
    assert WITNESS.key.verifies(line.signature[8:], message)
    assert [verified.time for verified in open_note(with_lines(NOTE, [line]), [OLD.key, WITNESS.key]).by] == [None, NOW]
    assert opened_by(with_lines(NOTE, [line]), WITNESS) == [WITNESS]


@pytest.mark.parametrize("time", [NOW - 1, NOW + 1, 0, 2**63 - 1, 2**63, 2**64 - 1])
def test_a_cosignature_of_another_time_does_not_hold(time: int) -> None:
    line = cosign(TEXT, WITNESS, NOW)
    moved = SignatureLine(line.name, line.key_id, time.to_bytes(8, "big") + line.signature[8:])

    with pytest.raises(SignatureInvalidError):
        open_note(with_lines(NOTE, [moved]), [OLD.key, WITNESS.key])


def test_a_time_beyond_63_bits_does_not_hold_even_where_it_was_signed() -> None:
    signature = WITNESS.sign(f"cosignature/v1\ntime {2**63}\n{TEXT}".encode())
    line = SignatureLine(WITNESS.name, WITNESS.key_id, (2**63).to_bytes(8, "big") + signature)

    with pytest.raises(SignatureInvalidError):
        open_note(with_lines(NOTE, [line]), [OLD.key, WITNESS.key])


@pytest.mark.parametrize(("signer", "time"), [(OLD, NOW), (WITNESS, -1), (WITNESS, 2**63)])
def test_what_is_no_cosignature_is_not_made(signer: Signer, time: int) -> None:
    with pytest.raises(NoteMalformedError):
        cosign(TEXT, signer, time)


@pytest.mark.parametrize("text", ["", "no newline", "a\r\n", "\ud800\n"])
def test_a_text_that_no_note_may_hold_is_not_cosigned(text: str) -> None:
    with pytest.raises(NoteMalformedError):
        cosign(text, WITNESS, NOW)


@pytest.mark.parametrize("time", [0, 2**63 - 1])
def test_the_first_and_the_last_time_are_times(time: int) -> None:
    note = with_lines(NOTE, [cosign(TEXT, WITNESS, time)])

    assert [verified.time for verified in open_note(note, [WITNESS.key]).by] == [time]


def test_witnesses_are_told_apart() -> None:
    note = with_lines(NOTE, [cosign(TEXT, OTHER_WITNESS, NOW), cosign(TEXT, WITNESS, NOW + 1)])

    assert opened_by(note, WITNESS, OTHER_WITNESS, OLD) == [OLD, OTHER_WITNESS, WITNESS]


SPOILERS: Final[dict[str, Callable[[str], str]]] = {
    "nothing": lambda _: "",
    "no signature": lambda _: f"{TEXT}\n",
    "no text": lambda _: "\n" + LINE.text,
    "no empty line": lambda note: note.replace("\n\n", "\n"),
    "no newline at the end": lambda note: note[:-1],
    "an empty line at the end": lambda note: note + "\n",
    "carriage returns": lambda note: note.replace("\n", "\r\n"),
    "one carriage return": lambda note: note.replace("three", "three\r"),
    "a null": lambda note: note.replace("three", "thr\x00ee"),
    "a hyphen for the dash": lambda note: note.replace("—", "-"),
    "an en dash": lambda note: note.replace("—", "\N{EN DASH}"),
    "no space after the dash": lambda note: note.replace("— ", "—"),
    "two spaces": lambda note: note.replace("— ", "—  "),
    "a space of another kind": lambda note: note.replace("— ", "—\N{NO-BREAK SPACE}"),
    "a space at the end of the line": lambda note: note[:-1] + " \n",
    "a third part": lambda note: note[:-1] + " AAAA\n",
    "a name with a plus": lambda note: note.replace(OLD.name, "a+b"),
    "no name": lambda note: note.replace(OLD.name + " ", ""),
    "an empty name": lambda note: note.replace(OLD.name, ""),
    "base64 without padding": lambda note: note.replace("=", ""),
    "base64 of the web": lambda note: note.replace(LINE.text, f"— {OLD.name} __--\n"),
    "base64 spelt otherwise": lambda note: note.replace(LINE.text, f"— {OLD.name} AAAAAAF=\n"),
    "a signature of four bytes": lambda note: note.replace(LINE.text, f"— {OLD.name} AAAAAA==\n"),
    "a line that is no signature": lambda note: note + "and more\n",
    "half a surrogate pair": lambda note: note.replace("three", "\ud800"),
    "too many lines": lambda note: note + LINE.text * MOST_SIGNATURES,
    "too long": lambda note: "x" * LONGEST_NOTE + "\n" + note,
    "too long in bytes": lambda note: "\N{EM DASH}" * (LONGEST_NOTE // 2) + "\n" + note,
}


@pytest.mark.parametrize("spoiler", SPOILERS)
def test_what_is_not_quite_a_note_is_not_opened(spoiler: str) -> None:
    spoiled = SPOILERS[spoiler](NOTE)

    assert spoiled != NOTE
    with pytest.raises(NoteMalformedError):
        open_note(spoiled, [OLD.key])


def test_a_note_takes_as_many_lines_as_the_format_promises() -> None:
    lines = [SignatureLine(f"other.example/{number}", bytes(4), bytes(4627)) for number in range(16)]

    assert opened_by(with_lines(NOTE, lines), OLD) == [OLD]
    assert len(split_note(NOTE + LINE.text * (MOST_SIGNATURES - 1))[1]) == MOST_SIGNATURES


def test_a_note_is_at_most_131072_bytes_long_and_has_at_most_64_lines() -> None:
    room = 131_072 - len(sign_note("\n", [OLD]).encode())
    longest = sign_note("x" * room + "\n", [OLD])

    assert len(longest.encode()) == 131_072
    assert opened_by(longest, OLD) == opened_by(longest.encode(), OLD) == [OLD]
    for too_long in ("x" * (room + 1), "x" * (room - 1) + "\N{LATIN SMALL LETTER E WITH ACUTE}"):
        with pytest.raises(NoteMalformedError):
            sign_note(f"{too_long}\n", [OLD])
    assert opened_by(f"{TEXT}\n" + LINE.text * 64, OLD) == [OLD]
    with pytest.raises(NoteMalformedError):
        open_note(f"{TEXT}\n" + LINE.text * 65, [OLD.key])


def test_bytes_that_are_not_utf8_are_no_note() -> None:
    for spoiled in (
        NOTE.encode().replace(b"three", b"thr\xff"),
        NOTE.encode("utf-16"),
        NOTE.encode().replace(b"three", b"\xed\xa0\x80"),
    ):
        with pytest.raises(NoteMalformedError):
            open_note(spoiled, [OLD.key])


@given(st.one_of(st.text(max_size=200), st.binary(max_size=200)))
def test_no_input_makes_the_reader_fail_otherwise_than_by_refusing(note: str | bytes) -> None:
    with pytest.raises(NoteError):
        open_note(note, [OLD.key, WITNESS.key])


@settings(deadline=None)
@given(st.data())
def test_a_note_changed_anywhere_gives_another_text_to_nobody(data: st.DataObject) -> None:
    """Cut, doubled or overwritten somewhere: either it is refused, or what it says is what was signed."""
    note = with_lines(NOTE, [cosign(TEXT, WITNESS, NOW), LINE])
    start = data.draw(st.integers(0, len(note)))
    end = data.draw(st.integers(start, len(note)))
    put = data.draw(st.one_of(st.just(note[start:end] * 2), st.text(max_size=4), st.sampled_from(["\n", "\n\n", "— "])))
    changed = note[:start] + put + note[end:]

    try:
        opened = open_note(changed, [OLD.key, WITNESS.key])
    except NoteError:
        return
    assert opened.text == TEXT
    assert {verified.time for verified in opened.by} <= {None, NOW}


@given(st.text(max_size=30), st.binary(min_size=5, max_size=5))
def test_a_line_reads_back_as_it_was_written(name: str, content: bytes) -> None:
    line = f"— {name} {b64encode(content).decode()}\n"
    try:
        (read,) = signature_lines(line)
    except NoteMalformedError:
        return
    assert read.text == line
    assert (read.name, read.key_id, read.signature) == (name, content[:4], content[4:])
