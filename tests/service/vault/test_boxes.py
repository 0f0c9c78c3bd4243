"""The sealed form of a text: it opens where it was sealed, nowhere else, and it never changes."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from service.vault.boxes import BoxDamagedError, open_text, place_of, seal_text

CIPHER: Final = AESGCM(bytes(range(32)))
EVENT, KEY = UUID(int=1), UUID(int=2)
HERE: Final = place_of(EVENT, KEY, "what_happened")
KNOWN_BOX: Final = "AQABAgMEBQYHCAkKCwYipWykh-Js7DK359SPDE3quKk2JBjjfJJk5dyCTrhnkGLf"
"""Made by hand from the words of the module: version, nonce 0 to 11, AES-256-GCM."""


@settings(deadline=None)
@given(st.text())
def test_a_text_comes_out_as_it_went_in(text: str) -> None:
    assert open_text(CIPHER, seal_text(CIPHER, text, HERE), HERE) == text


def test_a_box_of_the_first_release_opens_for_ever() -> None:
    assert open_text(CIPHER, KNOWN_BOX, HERE) == "A swab was left in."


@pytest.mark.parametrize(
    "elsewhere",
    [
        place_of(UUID(int=9), KEY, "what_happened"),
        place_of(EVENT, UUID(int=9), "what_happened"),
        place_of(EVENT, KEY, "location.place"),
    ],
    ids=["another event", "another key id", "another field"],
)
def test_a_box_does_not_open_anywhere_else(elsewhere: bytes) -> None:
    with pytest.raises(BoxDamagedError):
        open_text(CIPHER, seal_text(CIPHER, "Planted", HERE), elsewhere)


def test_a_box_does_not_open_with_another_key() -> None:
    with pytest.raises(BoxDamagedError):
        open_text(AESGCM(bytes(32)), seal_text(CIPHER, "Planted", HERE), HERE)


@settings(deadline=None)
@given(st.integers(0, 40), st.integers(1, 255))
def test_a_box_with_one_changed_byte_does_not_open(index: int, change: int) -> None:
    box = seal_text(CIPHER, "Planted name", HERE)
    sealed = bytearray(urlsafe_b64decode(box + "=" * (-len(box) % 4)))
    sealed[index % len(sealed)] ^= change

    with pytest.raises(BoxDamagedError):
        open_text(CIPHER, urlsafe_b64encode(sealed).rstrip(b"=").decode(), HERE)


@pytest.mark.parametrize("junk", ["!", " ", "\n", "="])
def test_a_box_with_a_foreign_character_does_not_open(junk: str) -> None:
    with pytest.raises(BoxDamagedError):
        open_text(CIPHER, f"{KNOWN_BOX[:8]}{junk}{KNOWN_BOX[8:]}", HERE)


@pytest.mark.parametrize("box", ["", "A", "AQ", "AQAB", "not base64!", "AQ==", "\N{SNOWMAN}"])
def test_what_is_no_box_does_not_open(box: str) -> None:
    with pytest.raises(BoxDamagedError):
        open_text(CIPHER, box, HERE)


def test_the_same_text_never_gives_the_same_box_twice() -> None:
    assert len({seal_text(CIPHER, "Planted", HERE) for _ in range(100)}) == 100
