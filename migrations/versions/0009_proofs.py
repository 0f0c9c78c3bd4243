"""The Merkle tree over the ledger: leaves, tiles, checkpoints, stream heads."""

from typing import Final

from migrations.scripts import run_script

revision: Final = "0009"
down_revision: Final = "0008"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    run_script("0009_proofs.sql")
