"""pre the read models: how far each is, which version answers, and what the roles may do."""

from typing import Final

from migrations.scripts import run_script

revision: Final = "0002"
down_revision: Final = "0001"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    run_script("0002_projections.sql")
