"""What the engine keeps of the worklist."""

from typing import Final

from projections.engine.model import ReadModel
from projections.worklist.fold import fold, keys
from projections.worklist.rows import WaitingRow, rows
from projections.worklist.tables import TABLE
from projections.worklist.waiting import Waiting

MODEL: Final = ReadModel(
    name="worklist",
    version=1,
    versioned=True,
    state=Waiting,
    row=WaitingRow,
    keys=keys,
    fold=fold,
    rows=rows,
    table=TABLE,
)
