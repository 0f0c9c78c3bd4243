"""The table of the register of organisations."""

from typing import Final

from projections.engine.declaring import table_for
from projections.organisation_register.rows import OrganisationRow

TABLE: Final = table_for("organisation_register", OrganisationRow, indexed=("commissioner",))
