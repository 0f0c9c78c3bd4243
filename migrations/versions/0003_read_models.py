"""pre the tables of the read models and the position of the reactions."""

from typing import Final

from migrations.scripts import run_script

revision: Final = "0003"
down_revision: Final = "0002"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    run_script("0003_read_models.sql")
