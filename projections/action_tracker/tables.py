"""The table of the improvement actions."""

from typing import Final

from projections.action_tracker.rows import ActionRow
from projections.engine.declaring import table_for

TABLE: Final = table_for("action_tracker", ActionRow, indexed=("due_on",))
