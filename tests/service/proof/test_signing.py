"""Keys as values: one text for each, ids that are theirs, and both lines while one takes over from the other."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.proof.notes import open_note
from service.proof.rotation import SigningKeys
from service.proof.signing import COSIGNATURE, LOG_SIGNATURE, KeyMalformedError, Signer, VerifierKey
from tests.support.proof.keys import NEW, OLD, ORIGIN, STRANGER, WITNESS

SEED = bytes(range(32))
PUBLIC_OF_SEED = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
"""Made from the seed by another implementation."""


def test_a_key_grows_from_its_seed_and_has_one_text() -> None:
    key_id = sha256(ORIGIN.encode() + b"\n\x01" + bytes.fromhex(PUBLIC_OF_SEED)).hexdigest()[:8]

    assert OLD.key.public.hex() == PUBLIC_OF_SEED
    assert OLD.vkey.startswith(f"{ORIGIN}+{key_id}+AQ")
    assert VerifierKey.parse(OLD.vkey) == OLD.key
    assert (OLD.name, OLD.key_id.hex()) == (ORIGIN, key_id)


def test_one_seed_makes_two_keys_for_two_kinds_of_signature() -> None:
    witness = Signer.from_seed(ORIGIN, SEED, COSIGNATURE)

    assert witness.key.public == OLD.key.public
    assert witness.key_id != OLD.key_id


def test_a_seed_shows_in_no_text_form_of_its_key() -> None:
    shown = f"{OLD!r}{OLD}"

    assert SEED.hex() not in shown
    assert repr(SEED) not in shown
    assert "private" not in shown.lower()


@given(st.binary(max_size=80))
def test_a_key_verifies_its_own_signature_and_nothing_else(other: bytes) -> None:
    signature = OLD.sign(b"a message")

    assert OLD.key.verifies(signature, b"a message")
    assert not OLD.key.verifies(signature, other)
    assert not OLD.key.verifies(other, b"a message")
    assert not NEW.key.verifies(signature, b"a message")


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "name",
        "name+00000000",
        OLD.vkey[:-1],
        OLD.vkey + "=",
        OLD.vkey + "\n",
        OLD.vkey.replace("+AQ", "+Ag"),
        OLD.vkey.replace(ORIGIN, ORIGIN + "x"),
        OLD.vkey.replace(OLD.key_id.hex(), "00000000"),
        OLD.vkey.replace(OLD.key_id.hex(), OLD.key_id.hex().upper()),
        f"+{OLD.key_id.hex()}+" + OLD.vkey.rpartition("+")[2],
        f"{ORIGIN}+{OLD.key_id.hex()}+",
    ],
)
def test_what_is_not_quite_a_verifier_key_is_refused(vkey: str) -> None:
    with pytest.raises(KeyMalformedError):
        VerifierKey.parse(vkey)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a b",
        "a+b",
        "a\tb",
        "a\nb",
        "a\N{NO-BREAK SPACE}b",
        "a\x1cb",
        "a\x85b",
        "a\x00",
        "\ud800",
        chr(0xDFFF),
        "a" * 256,
    ],
)
def test_a_name_that_notes_do_not_allow_is_refused(name: str) -> None:
    with pytest.raises(KeyMalformedError):
        VerifierKey(name, LOG_SIGNATURE, OLD.key.public)


@pytest.mark.parametrize("name", ["a", "a" * 255, "\N{EM DASH}\N{COMBINING ACUTE ACCENT}"])
def test_a_name_that_notes_allow_is_taken(name: str) -> None:
    key = VerifierKey(name, LOG_SIGNATURE, OLD.key.public)

    assert VerifierKey.parse(key.vkey) == key


@pytest.mark.parametrize("public", [b"", OLD.key.public[:-1], OLD.key.public + b"\x00"])
def test_a_public_key_of_another_length_is_refused(public: bytes) -> None:
    with pytest.raises(KeyMalformedError):
        VerifierKey(ORIGIN, LOG_SIGNATURE, public)


@given(st.text(max_size=60))
def test_no_text_is_a_verifier_key_by_accident(text: str) -> None:
    with pytest.raises(KeyMalformedError):
        VerifierKey.parse(text)


@pytest.mark.parametrize("seed", [b"", bytes(31), bytes(33)])
def test_a_seed_of_another_length_is_refused(seed: bytes) -> None:
    with pytest.raises(KeyMalformedError):
        Signer.from_seed(ORIGIN, seed)


@pytest.mark.parametrize("kind", [0, 2, 5, 6, 255])
def test_a_kind_of_signature_that_we_do_not_make_is_refused(kind: int) -> None:
    with pytest.raises(KeyMalformedError):
        Signer.from_seed(ORIGIN, SEED, kind)


def test_in_the_overlap_of_a_rotation_each_of_the_two_keys_opens_the_note() -> None:
    before = SigningKeys((OLD,))
    overlap = before.joined_by(NEW)
    after = overlap.without(OLD.key)

    for keys, lines in ((before, [OLD]), (overlap, [OLD, NEW]), (after, [NEW])):
        note = keys.sign("a text\n")
        assert [verified.key for verified in open_note(note, [OLD.key, NEW.key]).by] == [line.key for line in lines]
        assert keys.verifier_keys == tuple(line.key for line in lines)
    for key in overlap.verifier_keys:
        assert open_note(overlap.sign("a text\n"), [key]).text == "a text\n"


def test_a_log_is_never_left_without_a_key() -> None:
    with pytest.raises(KeyMalformedError):
        SigningKeys(())
    with pytest.raises(KeyMalformedError):
        SigningKeys((OLD,)).without(OLD.key)


@pytest.mark.parametrize("joining", [OLD, STRANGER, WITNESS, Signer.from_seed(ORIGIN, SEED, COSIGNATURE)])
def test_a_key_that_signs_already_or_is_not_the_logs_does_not_join(joining: Signer) -> None:
    with pytest.raises(KeyMalformedError):
        SigningKeys((OLD,)).joined_by(joining)


def test_a_key_that_does_not_sign_cannot_be_retired() -> None:
    with pytest.raises(KeyMalformedError):
        SigningKeys((OLD, NEW)).without(STRANGER.key)
