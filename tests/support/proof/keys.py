"""Keys that grow from fixed seeds: those of a log, before and after a rotation, and those of two witnesses."""

from typing import Final

from service.proof.signing import COSIGNATURE, Signer

ORIGIN: Final = "incident-ledger/0198c0de-0000-7000-8000-000000000001"
OLD: Final = Signer.from_seed(ORIGIN, bytes(range(32)))
NEW: Final = Signer.from_seed(ORIGIN, bytes(range(32, 64)))
STRANGER: Final = Signer.from_seed("incident-ledger/another", bytes(range(64, 96)))
WITNESS: Final = Signer.from_seed("witness.example/one", bytes(range(96, 128)), COSIGNATURE)
OTHER_WITNESS: Final = Signer.from_seed("witness.example/two", bytes(range(128, 160)), COSIGNATURE)
