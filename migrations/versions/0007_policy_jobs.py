"""What-if questions about policy, and their results."""

from typing import Final

from migrations.scripts import run_script

revision: Final = "0007"
down_revision: Final = "0006"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    run_script("0007_policy_jobs.sql")
