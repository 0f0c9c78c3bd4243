"""The table of threshold decisions."""

from typing import Final

from projections.engine.declaring import table_for
from projections.threshold_decisions.rows import DecisionRow

TABLE: Final = table_for("threshold_decisions", DecisionRow, indexed=("decided_at", "deciding_facts", "incident_id"))
