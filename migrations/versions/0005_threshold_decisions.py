"""One row for each threshold decision."""

from typing import Final

from migrations.scripts import run_script

revision: Final = "0005"
down_revision: Final = "0004"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    run_script("0005_threshold_decisions.sql")
