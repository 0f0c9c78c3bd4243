"""pre the ledger and the vault: tables that only grow, and the one function that writes them."""

from pathlib import Path
from typing import Final

from alembic import op

revision: Final = "0001"
down_revision: Final = None
branch_labels: Final = None
depends_on: Final = None

_SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    for part in ("tables", "append", "grants"):
        op.get_bind().exec_driver_sql((_SQL / f"0001_{part}.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    raise NotImplementedError("the ledger only goes forward")
