"""The SQL of the read models' first tables, for the migration that makes them: `python -m tests.support.read_models.tables`.

The migration is frozen once released; before that, this writes it again.
"""

from pathlib import Path
from typing import Final

from projections.engine.positions import RUNNING
from projections.engine.tables import creation
from projections.models import MODELS

FILE: Final = Path(__file__).parents[3] / "migrations" / "sql" / "0003_read_models.sql"


def _position(name: str, code_version: int) -> str:
    return (
        "insert into projections.positions (name, table_version, code_version, status)\n"
        f"values ('{name}', 1, {code_version}, '{RUNNING}')"
    )


def statements() -> list[str]:
    """Every statement, in order."""
    made: list[str] = []
    for model in MODELS:
        made += [statement.strip().replace(" \n", "\n").replace("\t", "    ") for statement in creation(model, 1)]
        made += [_position(model.name, model.version)]
        made += [f"insert into projections.live (name, table_version) values ('{model.name}', 1)"]
    return [*made, _position("reactions", 1)]


def text() -> str:
    """The file."""
    return "-- The first tables of the read models, and where the reactions stand.\n" + "".join(
        f"{statement};\n" for statement in statements()
    )


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
