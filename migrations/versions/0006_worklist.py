"""What waits to be decided in each case."""

from typing import Final

from migrations.scripts import run_script

revision: Final = "0006"
down_revision: Final = "0005"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    run_script("0006_worklist.sql")
