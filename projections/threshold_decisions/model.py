"""What the engine keeps of threshold decisions."""

from typing import Final

from projections.engine.model import ReadModel
from projections.threshold_decisions.fold import Decisions, fold, keys
from projections.threshold_decisions.rows import DecisionRow, rows
from projections.threshold_decisions.tables import TABLE

MODEL: Final = ReadModel(
    name="threshold_decisions",
    version=1,
    versioned=True,
    state=Decisions,
    row=DecisionRow,
    keys=keys,
    fold=fold,
    rows=rows,
    table=TABLE,
)
