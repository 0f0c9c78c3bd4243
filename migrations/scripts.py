"""How a migration runs an SQL file of several statements: inside the migration's transaction, all or nothing."""

from pathlib import Path
from typing import Any, Final

from alembic import op

_SQL: Final = Path(__file__).parent / "sql"


def run_script(name: str) -> None:
    """Run every statement of `sql/<name>`.

    The driver takes several statements at once only outside its prepared ones, so the script goes past SQLAlchemy.
    """
    connection = op.get_bind()
    connection.exec_driver_sql("select 1")  # SQLAlchemy opens its transaction with the first statement it sees itself
    script = (_SQL / name).read_text(encoding="utf-8")
    adapter: Any = connection.connection.dbapi_connection
    adapter.run_async(lambda driver: driver.execute(script))
