"""Read models of erasures and legal holds."""

from typing import Final

from migrations.scripts import run_script

revision: Final = "0011"
down_revision: Final = "0010"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    run_script("0011_erasures.sql")
