"""pre the ledger and the vault: tables that only grow, and the one function that writes them."""

from typing import Final

from migrations.scripts import run_script

revision: Final = "0001"
down_revision: Final = None
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    for part in ("tables", "append", "grants"):
        run_script(f"0001_{part}.sql")
