"""The table of the timeline of cases."""

from typing import Final

from projections.engine.declaring import table_for
from projections.incident_timeline.rows import TimelineRow

TABLE: Final = table_for("incident_timeline", TimelineRow, indexed=("case_id",))
