"""The whole story: a case of 2019, then three of 2026 on one simulated clock, and what is asked of them in the end."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from service.demo.asking.sample import commit_to_sample, draw_sample
from service.demo.asking.what_if import ask_what_if
from service.demo.client import LedgerClient
from service.demo.ground import prepare_ground_of_2019, prepare_ground_of_2026
from service.demo.not_met import play_not_met
from service.demo.outage import play_outage
from service.demo.serious_incident import play_serious_incident
from service.demo.stage import Stage, Teller, set_stage
from service.demo.swab import play_swab

BEGINS_AT: Final = datetime(2019, 4, 15, 7, tzinfo=UTC)
"""Where the clock of the demonstration's own ledger begins: played again, the story goes on from where it stands."""

_FIRST_OF_2026: Final = date(2026, 3, 2)


@dataclass(frozen=True, slots=True)
class Played:
    """The cases of one performance, by their ids, and where it was played."""

    serious_incident: str
    swab: str
    not_met: str
    outage: str
    stage: Stage

    @property
    def cases(self) -> tuple[str, str, str, str]:
        """All of them, in the order of the story."""
        return self.serious_incident, self.swab, self.not_met, self.outage


async def play(client: LedgerClient, teller: Teller) -> Played:
    """Play every case once; played again, the story begins on the next Monday and adds new cases.

    Raises:
        RefusedError: the service refused a step that the story takes for granted.
    """
    teller.chapter("A broken hip in 2019: a serious incident under the framework of 2015, closed by its commissioner")
    await prepare_ground_of_2019(client)
    serious = await play_serious_incident(client, teller)
    stage = await set_stage(client, teller, not_before=_FIRST_OF_2026)
    await stage.at(0, "08:00")
    await prepare_ground_of_2026(client)
    teller.chapter("A swab retained after surgery: a Never Event under PSIRF")
    swab = await play_swab(stage)
    teller.chapter("An audit is announced: a random sample that nobody can know yet")
    sample = await commit_to_sample(stage)
    teller.chapter("A fall without harm: every question answered, none of them met")
    not_met = await play_not_met(stage)
    teller.chapter("An outage of electronic prescribing: no patient involved")
    outage = await play_outage(stage)
    teller.chapter("The sample is drawn, and anybody can draw it again")
    await draw_sample(stage, sample)
    played = Played(serious.id, swab.id, not_met.id, outage.id, stage)
    teller.chapter("What if? The same cases under the other rules")
    await _ask_what_if(stage, played)
    return played


async def _ask_what_if(stage: Stage, played: Played) -> None:
    await ask_what_if(
        stage,
        "asks what PSIRF would have asked of the case of 2019",
        played.cases,
        editions=["psirf-2022-r2"],
        provider="ZZ2",
    )
    await ask_what_if(
        stage,
        "asks what the framework of 2015 would have asked of those of 2026",
        played.cases,
        editions=["sif-2015-r2"],
        provider="ZZ1",
        discovered_from=stage.instant(0, "00:00"),
    )
