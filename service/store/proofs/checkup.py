"""What `doctor` asks of the proof: whether the ledger is the one that was signed, and whether checkpoints are signed."""

import asyncio

from service.secret_files import SecretFileError
from service.settings import Settings
from service.store.connect import Database
from service.store.proofs.memory import remembered
from service.store.proofs.proofs import open_proofs
from service.store.proofs.signing_keys import list_signing_keys
from service.store.proofs.standing import LedgerLostError, SignedOtherwiseError, check_standing


async def is_as_signed(settings: Settings, database: Database) -> tuple[bool, str]:
    """Whether the ledger begins with what the signer remembers."""
    try:
        await check_standing(database.reader, settings.keys)
        async with open_proofs(database) as proofs:
            log = await proofs.log()
        last = remembered(settings.keys, log.origin.name)
    except (SignedOtherwiseError, LedgerLostError, SecretFileError) as refusal:
        return False, str(refusal)
    except LookupError:
        return True, "nothing is signed yet: the ledger is empty"
    return True, f"up to position {last.size}, as {log.origin.name}" if last else "nothing is signed yet"


async def is_signed(settings: Settings, database: Database) -> tuple[bool, str]:
    """Whether something signs, and nothing keeps it from that."""
    async with open_proofs(database) as proofs:
        standing = await proofs.standing()
    try:
        keys = await asyncio.to_thread(list_signing_keys, settings.keys)
    except SecretFileError as error:
        return False, str(error)
    if standing.stopped or standing.alarm is not None:
        return False, standing.alarm or "the worker has stopped"
    if standing.conflict is not None:
        return False, f"the witness {standing.conflict.witness} holds another history"
    signing = [key.number for key in keys if key.signs]
    if standing.checkpoint is not None and not signing:
        return False, "no signing key can be read: restore it, or add one (incident-ledger keys)"
    size = standing.checkpoint.size if standing.checkpoint else 0
    return True, f"by {len(signing)} keys; the last checkpoint covers {size} events"
