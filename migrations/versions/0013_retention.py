"""What retention needs."""

from typing import Final

from migrations.scripts import run_script

revision: Final = "0013"
down_revision: Final = "0012"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    run_script("0013_retention.sql")
