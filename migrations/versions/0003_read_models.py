"""pre the tables of the read models and the position of the reactions."""

from typing import Final

from alembic import op

from projections.engine.positions import RUNNING
from projections.engine.tables import creation
from projections.models import MODELS

revision: Final = "0003"
down_revision: Final = "0002"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    for model in MODELS:
        for statement in creation(model, 1):
            op.execute(statement)
        position(model.name, model.version)
        op.execute(f"insert into projections.live (name, table_version) values ('{model.name}', 1)")  # noqa: S608 -- ours
    position("reactions", 1)


def position(name: str, code_version: int) -> None:
    op.execute(
        "insert into projections.positions (name, table_version, code_version, status) "  # noqa: S608 -- constants
        f"values ('{name}', 1, {code_version}, '{RUNNING}')"
    )
