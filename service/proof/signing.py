"""Keys of signed notes as values: what signs, and what others need to check it. Where seeds are kept is no matter here."""

import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from service.proof.lines import LineMalformedError, base64_of, from_base64

LOG_SIGNATURE: Final = 0x01
"""An Ed25519 signature over the text of a note: what a log signs with."""

COSIGNATURE: Final = 0x04
"""An Ed25519 signature over the text and a time: what a witness signs with."""

SEED_SIZE: Final = 32
KEY_ID_SIZE: Final = 4
_PUBLIC_SIZE: Final = 32
_LONGEST_NAME: Final = 255
_HEX_KEY_ID: Final = re.compile(r"[0-9a-f]{8}")


class KeyMalformedError(ValueError):
    """What was given is not a key that can sign or verify notes."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public half of a key: a name, a kind of signature, and the Ed25519 public key.

    Raises:
        KeyMalformedError: the name or the key has not the form that notes demand, or the kind of signature is unknown.
    """

    name: str
    kind: int
    public: bytes
    key_id: bytes = field(init=False)

    def __post_init__(self) -> None:
        if not is_key_name(self.name):
            raise KeyMalformedError("a key's name is not empty and holds no spaces, control characters or '+'")
        if self.kind not in {LOG_SIGNATURE, COSIGNATURE} or len(self.public) != _PUBLIC_SIZE:
            raise KeyMalformedError("only Ed25519 keys of types 0x01 (a log's) and 0x04 (a witness's) are known")
        named = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        object.__setattr__(self, "key_id", sha256(named).digest()[:KEY_ID_SIZE])

    @classmethod
    def parse(cls, vkey: str) -> Self:
        """The key behind `<name>+<key id in hex>+<base64 of type and public key>`.

        Raises:
            KeyMalformedError: it has another form, or the key id is not that of the key.
        """
        name, _, rest = vkey.partition("+")
        key_id, _, encoded = rest.partition("+")
        try:
            content = from_base64(encoded)
        except LineMalformedError:
            raise KeyMalformedError("a verifier key is <name>+<key id>+<base64>") from None
        key = cls(name, content[0] if content else 0, content[1:])
        if not _HEX_KEY_ID.fullmatch(key_id) or key.key_id.hex() != key_id:
            raise KeyMalformedError("the key id is not that of the key")
        return key

    @property
    def vkey(self) -> str:
        """The text by which the key is handed to whoever verifies."""
        return f"{self.name}+{self.key_id.hex()}+{base64_of(bytes([self.kind]) + self.public)}"

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Whether the private half of this key signed the message."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that signs; its seed shows in no text form of it."""

    key: VerifierKey
    _private: Ed25519PrivateKey = field(repr=False, compare=False)

    @classmethod
    def from_seed(cls, name: str, seed: bytes, kind: int = LOG_SIGNATURE) -> Self:
        """The key of this name that grows from an Ed25519 seed.

        Raises:
            KeyMalformedError: the seed has another length, or the name is not one.
        """
        if len(seed) != SEED_SIZE:
            raise KeyMalformedError(f"the seed of a signing key is {SEED_SIZE} bytes long")
        private = Ed25519PrivateKey.from_private_bytes(seed)
        return cls(VerifierKey(name, kind, private.public_key().public_bytes_raw()), private)

    @property
    def name(self) -> str:
        """The name that its signatures carry."""
        return self.key.name

    @property
    def key_id(self) -> bytes:
        """The four bytes that tell keys of one name apart."""
        return self.key.key_id

    @property
    def vkey(self) -> str:
        """The text by which the public half is handed to whoever verifies."""
        return self.key.vkey

    def sign(self, message: bytes) -> bytes:
        """The Ed25519 signature of a message."""
        return self._private.sign(message)


def is_key_name(name: str) -> bool:
    """Whether notes allow the name: none of it is a space, a control character, a plus or half a surrogate pair."""
    return 0 < len(name) <= _LONGEST_NAME and not any(
        letter.isspace() or letter < " " or letter == "+" or "\ud800" <= letter <= "\udfff" for letter in name
    )
