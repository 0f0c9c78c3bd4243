"""What the engine keeps of how long cases are kept."""

from typing import Final

from projections.engine.model import ReadModel
from projections.retention.fold import Kept, fold, keys
from projections.retention.rows import RetentionRow, rows
from projections.retention.tables import TABLE

MODEL: Final = ReadModel(
    name="retention",
    version=1,
    versioned=True,
    state=Kept,
    row=RetentionRow,
    keys=keys,
    fold=fold,
    rows=rows,
    table=TABLE,
)
