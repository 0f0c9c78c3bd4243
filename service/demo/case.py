"""One case of the demonstration, and what every case has done to it."""

from dataclasses import dataclass
from typing import Any

from service.demo.cast import SAFETY_MANAGER
from service.demo.client import Recorded, RefusedError, Voice
from service.demo.ground import PLAN
from service.demo.stage import Stage

PSIRF = "psirf-2022"
CANDOUR = "candour-regulation-20"
LOCAL_PLAN = PLAN


@dataclass(frozen=True, slots=True)
class Case:
    """An incident that was reported: its id, and the stage on which it is played."""

    stage: Stage
    id: str

    async def does(self, voice: Voice, does: str, part: str, /, **body: Any) -> Recorded:
        """Somebody adds a fact to the case, at the part of its address that takes it."""
        return await self.stage.does(voice, does, f"/v1/incidents/{self.id}/{part}", **body)

    async def decides(self, question: str, outcome: str, edition: str, /, **body: Any) -> Recorded:
        """The patient safety manager answers a threshold question."""
        asked, answered = question.replace("_", " "), outcome.replace("_", " ")
        return await self.does(
            SAFETY_MANAGER,
            f"decides: {asked}? {answered.capitalize()}",
            "threshold-decisions",
            question=question,
            outcome=outcome,
            edition=edition,
            decided_by="Robin Sample",
            **body,
        )

    async def is_closed(self, does: str, /, **body: Any) -> Recorded:
        """The patient safety manager closes the case."""
        return await self.does(SAFETY_MANAGER, does, "closure", **body)

    async def is_not_closed(self, does: str) -> RefusedError:
        """The patient safety manager tries to close the case, and every reason against it is told."""
        return await self.stage.is_refused(SAFETY_MANAGER, does, f"/v1/incidents/{self.id}/closure")


async def report(stage: Stage, voice: Voice, does: str, /, **body: Any) -> Case:
    """Somebody reports an incident at ZZ1 from the local reporting system."""
    body = {"provider": "ZZ1", "source_system": "local-reporting", **body}
    recorded = await stage.does(voice, does, "/v1/incidents", **body)
    return Case(stage, recorded.id)
