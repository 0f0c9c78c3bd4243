"""The access log: who read which case, and why."""

from typing import Final

from migrations.scripts import run_script

revision: Final = "0012"
down_revision: Final = "0011"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    run_script("0012_access.sql")
