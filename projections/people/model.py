"""What the engine keeps of where people are named."""

from typing import Final

from projections.engine.model import ReadModel
from projections.people.fold import Naming, fold, keys
from projections.people.rows import NamingRow, rows
from projections.people.tables import TABLE

MODEL: Final = ReadModel(
    name="people",
    version=1,
    versioned=True,
    state=Naming,
    row=NamingRow,
    keys=keys,
    fold=fold,
    rows=rows,
    table=TABLE,
)
