"""Rotation and destruction of data keys, and the blind index."""

from typing import Final

from migrations.scripts import run_script

revision: Final = "0010"
down_revision: Final = "0009"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    run_script("0010_vault_keys.sql")
