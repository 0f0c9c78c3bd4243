"""The table of how long cases are kept."""

from typing import Final

from projections.engine.declaring import table_for
from projections.retention.rows import RetentionRow

TABLE: Final = table_for("retention", RetentionRow, indexed=("happened_on",))
