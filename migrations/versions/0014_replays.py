"""Replays: an auditor's requests to fold a read model again, and what came of them."""

from typing import Final

from migrations.scripts import run_script

revision: Final = "0014"
down_revision: Final = "0013"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    run_script("0014_replays.sql")
