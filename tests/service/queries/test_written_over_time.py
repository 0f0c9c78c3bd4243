"""What was written, as it was known at a position, with keys that were destroyed since, and in an action's history."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

import pytest

from domain.action.events import (
    ActionAgreed,
    ActionCompleted,
    ActionExtended,
    ActionHandedOver,
    ActionRejected,
    ActionVerified,
    ActionWithdrawn,
)
from domain.kernel.actor import Role
from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.words import ActorId, EvidenceId, Label, PersonId
from domain.policy.questions import Outcome
from service.reading.opening import Opening
from service.store.ledger import Ledger, NewKey
from service.store.memory import MemoryLedger
from service.store.sealing import Opener
from service.vault.keyring import DESTROYED, Keyring
from tests.domain.candour import facts as candour
from tests.domain.learning_response import facts as response
from tests.service.queries.written import RELATIVE, a_decision, a_person, told, write
from tests.support.chronicle import a_chronicle, named
from tests.support.desk_of_queries import QueryStand, a_query_stand
from tests.support.golden_events import TEST_KEK
from tests.support.read_models.projections import envelope
from tests.support.running.postgres import EMBEDDED, Server

FIRST: Final = f"/v1/incidents/{named('first')}"
EARLY: Final = f"/v1/actions/{named('early')}"


@pytest.fixture
async def stand(servers: dict[int, Server], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[QueryStand]:
    """A chronicle of its own, with one incident."""
    async with a_chronicle(servers[EMBEDDED]) as chronicle:
        await chronicle.record(chronicle.report("first"), cases=[named("first")])
        yield a_query_stand(chronicle, tmp_path_factory.mktemp("written"))


async def test_what_was_written_later_was_not_known_before(stand: QueryStand) -> None:
    await write(stand.chronicle, "first")
    before = (await stand.chronicle.ledger.head()).position
    await told(stand.chronicle, a_person("first", name="Patricia Patient"), "first", opens=False)
    await told(stand.chronicle, a_decision("first", "third decision", Outcome.NOT_MET), "first", opens=False)
    more = candour.answered("Three nurses")
    await told(stand.chronicle, replace(more, originator_id=named("relative")), "first", opens=False)
    left = response.left("For another reason")
    await told(stand.chronicle, replace(left, originator_id=named("response")), "first", opens=False)
    await stand.chronicle.tell()

    async def known(**query: Any) -> list[Any]:
        people = await stand.ok(f"{FIRST}/people", **query)
        decisions = await stand.ok(f"{FIRST}/threshold-decisions", **query)
        person = (await stand.ok(f"{FIRST}/candour", **query))[0]
        found = await stand.ok(f"/v1/learning-responses/{named('response')}", **query)
        return [
            [each["current"] for each in people if each["kind"] == "patient"],
            [(each["current"], each["decide_again"]) for each in decisions],
            person["questions"][0]["answer"],
            found["left_without_action"],
        ]

    assert await known(as_known_at=before) == [[True], [(False, False), (True, True)], "Two nurses", 1]
    assert await known() == [[False, True], [(False, False)] * 2 + [(True, False)], "Three nurses", 2]


async def test_nothing_of_it_is_there_before_it_was_known(stand: QueryStand) -> None:
    position = (await stand.chronicle.ledger.head()).position
    await write(stand.chronicle, "first")
    await stand.chronicle.tell()

    for part in ("candour", "threshold-decisions", "people", "learning-responses"):
        assert await stand.ok(f"{FIRST}/{part}", as_known_at=position) == []
        assert (await stand.get(f"{FIRST}/{part}", as_known_at=position - 1)).status_code == 404
    answer = await stand.get(f"/v1/learning-responses/{named('response')}", as_known_at=position)
    assert answer.status_code == 404


@pytest.mark.parametrize("path", [f"{FIRST}/candour", f"/v1/learning-responses/{named('response')}"])
async def test_who_waits_too_long_is_told_to_ask_again(stand: QueryStand, path: str) -> None:
    await stand.chronicle.tell()

    answer = await stand.get(path, min_position=1000)

    assert (answer.status_code, answer.json()["code"]) == (503, "service.not-yet-visible")


async def test_a_person_whose_key_was_destroyed_is_erased_and_the_rest_stays(stand: QueryStand) -> None:
    await write(stand.chronicle, "first")
    await stand.chronicle.tell()
    stand.chronicle.queries.opening = Opening(_Forgetful(stand.chronicle.ledger, RELATIVE), Opener(Keyring(TEST_KEK)))

    (person,) = await stand.ok(f"{FIRST}/candour")
    (sealed,) = await stand.ok(f"{FIRST}/candour", Role.AUDITOR)

    assert (person["name"], person["contact"]) == (None, None)
    assert (person["sealed"], person["erased"]) == ([], ["name", "contact"])
    assert person["consents"] == [{"to_tell": None, "given": True, "sealed": [], "erased": ["to_tell"]}]
    assert person["letters"][0]["contents"] == "Dear daughter"
    assert (sealed["sealed"], sealed["erased"]) == (["name", "contact"], [])


class _Forgetful(MemoryLedger):
    """Gives the keys of another ledger; those about one person were destroyed."""

    def __init__(self, ledger: Ledger, about: UUID) -> None:
        super().__init__()
        self._kept = ledger
        self._about = about

    async def keys(self, ids: Any) -> dict[UUID, NewKey]:
        found = await self._kept.keys(ids)
        return {
            each: replace(key, wrapped=DESTROYED) if key.about == self._about else key for each, key in found.items()
        }


async def _act(stand: QueryStand) -> None:
    """An action with every word that can be written about one."""
    pen, stream, owner = stand.chronicle.pen, named("early"), PersonId(named("second owner"))
    action: ActionAgreed = stand.chronicle.agreed("early", "first", due_on=date(2026, 3, 20))
    measured = replace(
        action, measure=pen.narrative(stream, "Counts each week"), expected_effect=pen.narrative(stream, "None differ")
    )

    def done(summary: str) -> ActionCompleted:
        words = pen.narrative(stream, summary)
        evidence = (EvidenceId(named("swab")),)
        return ActionCompleted(**envelope(stream), evidence=evidence, summary=words, completed_by=actor)

    actor = ActorId(named("actor"))
    facts: list[Fact | FirstFact] = [
        measured,
        ActionExtended(
            **envelope(stream),
            previous_due_on=date(2026, 3, 20),
            due_on=date(2026, 4, 20),
            reason=pen.narrative(stream, "Holidays"),
            agreed_by=pen.personal(owner, "Aga Agrees"),
        ),
        ActionHandedOver(
            **envelope(stream),
            owner=owner,
            owner_name=pen.personal(owner, "Oscar Other"),
            owner_role=Label("matron"),
            reason=pen.narrative(stream, "A new post"),
        ),
        done("Said to be done"),
        ActionRejected(**envelope(stream), reason=pen.narrative(stream, "Not seen"), rejected_by=actor),
        done("Done at last"),
        ActionVerified(**envelope(stream), seen=pen.narrative(stream, "Saw the sheet"), verified_by=actor),
        ActionWithdrawn(**envelope(stream), reason=pen.narrative(stream, "Replaced")),
    ]
    for fact in facts:
        await stand.chronicle.record(fact, cases=[named("first")] if fact is measured else [])
    await stand.chronicle.tell()


async def test_an_action_is_read_with_all_that_was_written_about_it(stand: QueryStand) -> None:
    await _act(stand)

    shown = await stand.ok(EARLY, Role.ACTION_OWNER)

    assert (shown["measure"], shown["expected_effect"]) == ("Counts each week", "None differ")
    assert shown["withdrawn_because"] == "Replaced"
    rejected, verified = shown["completions"]
    assert (rejected["summary"], rejected["rejected_because"]) == ("Said to be done", "Not seen")
    assert rejected["verified_at"] is None
    assert (verified["summary"], verified["verified_seen"]) == ("Done at last", "Saw the sheet")
    assert verified["evidence"] == [str(named("swab"))]
    (extension,), (handover,) = shown["extension_history"], shown["handover_history"]
    assert (extension["reason"], extension["agreed_by"]) == ("Holidays", "Aga Agrees")
    assert (handover["from_owner_name"], handover["owner_name"]) == ("Olive Owner", "Oscar Other")
    assert handover["reason"] == "A new post"


async def test_the_words_of_an_action_stay_sealed_for_its_commissioner(stand: QueryStand) -> None:
    await _act(stand)

    answer = await stand.get(EARLY, Role.COMMISSIONER, organisation="ZZQ")
    shown = answer.json()

    assert shown["sealed"] == ["change", "owner_name", "measure", "expected_effect", "withdrawn_because"]
    assert [each["sealed"] for each in shown["completions"]] == [
        ["summary", "rejected_because"],
        ["summary", "verified_seen"],
    ]
    for words in ("Counts", "Holidays", "Aga", "Oscar", "Done at last", "Saw", "Replaced"):
        assert words not in answer.text


async def test_an_action_of_the_past_holds_no_later_words(stand: QueryStand) -> None:
    before = (await stand.chronicle.ledger.head()).position
    await _act(stand)

    shown = await stand.ok(EARLY, as_known_at=before + 1)

    assert (shown["stream_version"], shown["completions"], shown["withdrawn_because"]) == (1, [], None)
