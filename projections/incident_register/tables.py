"""The table of the register of incidents."""

from typing import Final

from projections.engine.declaring import table_for
from projections.incident_register.rows import IncidentRow

TABLE: Final = table_for("incident_register", IncidentRow, indexed=("discovered_at",))
