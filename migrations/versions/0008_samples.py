"""Random samples of decisions, committed before they are drawn."""

from typing import Final

from migrations.scripts import run_script

revision: Final = "0008"
down_revision: Final = "0007"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    run_script("0008_samples.sql")
