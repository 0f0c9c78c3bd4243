"""The keys that a log signs with at a time: one as a rule, two while one takes over from the other.

In the overlap every note has a line by each, so that whoever has only one of the two keys can still check it. A second
line says nothing for its key, for anybody can add a line: that a new key is the log's, verifiers are told by another way.
"""

from dataclasses import dataclass
from typing import Self

from service.proof.notes import sign_note
from service.proof.signing import LOG_SIGNATURE, KeyMalformedError, Signer, VerifierKey


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """All the keys that sign, older ones first.

    Raises:
        KeyMalformedError: there is none, one is there twice, they carry several names, or one is a witness's.
    """

    signers: tuple[Signer, ...]

    def __post_init__(self) -> None:
        if not self.signers or any(signer.key.kind != LOG_SIGNATURE for signer in self.signers):
            raise KeyMalformedError("a log signs with at least one key, all of type 0x01")
        if len({signer.name for signer in self.signers}) > 1:
            raise KeyMalformedError("all keys of a log carry its name")
        if len({signer.key_id for signer in self.signers}) < len(self.signers):
            raise KeyMalformedError("a key signs once")

    @property
    def verifier_keys(self) -> tuple[VerifierKey, ...]:
        """What others need to check the notes."""
        return tuple(signer.key for signer in self.signers)

    def sign(self, text: str) -> str:
        """The text with one line by each key.

        Raises:
            NoteMalformedError: the text cannot be that of a note.
        """
        return sign_note(text, self.signers)

    def joined_by(self, new: Signer) -> Self:
        """The keys of the overlap: the new one signs too.

        Raises:
            KeyMalformedError: it signs already, or has another name.
        """
        return type(self)((*self.signers, new))

    def without(self, retired: VerifierKey) -> Self:
        """The keys after the overlap.

        Raises:
            KeyMalformedError: the key does not sign, or no other does.
        """
        if retired not in self.verifier_keys:
            raise KeyMalformedError("the key does not sign")
        return type(self)(tuple(signer for signer in self.signers if signer.key != retired))
