"""The table of where people are named."""

from typing import Final

from projections.engine.declaring import table_for
from projections.people.rows import NamingRow

TABLE: Final = table_for("people", NamingRow, indexed=("person_id",))
