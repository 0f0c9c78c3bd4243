"""The whole story: the ground, then three cases one after another on one simulated clock."""

from dataclasses import dataclass

from service.demo.client import LedgerClient
from service.demo.ground import prepare_ground
from service.demo.not_met import play_not_met
from service.demo.outage import play_outage
from service.demo.stage import Teller, set_stage
from service.demo.swab import play_swab


@dataclass(frozen=True, slots=True)
class Played:
    """The cases of one performance, by their ids."""

    swab: str
    not_met: str
    outage: str

    @property
    def cases(self) -> tuple[str, str, str]:
        """All of them, in the order of the story."""
        return self.swab, self.not_met, self.outage


async def play(client: LedgerClient, teller: Teller) -> Played:
    """Play every case once; played again, the story begins on the next Monday and adds new cases.

    Raises:
        RefusedError: the service refused a step that the story takes for granted.
    """
    await prepare_ground(client)
    stage = await set_stage(client, teller)
    teller.chapter("A swab retained after surgery: a Never Event under PSIRF")
    swab = await play_swab(stage)
    teller.chapter("A fall without harm: every question answered, none of them met")
    not_met = await play_not_met(stage)
    teller.chapter("An outage of electronic prescribing: no patient involved")
    outage = await play_outage(stage)
    return Played(swab.id, not_met.id, outage.id)
