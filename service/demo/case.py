"""One case of the demonstration, and what every case has done to it."""

from dataclasses import dataclass
from typing import Any, Final

from service.demo.client import Recorded, RefusedError, Voice
from service.demo.ground import PLAN
from service.demo.stage import Stage
from service.demo.wording import plain

PSIRF = "psirf-2022"
CANDOUR = "candour-regulation-20"
LOCAL_PLAN = PLAN

_DECIDERS: Final = {"ZZ1": "Robin Sample", "ZZ2": "Ash Placeholder"}


@dataclass(frozen=True, slots=True)
class Case:
    """An incident that was reported: its id, and the stage on which it is played."""

    stage: Stage
    id: str

    async def does(self, voice: Voice, does: str, part: str, /, **body: Any) -> Recorded:
        """Somebody adds a fact to the case, at the part of its address that takes it."""
        return await self.stage.does(voice, does, f"/v1/incidents/{self.id}/{part}", **body)

    async def decides(self, question: str, outcome: str, edition: str, /, **body: Any) -> Recorded:
        """Whoever handles the case answers a threshold question."""
        asked, answered = plain(question), plain(outcome)
        return await self.does(
            self.stage.manager,
            f"decides: {asked}? {answered.capitalize()}",
            "threshold-decisions",
            question=question,
            outcome=outcome,
            edition=edition,
            decided_by=_DECIDERS[self.stage.manager.organisation],
            **body,
        )

    async def is_closed(self, does: str, /, **body: Any) -> Recorded:
        """Whoever handles the case closes it."""
        return await self.does(self.stage.manager, does, "closure", **body)

    async def is_not_closed(self, does: str) -> RefusedError:
        """Whoever handles the case tries to close it, and every reason against it is told."""
        return await self.stage.is_refused(self.stage.manager, does, f"/v1/incidents/{self.id}/closure")


async def report(stage: Stage, voice: Voice, does: str, /, **body: Any) -> Case:
    """Somebody reports an incident at their organisation from its local reporting system."""
    body = {"provider": voice.organisation, "source_system": "local-reporting", **body}
    recorded = await stage.does(voice, does, "/v1/incidents", **body)
    return Case(stage, recorded.id)
