"""What the engine keeps of the improvement actions."""

from typing import Final

from projections.action_tracker.fold import Tracked, fold, keys
from projections.action_tracker.rows import ActionRow, rows
from projections.action_tracker.tables import TABLE
from projections.engine.model import ReadModel

MODEL: Final = ReadModel(
    name="action_tracker",
    version=1,
    versioned=True,
    state=Tracked,
    row=ActionRow,
    keys=keys,
    fold=fold,
    rows=rows,
    table=TABLE,
)
