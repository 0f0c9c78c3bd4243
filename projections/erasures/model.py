"""What the engine keeps of erasures."""

from typing import Final

from projections.engine.model import ReadModel
from projections.erasures.fold import Asked, fold, keys
from projections.erasures.rows import ErasureRow, rows
from projections.erasures.tables import TABLE

MODEL: Final = ReadModel(
    name="erasures",
    version=1,
    versioned=True,
    state=Asked,
    row=ErasureRow,
    keys=keys,
    fold=fold,
    rows=rows,
    table=TABLE,
)
