"""A serious incident of 2019 under the framework of 2015: from a fall at night to the closure by the commissioner."""

from datetime import date
from typing import Final

from service.demo.asking.lateness import ask_why_late
from service.demo.case import Case
from service.demo.cast import RISK_MANAGER
from service.demo.client import LedgerClient
from service.demo.serious_incident.being_open import answer, give_results, share_draft, tell_the_patient
from service.demo.serious_incident.closing import close_as_commissioner, fail_to_close_as_provider, finish_action
from service.demo.serious_incident.deciding import decide, say_facts, tell_everybody
from service.demo.serious_incident.first_night import name_people, report_fall
from service.demo.serious_incident.investigation import (
    agree_action,
    commission,
    find,
    send_to_commissioner,
    sign_off,
)
from service.demo.stage import Stage, Teller, clock_of

BEGINS_ON: Final = date(2019, 4, 15)
"""The Monday before Easter 2019."""

_LIVE: Final = (
    "The simulated clock begins in April 2019. ZZ2 is under the Serious Incident Framework until November 2023, which the"
    " register knows already; the commissioner of 2019 was a predecessor of the ICB whose code stands for both here."
)
_LATE: Final = (
    "The ledger's clock is past April 2019 and never moves back: this old case is entered late, each fact with the moment"
    ' at which it became true beside the one at which it was recorded. Its clocks say so ("met recorded late").'
)


async def play_serious_incident(client: LedgerClient, teller: Teller) -> Case:
    """Play the case to its closure, in its own time where the ledger's clock has not passed it yet."""
    stage = await _stage_of_2019(client, teller)
    teller.note(_LATE if stage.clock > stage.now else _LIVE)
    case = await report_fall(stage)
    await say_facts(case)
    person = await name_people(case)
    await decide(case)
    await tell_the_patient(case, person)
    await tell_everybody(case)
    response = await commission(case)
    finding = await find(case, response)
    question = await share_draft(case, person, response)
    action = await agree_action(case, response, finding)
    await answer(case, question)
    await sign_off(case, response)
    await send_to_commissioner(case, response)
    await ask_why_late(case, "SIF-05")
    await give_results(case, person, response)
    await finish_action(case, action)
    await fail_to_close_as_provider(case)
    await close_as_commissioner(case)
    return case


async def _stage_of_2019(client: LedgerClient, teller: Teller) -> Stage:
    stage = Stage(client, teller, BEGINS_ON, await clock_of(client), await clock_of(client), manager=RISK_MANAGER)
    await stage.at(0, "08:00")
    if stage.is_entered_late:
        stage.performance = f"{stage.clock:%Y%m%d%H%M}"
    return stage
