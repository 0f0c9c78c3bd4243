"""The sealed form of a text: frozen for ever, because the ledger commits to these very bytes.

    box   = base64url without padding ( version 0x01 | nonce, 12 random bytes | AES-256-GCM ciphertext and tag )
    place = version 0x01 | event id, 16 bytes | key id, 16 bytes | field path in UTF-8

The place is authenticated with the text, so a box opens in the event and the field that it was sealed for and nowhere
else. Another form would be another version byte; readers of this one stay.
"""

import os
from base64 import b64decode, urlsafe_b64encode
from binascii import Error as NotBase64Error
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION: Final = b"\x01"
NONCE: Final = 12


class BoxDamagedError(ValueError):
    """A box does not open: its bytes were changed, or it stands where it was not sealed."""


def place_of(event: UUID, key: UUID, path: str) -> bytes:
    """Where a box belongs."""
    return VERSION + event.bytes + key.bytes + path.encode()


def seal_bytes(cipher: AESGCM, content: bytes, place: bytes) -> bytes:
    """A sealed form of any bytes: version, nonce, ciphertext."""
    nonce = os.urandom(NONCE)
    return VERSION + nonce + cipher.encrypt(nonce, content, place)


def open_bytes(cipher: AESGCM, sealed: bytes, place: bytes) -> bytes:
    """What was sealed.

    Raises:
        BoxDamagedError: it does not open here.
    """
    if sealed[:1] != VERSION:
        raise BoxDamagedError("unknown version of the sealed form")
    try:
        return cipher.decrypt(sealed[1 : 1 + NONCE], sealed[1 + NONCE :], place)
    except (InvalidTag, ValueError):
        raise BoxDamagedError("it was changed, or it stands where it was not sealed") from None


def seal_text(cipher: AESGCM, text: str, place: bytes) -> str:
    """Seal a text for one place.

    Raises:
        UnicodeEncodeError: the text holds half of a surrogate pair.
    """
    return urlsafe_b64encode(seal_bytes(cipher, text.encode(), place)).rstrip(b"=").decode()


def open_text(cipher: AESGCM, box: str, place: bytes) -> str:
    """The text in a box.

    Raises:
        BoxDamagedError: it does not open here.
    """
    try:
        sealed = b64decode(box + "=" * (-len(box) % 4), altchars="-_", validate=True)
    except (NotBase64Error, ValueError):
        raise BoxDamagedError("a box is base64url") from None
    return open_bytes(cipher, sealed, place).decode()
