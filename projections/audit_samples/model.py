"""What the engine keeps of random samples."""

from typing import Final

from projections.audit_samples.fold import Sample, fold, keys
from projections.audit_samples.rows import SampleRow, rows
from projections.audit_samples.tables import TABLE
from projections.engine.model import ReadModel

MODEL: Final = ReadModel(
    name="audit_samples",
    version=1,
    versioned=True,
    state=Sample,
    row=SampleRow,
    keys=keys,
    fold=fold,
    rows=rows,
    table=TABLE,
)
