"""The table of what waits for a person."""

from typing import Final

from projections.engine.declaring import table_for
from projections.worklist.rows import WaitingRow

TABLE: Final = table_for("worklist", WaitingRow, indexed=("incident_id",))
