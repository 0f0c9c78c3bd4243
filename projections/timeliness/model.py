"""What the engine keeps of the clocks of cases."""

from typing import Final

from projections.engine.model import ReadModel
from projections.timeliness.clocks import Clocks
from projections.timeliness.fold import fold, keys
from projections.timeliness.rows import ClockRow, rows
from projections.timeliness.tables import TABLE

MODEL: Final = ReadModel(
    name="timeliness",
    version=2,
    versioned=True,
    state=Clocks,
    row=ClockRow,
    keys=keys,
    fold=fold,
    rows=rows,
    table=TABLE,
)
