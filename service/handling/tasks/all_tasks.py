"""Every task, by the command that it handles."""

from typing import Any, Final

from service.handling.specification import Begin, Change
from service.handling.tasks import (
    access_log,
    action,
    audit_sample,
    candour,
    erasure,
    evidence,
    ground,
    incident,
    learning_response,
)

Task = Begin[Any] | Change[Any]

ALL: Final[tuple[Task, ...]] = (
    *ground.TASKS,
    *incident.TASKS,
    *evidence.TASKS,
    *candour.TASKS,
    *learning_response.TASKS,
    *action.TASKS,
    *audit_sample.TASKS,
    *erasure.TASKS,
    *access_log.TASKS,
)
BY_COMMAND: Final[dict[type[Any], Task]] = {task.command: task for task in ALL}
