"""What the engine keeps of the register of organisations."""

from typing import Final

from projections.engine.model import ReadModel
from projections.organisation_register.fold import Registered, fold, keys
from projections.organisation_register.rows import OrganisationRow, rows
from projections.organisation_register.tables import TABLE

MODEL: Final = ReadModel(
    name="organisation_register",
    version=1,
    versioned=True,
    state=Registered,
    row=OrganisationRow,
    keys=keys,
    fold=fold,
    rows=rows,
    table=TABLE,
)
