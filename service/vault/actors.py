"""Whom an actor's pseudonym stands for: a token's subject may be an e-mail address, so it is sealed.

sealed = number of the key-encryption key, 4 bytes | version | nonce | ciphertext
"""

from uuid import UUID

from service.vault.boxes import BoxDamagedError, open_bytes, seal_bytes
from service.vault.keyring import Keyring

_NUMBER = 4


def seal_actor(keyring: Keyring, actor: UUID, subject: str) -> bytes:
    """Seal a token's subject for its pseudonym."""
    number, cipher = keyring.actor_cipher()
    prefix = number.to_bytes(_NUMBER, "big")
    return prefix + seal_bytes(cipher, subject.encode(), prefix + actor.bytes)


def open_actor(keyring: Keyring, actor: UUID, sealed: bytes) -> str:
    """The subject behind a pseudonym.

    Raises:
        KekMissingError: the key-encryption key is not here.
        BoxDamagedError: it was changed, or belongs to another actor.
    """
    prefix, box = sealed[:_NUMBER], sealed[_NUMBER:]
    if len(prefix) < _NUMBER:
        raise BoxDamagedError("too short for a sealed subject")
    _, cipher = keyring.actor_cipher(int.from_bytes(prefix, "big"))
    return open_bytes(cipher, box, prefix + actor.bytes).decode()
