"""The second form of the clocks: what was missed stays to be seen."""

from typing import Final

from migrations.scripts import run_script

revision: Final = "0004"
down_revision: Final = "0003"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    run_script("0004_timeliness.sql")
