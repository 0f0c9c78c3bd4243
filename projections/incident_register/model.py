"""What the engine keeps of the register of incidents."""

from typing import Final

from projections.engine.model import ReadModel
from projections.incident_register.fold import Case, fold, keys
from projections.incident_register.rows import IncidentRow, rows
from projections.incident_register.tables import TABLE

MODEL: Final = ReadModel(
    name="incident_register",
    version=1,
    versioned=True,
    state=Case,
    row=IncidentRow,
    keys=keys,
    fold=fold,
    rows=rows,
    table=TABLE,
)
