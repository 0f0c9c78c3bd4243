"""The table of the clocks of cases."""

from typing import Final

from projections.engine.declaring import table_for
from projections.timeliness.rows import ClockRow

TABLE: Final = table_for("timeliness", ClockRow, indexed=("incident_id", "due_at"))
