"""A chronicle that stands, told to the read models, and the application that answers about it."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest
import pytest_asyncio

from domain.incident.events import IncidentNotified, ThresholdDecided
from domain.kernel.words import Code, DecisionId, OdsCode, RecordId
from domain.policy.questions import Outcome, Question
from tests.service.queries.audited.sampled import draw_sample
from tests.service.queries.erasing import ask_to_erase
from tests.service.queries.written import write
from tests.support.chronicle import Chronicle, a_chronicle, named, opened_duty
from tests.support.decisions import NOON
from tests.support.desk_of_queries import QueryStand, a_query_stand
from tests.support.read_models.projections import envelope
from tests.support.running.postgres import EMBEDDED, Server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stand(servers: dict[int, Server], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[QueryStand]:
    """Two trusts with incidents, clocks and actions; no test of a module may change it."""
    async with a_chronicle(servers[EMBEDDED]) as chronicle:
        await _play(chronicle)
        yield a_query_stand(chronicle, tmp_path_factory.mktemp("queries"))


async def _play(chronicle: Chronicle) -> None:
    first, second = named("first"), named("second")
    await chronicle.record(chronicle.report("first"), cases=[first])
    for name, due_at in (("soon", NOON + timedelta(days=1)), ("late", NOON + timedelta(hours=1)), ("open", None)):
        await chronicle.record(opened_duty(name, "first", due_at=due_at), cases=[first])
    other = chronicle.report("second", provider="ZZ2", discovered_at=NOON - timedelta(days=3))
    await chronicle.record(other, organisation="ZZ2", cases=[second])
    duty = opened_duty("theirs", "second", due_at=NOON + timedelta(days=2))
    await chronicle.record(duty, organisation="ZZ2", cases=[second])
    third = named("third")
    await chronicle.record(chronicle.report("third", discovered_at=NOON - timedelta(days=1)), cases=[third])
    await chronicle.record(_decided(chronicle), cases=[third])
    for name, due_on in (("early", date(2026, 3, 1)), ("later", date(2026, 3, 20))):
        action = chronicle.agreed(name, "first", due_on=due_on)
        await chronicle.record(action, cases=[first])
    await chronicle.record(chronicle.preserved("swab", "first"), cases=[first])
    # told two hours late: after the clock that ran out at one o'clock, before the others
    await chronicle.record(_notified(), cases=[third], after=timedelta(hours=2))
    await write(chronicle, "first")
    await draw_sample(chronicle, "sample", decision="second decision", incident="first")
    await ask_to_erase(chronicle, "first")
    await chronicle.tell()


def _decided(chronicle: Chronicle) -> ThresholdDecided:
    return ThresholdDecided(
        **envelope(named("third")),
        decision=DecisionId(named("decision")),
        question=Question.NEVER_EVENT,
        outcome=Outcome.MET,
        criteria=(),
        reasons=chronicle.pen.narrative(named("third"), "Because"),
        rests_on=(),
        edition=Code("psirf-2022@1"),
        identified_at=NOON,
        decider=None,
        organisation=OdsCode("ZZ1"),
    )


def _notified() -> IncidentNotified:
    return IncidentNotified(
        **envelope(named("third")),
        notification=RecordId(named("notification")),
        recipient=Code("commissioner"),
        organisation=OdsCode("ZZQ"),
        purpose=Code("never_event"),
        channel=Code("telephone"),
        receipt=None,
    )
