"""The table of random samples."""

from typing import Final

from projections.audit_samples.rows import SampleRow
from projections.engine.declaring import table_for

TABLE: Final = table_for("audit_samples", SampleRow)
