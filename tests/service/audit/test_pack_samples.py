"""The pack of a random sample: what was committed to, what was drawn, and the whole cases of it."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from domain.audit_sample.drawing import PopulationMember, digest_of, hash_of
from domain.audit_sample.events import SampleCommitted, SampleDrawn
from domain.kernel.actor import Role
from domain.kernel.words import DecisionId, IncidentId, OdsCode
from domain.policy.questions import Outcome, Question
from service.proof.offline.command import report_on
from tests.service.audit.packed import OTHER, SAMPLE, Marked, Packed
from tests.service.queries.audited.sampled import SEED
from tests.support.chronicle import named
from tests.support.read_models.projections import envelope, first_envelope

pytestmark = pytest.mark.asyncio(loop_scope="module")

OVERSEES = (Role.AUDITOR, Role.COMMISSIONER)


def streams_of(pack: Packed) -> set[str]:
    return {json.loads(line)["record"]["stream"] for line in pack.members["events.ndjson"].splitlines()}


async def holds(marked: Marked, pack: Packed, folder: Path) -> bool:
    (folder / "pack.zip").write_bytes(pack.whole)
    return report_on(str(folder / "pack.zip"), keys=[marked.key], witnesses=[], checkpoint=None).code == 0


async def test_it_holds_the_samples_own_events_and_the_whole_cases_of_what_was_drawn(marked: Marked) -> None:
    pack = await marked.pack(f"samples/{SAMPLE}", Role.AUDITOR)

    said = pack.json("pack.json")
    assert (said["kind"], said["subjects"]) == ("sample", [str(named("drawn"))])
    assert streams_of(pack) == {str(SAMPLE), str(named("drawn"))}
    assert list(pack.json("proofs.json")["streams"]) == [str(named("drawn"))]
    heads = {(each["kind"], each["subject"]) for each in pack.json("proofs.json")["heads"]}
    assert heads == {("stream", str(SAMPLE)), ("stream", str(named("drawn"))), ("case", str(named("drawn")))}


async def test_it_says_all_that_the_question_about_the_sample_answers(marked: Marked) -> None:
    sample = (await marked.pack(f"samples/{SAMPLE}", Role.AUDITOR)).json("pack.json")["sample"]
    shown = await marked.stand.ok(f"/v1/audit/samples/{SAMPLE}", Role.AUDITOR)

    assert (sample["decisions"], sample["incidents"]) == (shown["decision_ids"], shown["incident_ids"])
    same = set(sample) - {"decisions", "incidents", "outside_scope", "population"}
    assert same >= {"seed", "seed_hash", "beacon", "population_digest", "population_position", "population_until"}
    assert {name: sample[name] for name in same} == {name: shown[name] for name in same}
    assert sample["outside_scope"] == []
    assert sample["population"] is None, "decisions of that digest are not the reader's to see"


async def test_one_that_is_not_drawn_yet_shows_what_was_committed_to(marked: Marked, tmp_path: Path) -> None:
    await marked.chronicle.record(_committed(marked, "undrawn"))

    pack = await marked.pack(f"samples/{named('undrawn')}", Role.AUDITOR)
    sample = pack.json("pack.json")["sample"]
    assert (sample["status"], sample["seed"], sample["population"]) == ("committed", None, None)
    assert pack.json("pack.json")["subjects"] == []
    assert await holds(marked, pack, tmp_path)


async def test_what_was_drawn_since_is_not_in_the_pinned_pack(marked: Marked) -> None:
    await marked.chronicle.record(_committed(marked, "pinned"))
    path = f"samples/{named('pinned')}"
    before = await marked.pack(path, Role.AUDITOR)
    await _draw(marked, "pinned", ("one decision", "drawn", "ZZ1"))

    size = before.json("pack.json")["size"]
    assert (await marked.pack(path, Role.AUDITOR, as_known_at=size)).whole == before.whole
    assert (await marked.pack(path, Role.AUDITOR)).json("pack.json")["sample"]["status"] == "drawn"
    assert (await marked.ask(path, Role.AUDITOR, as_known_at=size - 1)).status_code == 404


async def test_a_case_that_was_drawn_twice_is_there_once(marked: Marked, tmp_path: Path) -> None:
    await _drawn(marked, "twice", ("one decision", "drawn", "ZZ1"), ("another decision", "drawn", "ZZ1"))

    pack = await marked.pack(f"samples/{named('twice')}", Role.AUDITOR)
    assert pack.json("pack.json")["subjects"] == [str(named("drawn"))]
    assert await holds(marked, pack, tmp_path)


async def test_a_case_that_is_not_the_readers_to_see_any_more_is_named_and_left_out(
    marked: Marked, tmp_path: Path
) -> None:
    members = (("a decision", "drawn", "ZZ1"), ("their decision", "other", "ZZ2"))
    await _drawn(marked, "overseen", *members, organisation="ZZQ")
    path = f"samples/{named('overseen')}"
    both = await marked.pack(path, *OVERSEES, organisation="ZZQ")

    # ZZQ commissions ZZ2 on this day for the last time
    await marked.chronicle.record(marked.chronicle.report("later"), cases=[named("later")], after=timedelta(days=2))
    await marked.chronicle.tell()
    one = await marked.pack(path, *OVERSEES, organisation="ZZQ")

    assert both.json("pack.json")["subjects"] == [str(named("drawn")), str(OTHER)]
    assert one.json("pack.json")["subjects"] == [str(named("drawn"))]
    assert one.json("pack.json")["sample"]["outside_scope"] == [str(OTHER)]
    assert str(OTHER) not in streams_of(one)
    assert "left out of this pack" in one.page
    assert await holds(marked, one, tmp_path)


def _committed(marked: Marked, name: str) -> SampleCommitted:
    return SampleCommitted(
        **first_envelope(named(name), at=marked.chronicle.clock),
        providers=(OdsCode("ZZ1"),),
        question=Question.SAFEGUARDING,
        outcome=Outcome.NOT_MET,
        size=5,
        population_until=marked.chronicle.clock + timedelta(minutes=2),
        seed_hash=hash_of(SEED),
    )


async def _drawn(marked: Marked, name: str, *drawn: tuple[str, str, str], organisation: str = "ZZ1") -> None:
    """A sample of decisions, each with the name of its incident and whose record it is."""
    await marked.chronicle.record(_committed(marked, name), organisation=organisation)
    await _draw(marked, name, *drawn, organisation=organisation)


async def _draw(marked: Marked, name: str, *drawn: tuple[str, str, str], organisation: str = "ZZ1") -> None:
    chronicle = marked.chronicle
    members = tuple(
        PopulationMember(DecisionId(named(decision)), IncidentId(named(incident)), OdsCode(provider))
        for decision, incident, provider in drawn
    )
    fact = SampleDrawn(
        **envelope(named(name), at=chronicle.clock),
        seed=SEED,
        position=(await chronicle.ledger.head()).position,
        beacon=named(f"event {named(name)} 0"),
        population=len(members),
        population_digest=digest_of(members),
        drawn=members,
    )
    await chronicle.record(fact, organisation=organisation, after=timedelta(minutes=3))
    await chronicle.tell()
