"""What the engine keeps of the timeline of cases."""

from typing import Final

from projections.engine.model import ReadModel
from projections.incident_timeline.fold import Line, fold, keys
from projections.incident_timeline.rows import TimelineRow, rows
from projections.incident_timeline.tables import TABLE

MODEL: Final = ReadModel(
    name="incident_timeline",
    version=1,
    versioned=True,
    state=Line,
    row=TimelineRow,
    keys=keys,
    fold=fold,
    rows=rows,
    table=TABLE,
)
