"""pre the read models: how far each is, which version answers, and what the roles may do."""

from pathlib import Path
from typing import Final

from alembic import op

revision: Final = "0002"
down_revision: Final = "0001"
branch_labels: Final = None
depends_on: Final = None

_SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    op.get_bind().exec_driver_sql((_SQL / "0002_projections.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    raise NotImplementedError("the ledger only goes forward")
