"""The table of erasures."""

from typing import Final

from projections.engine.declaring import table_for
from projections.erasures.rows import ErasureRow

TABLE: Final = table_for("erasures", ErasureRow, indexed=("person_id", "status"))
