"""What the body of every command has in common."""

from abc import abstractmethod
from typing import Any

from pydantic import Field

from domain.kernel.words import PersonId
from service.api.bodies import StrictModel
from service.api.fields import Instant
from service.handling.pen import Pen


class CommandBody(StrictModel):
    """A command as a client sends it."""

    effective_at: Instant | None = Field(
        default=None, description="When the fact became true; default now, never in the future."
    )

    @abstractmethod
    def command(self, pen: Pen) -> Any:
        """The domain's command: texts handed to the pen, ids from the path as the pen knows them."""

    def persons(self) -> tuple[PersonId, ...]:
        """People named in the body who may already have a key in the vault."""
        return ()

    def chosen_task(self) -> int:
        """Which of its route's commands the body means; nearly every route has one."""
        return 0
