"""Random samples over the read models: published before and after, and drawn again by anybody."""

import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import create_async_engine

from domain.audit_sample.drawing import Criteria, digest_of, hash_of
from domain.incident.events import IncidentEnteredInError
from domain.kernel.actor import Role
from domain.kernel.words import OdsCode
from domain.policy.questions import Outcome, Question
from projections.engine.queries import ReadModels
from service.handling.populations import ReplayedPopulations
from service.handling.time import LedgerTime
from service.reading.populations import KnownPopulations
from service.reading.queries import Queries
from service.store.codec import Codec
from service.store.sealing import Opener
from service.vault.keyring import Keyring
from service.worker.feed import LedgerFeed
from tests.service.queries.audited.sampled import SEED, Auditor
from tests.service.queries.written import a_decision, told
from tests.support.chronicle import Chronicle, a_chronicle, named
from tests.support.decisions import an_actor
from tests.support.desk_of_queries import QueryStand, a_query_stand
from tests.support.desks import an_order
from tests.support.golden_events import TEST_KEK
from tests.support.read_models.projections import envelope
from tests.support.running.postgres import EMBEDDED, Server

pytestmark = pytest.mark.asyncio(loop_scope="module")

DOCUMENT: Final = Path(__file__).parents[4] / "docs" / "samples.md"
HOUR: Final = timedelta(hours=1)
DRAWN, OPEN, THEIRS = (f"/v1/audit/samples/{named(name)}" for name in ("drawn", "open", "theirs"))
AUDITOR, COMMISSIONER = Role.AUDITOR, Role.COMMISSIONER
NOT_MET: Final = Criteria((OdsCode("ZZ1"),), Question.SAFEGUARDING, Outcome.NOT_MET)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sampled(servers: dict[int, Server], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[QueryStand]:
    """Twelve decisions of ZZ1 and one of ZZ2; three samples, of which one is never drawn."""
    async with a_chronicle(servers[EMBEDDED]) as chronicle:
        for number in range(12):
            await _decide(chronicle, f"case {number}", Outcome.NOT_MET)
        await _decide(chronicle, "met", Outcome.MET)
        await told(chronicle, a_decision("case 0", "again", Outcome.UNCLEAR), "case 0", opens=False)
        error = IncidentEnteredInError(
            **envelope(named("case 1")), reason=chronicle.pen.narrative(named("case 1"), "x")
        )
        await told(chronicle, error, "case 1", opens=False)
        await _decide(chronicle, "other", Outcome.NOT_MET, provider="ZZ2")
        auditor, commissioner = Auditor(chronicle), Auditor(chronicle, an_order(COMMISSIONER, org="ZZQ", number=9))
        await chronicle.tell()
        await auditor.commits("drawn", size=4, until=HOUR)
        await auditor.commits("open", size=4, until=100 * HOUR)
        await commissioner.commits("theirs", "ZZ1", "ZZ2", size=50, until=HOUR)
        await _decide(chronicle, "after the commitment", Outcome.NOT_MET)
        await auditor.waits(2 * HOUR)
        await _decide(chronicle, "too late", Outcome.NOT_MET)
        await told(chronicle, a_decision("case 2", "changed", Outcome.MET), "case 2", opens=False)
        await chronicle.tell()
        await auditor.draws(named("drawn"))
        await commissioner.draws(named("theirs"))
        yield a_query_stand(chronicle, tmp_path_factory.mktemp("sampled"))


async def _decide(chronicle: Chronicle, name: str, outcome: Outcome, *, provider: str = "ZZ1") -> None:
    report = chronicle.report(name, provider=provider)
    await chronicle.record(report, organisation=provider, cases=[named(name)])
    reasons = chronicle.pen.narrative(named(name), "Because")
    decided = replace(a_decision(name, f"decision of {name}", outcome), reasons=reasons, decider=None)
    await chronicle.record(decided, organisation=provider)


def ids(*names: str) -> list[str]:
    return sorted(str(named(f"decision of {name}")) for name in names)


STOOD: Final = ids(*(f"case {number}" for number in range(2, 12)), "after the commitment")
"""Not the one decided again, nor the one entered in error, nor what came too late."""


async def test_a_sample_that_is_not_drawn_shows_what_was_committed_to(sampled: QueryStand) -> None:
    shown = await sampled.ok(OPEN, AUDITOR, population="true")

    assert (shown["status"], shown["seed_hash"]) == ("committed", hash_of(SEED))
    assert (shown["question"], shown["outcome"], shown["size"]) == ("safeguarding", "not_met", 4)
    assert (shown["organisation"], shown["providers"]) == ("ZZ1", ["ZZ1"])
    assert (shown["seed"], shown["beacon"], shown["decision_ids"], shown["population"]) == (None, None, [], None)


async def test_a_sample_that_is_drawn_shows_everything_that_makes_it_again(sampled: QueryStand) -> None:
    shown = await sampled.ok(DRAWN, AUDITOR, population="true")

    assert (shown["status"], shown["seed"]) == ("drawn", SEED)
    assert shown["population"] == STOOD
    assert shown["population_size"] == len(STOOD)
    assert len(shown["decision_ids"]) == len(shown["incident_ids"]) == 4
    assert set(shown["decision_ids"]) <= set(STOOD)
    [following] = await sampled.chronicle.ledger.read_all(after=shown["population_position"], limit=1)
    assert shown["beacon"] == str(following.event_id)
    assert shown["committed_position"] <= shown["population_position"]


async def test_each_incident_stands_where_its_decision_stands(sampled: QueryStand) -> None:
    shown = await sampled.ok(DRAWN, AUDITOR)

    decided = {row["id"]: row["incident_id"] for row in await sampled.ok("/v1/threshold-decisions", AUDITOR)}
    assert [decided[decision] for decision in shown["decision_ids"]] == shown["incident_ids"]


async def test_the_population_is_only_shown_where_it_is_asked_for(sampled: QueryStand) -> None:
    assert (await sampled.ok(DRAWN, AUDITOR))["population"] is None


async def test_the_program_of_the_document_draws_the_same_sample(sampled: QueryStand, tmp_path: Path) -> None:
    [program] = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    answer = (await sampled.get(f"{DRAWN}?population=true", AUDITOR)).json()

    assert said_by(program, answer, tmp_path) == (0, "the same sample\n")
    for name, other in (("seed", "another"), ("beacon", str(UUID(int=1))), ("population", STOOD[1:])):
        assert said_by(program, answer | {name: other}, tmp_path)[0] == 1


def said_by(program: str, answer: dict[str, Any], folder: Path) -> tuple[int, str]:
    file = folder / "sample.json"
    file.write_text(json.dumps(answer), encoding="utf-8")
    ran = subprocess.run([sys.executable, "-c", program, file], capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout


async def test_the_same_population_is_found_by_replay_of_the_log(sampled: QueryStand) -> None:
    shown = await sampled.ok(DRAWN, AUDITOR)
    position, actor = shown["population_position"], an_actor(AUDITOR)
    replayed = ReplayedPopulations(sampled.chronicle.ledger, Codec())
    head = (await sampled.chronicle.ledger.head()).position

    assert digest_of(await replayed.standing_at(position, NOT_MET, actor)) == shown["population_digest"]
    for each in {1, 8, 20, position - 1, position, head}:
        known = await KnownPopulations(sampled.chronicle.queries).standing_at(each, NOT_MET, actor)
        assert set(known) == set(await replayed.standing_at(each, NOT_MET, actor))


async def test_the_list_as_known_at_the_position_is_the_population(sampled: QueryStand) -> None:
    position = (await sampled.ok(DRAWN, AUDITOR))["population_position"]
    asked = {"current": "true", "entered_in_error": "false", "question": "safeguarding", "outcome": "not_met"}

    then = await sampled.ok("/v1/threshold-decisions", AUDITOR, as_known_at=position, **asked)
    now = await sampled.ok("/v1/threshold-decisions", AUDITOR, **asked)

    assert sorted(row["id"] for row in then) == STOOD
    assert sorted(row["id"] for row in now) != STOOD


async def test_before_the_draw_the_seed_was_known_to_nobody(sampled: QueryStand) -> None:
    position = (await sampled.ok(DRAWN, AUDITOR))["committed_position"]

    before = await sampled.ok(DRAWN, AUDITOR, as_known_at=position, population="true")

    assert (before["status"], before["seed"], before["decision_ids"]) == ("committed", None, [])


async def test_a_commissioners_sample_holds_the_decisions_of_those_that_it_commissions(sampled: QueryStand) -> None:
    shown = await sampled.ok(THEIRS, COMMISSIONER, organisation="ZZQ", population="true")

    assert shown["population"] == sorted([*STOOD, *ids("other")])
    assert sorted(shown["decision_ids"]) == shown["population"]


@pytest.mark.parametrize(("providers", "found"), [(("ZZ1",), STOOD), (("ZZ2",), ids("other")), (("ZZ9",), [])])
async def test_a_commissioner_finds_only_the_decisions_of_providers_that_it_names(
    sampled: QueryStand, providers: tuple[str, ...], found: list[str]
) -> None:
    position = (await sampled.ok(THEIRS, COMMISSIONER, organisation="ZZQ"))["population_position"]
    wanted = replace(NOT_MET, providers=tuple(OdsCode(provider) for provider in providers))
    commissioner = an_actor(COMMISSIONER, organisation="ZZQ")

    members = await KnownPopulations(sampled.chronicle.queries).standing_at(position, wanted, commissioner)

    assert sorted(str(member.decision) for member in members) == found
    assert {member.provider for member in members} <= set(providers)


async def test_a_population_that_is_not_all_the_readers_to_see_is_not_shown_in_part(sampled: QueryStand) -> None:
    """An analyst of the commissioner sees its samples, and none of the providers' decisions."""
    shown = await sampled.ok(THEIRS, Role.ANALYST, organisation="ZZQ", population="true")

    assert (shown["status"], shown["population"]) == ("drawn", None)


async def test_samples_of_others_do_not_exist(sampled: QueryStand) -> None:
    assert (await sampled.get(DRAWN, AUDITOR, organisation="ZZ2")).status_code == 404
    assert (await sampled.get(THEIRS, AUDITOR)).status_code == 404
    assert await sampled.ok("/v1/audit/samples", AUDITOR, organisation="ZZ2") == []


async def test_samples_are_listed_newest_first_and_by_what_became_of_them(sampled: QueryStand) -> None:
    async def listed(**wanted: str) -> list[str]:
        return [row["id"] for row in await sampled.ok("/v1/audit/samples", AUDITOR, **wanted)]

    assert await listed() == [str(named("open")), str(named("drawn"))]
    assert await listed(status="committed") == [str(named("open"))]
    assert await listed(status="drawn", question="safeguarding", outcome="not_met") == [str(named("drawn"))]
    assert await listed(outcome="met") == []
    assert await listed(question="mnsi") == []


async def test_a_population_is_answered_where_there_is_one_connection_for_all(
    sampled: QueryStand, tmp_path: Path
) -> None:
    """Who held one while waiting for another would wait for ever, once as many asked as there are."""
    chronicle = sampled.chronicle
    engine = create_async_engine(chronicle.database.reader_url(), pool_size=1, max_overflow=0, pool_timeout=1)
    read_models = ReadModels(engine, LedgerFeed(chronicle.ledger, Codec()))
    time, opener = LedgerTime(chronicle.ledger, simulated=True), Opener(Keyring(TEST_KEK))
    narrow = a_query_stand(chronicle, tmp_path)
    narrow.app.state.queries = Queries(read_models, chronicle.ledger, codec=Codec(), opener=opener, time=time)

    sample = await narrow.ok(DRAWN, AUDITOR, population="true")

    assert len(sample["population"]) == sample["population_size"] > 0
    await engine.dispose()
