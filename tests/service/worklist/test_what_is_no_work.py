"""What the register knows about a case decides whether its responses and actions are anybody's work."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.incident.events import IncidentEnteredInError, ThresholdDecided
from domain.kernel.words import Code, IncidentId
from domain.learning_response.events import FindingMade, LeadAppointed, ResponseApproved, ResponseCommissioned
from domain.policy.questions import Outcome, Question
from tests.service.queries.written import told
from tests.support.chronicle import a_chronicle, named
from tests.support.decisions import NOON
from tests.support.desk_of_queries import a_query_stand
from tests.support.running.postgres import EMBEDDED, Server
from tests.support.sample_events import sample


def of(event: type[Any], name: str, **changes: Any) -> Any:
    return event(**{**vars(sample(event)), "originator_id": named(name), "timestamp": NOON, **changes})


@pytest.mark.parametrize(
    ("regime", "outcome", "is_mistaken", "kinds"),
    [
        ("sif-2015", Outcome.MET, False, {"response_to_submit", "action_to_accept"}),
        ("sif-2015", Outcome.NOT_MET, False, {"action_to_accept"}),
        ("psirf-2022", Outcome.MET, False, {"action_to_accept"}),
        ("sif-2015", Outcome.MET, True, set()),
    ],
)
async def test_only_a_serious_incident_is_submitted_and_a_mistake_is_no_work(
    servers: dict[int, Server],
    tmp_path: Path,
    *,
    regime: str,
    outcome: Outcome,
    is_mistaken: bool,
    kinds: set[str],
) -> None:
    incident, incidents = named("case"), (IncidentId(named("case")),)
    async with a_chronicle(servers[EMBEDDED]) as chronicle:
        await chronicle.record(chronicle.report("case", regime=Code(regime)), cases=[incident])
        await told(chronicle, of(ThresholdDecided, "case", question=Question.SERIOUS_INCIDENT, outcome=outcome), "case")
        await told(chronicle, of(ResponseCommissioned, "response", incidents=incidents), "case")
        for step in (LeadAppointed, FindingMade, ResponseApproved):
            await told(chronicle, of(step, "response"), "case", opens=False)
        action = chronicle.agreed("action", "case", due_on=date(2026, 4, 1))
        await chronicle.record(action, cases=[incident], after=timedelta(0))
        if is_mistaken:
            await told(chronicle, of(IncidentEnteredInError, "case"), "case")
        await chronicle.tell()
        stand = a_query_stand(chronicle, tmp_path)

        items = await stand.ok("/v1/worklist")

    assert {item["kind"] for item in items} - {"undecided"} == kinds
