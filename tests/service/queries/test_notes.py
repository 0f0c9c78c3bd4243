"""The notes of a case: each text and name that hangs on one event alone, in the order of the log."""

import csv
import io
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import pytest
import pytest_asyncio

from domain.evidence.events import CustodyTransferred, EvidencePreserved
from domain.incident.duty_events import DutyExtended, DutyOpened, DutyPaused, DutyResumed, DutySetAside
from domain.incident.events import (
    FactsAdded,
    IncidentClosed,
    IncidentEnteredInError,
    IncidentNotified,
    IncidentReopened,
    IncidentReported,
    InitiallyReviewed,
    SafetySecured,
)
from domain.kernel.actor import Role
from domain.kernel.personal import Erased, Narrative, Personal
from service.reading.opening import Opening
from service.store.codec import rewrite_secrets
from service.store.sealing import Opener
from service.vault.keyring import Keyring
from tests.service.queries.test_what_was_written import CLINICAL, OTHERS
from tests.support.chronicle import Chronicle, a_chronicle
from tests.support.desk_of_queries import QueryStand, a_query_stand
from tests.support.golden_events import TEST_KEK
from tests.support.running.postgres import EMBEDDED, Server
from tests.support.sample_events import an_id, sample

pytestmark = pytest.mark.asyncio(loop_scope="module")

INCIDENT, ITEM, DUTY = (str(an_id(name)) for name in ("incident", "evidence", "duty"))
NOTES: Final = f"/v1/incidents/{INCIDENT}/notes"
WRITTEN: Final[dict[Any, list[tuple[str, str]]]] = {
    IncidentReported: [("place", "location.place"), ("extensions", "extensions")],
    SafetySecured: [("safety_step", "steps_taken")],
    EvidencePreserved: [("custodian", "custodian"), ("custody_place", "place")],
    IncidentNotified: [],
    FactsAdded: [("fact_judge", "facts.0.judge.name"), ("fact_judge", "facts.2.judge.name")],
    InitiallyReviewed: [("initial_review", "summary")],
    DutyOpened: [],
    DutyExtended: [("extension_reason", "reason"), ("extension_agreed_by", "agreed_by")],
    DutyPaused: [("pause_reason", "reason"), ("pause_approver", "approver")],
    CustodyTransferred: [("custodian", "custodian"), ("custody_place", "place"), ("transfer_reason", "reason")],
    DutyResumed: [],
    DutySetAside: [("set_aside_reason", "reason")],
    IncidentClosed: [("closing_reason", "reason")],
    IncidentReopened: [("reopening_reason", "reason")],
    IncidentEnteredInError: [("entered_in_error_reason", "reason")],
}
EXPECTED: Final = [(kind, f"{event.__name__} {path}") for event, notes in WRITTEN.items() for kind, path in notes]


async def _write(chronicle: Chronicle, event: type[Any]) -> int:
    """Record the sample of an event, each of its words saying where it stands; its position."""

    def marked(value: Personal | Narrative, path: str) -> Personal | Narrative:
        words = f"{event.__name__} {path}"
        if isinstance(value, Personal):
            return chronicle.pen.personal(value.about, words)
        return chronicle.pen.narrative(value.about, words)

    fact = rewrite_secrets(sample(event), marked)
    stored = await chronicle.record(fact, cases=[an_id("incident")], after=timedelta(minutes=1))
    return int(stored.last_position)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stand(servers: dict[int, Server], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[QueryStand]:
    """A case with every kind of note; no test of this module may change it."""
    async with a_chronicle(servers[EMBEDDED]) as chronicle:
        for event in WRITTEN:
            await _write(chronicle, event)
        await chronicle.tell()
        yield a_query_stand(chronicle, tmp_path_factory.mktemp("notes"))


def _said(notes: list[Any]) -> list[tuple[str, str]]:
    return [(note["kind"], note["words"]) for note in notes]


@pytest.mark.parametrize("role", sorted(CLINICAL))
async def test_clinical_roles_read_every_note_in_the_order_of_the_log(stand: QueryStand, role: Role) -> None:
    notes = await stand.ok(NOTES, role)

    assert _said(notes) == EXPECTED
    assert [note["position"] for note in notes] == sorted(note["position"] for note in notes)
    assert {(note["provider"], note["sealed"], note["erased"]) for note in notes} == {("ZZ1", "", "")}


@pytest.mark.parametrize(("role", "organisation"), OTHERS)
async def test_for_everybody_else_each_note_is_there_and_stays_sealed(
    stand: QueryStand, role: Role, organisation: str
) -> None:
    notes = await stand.ok(NOTES, role, organisation=organisation)

    assert [note["kind"] for note in notes] == [kind for kind, _ in EXPECTED]
    assert {(note["words"], note["sealed"], note["erased"]) for note in notes} == {(None, "words", "")}


async def test_a_note_says_on_what_it_hangs(stand: QueryStand) -> None:
    notes = await stand.ok(NOTES)

    of_duties = [note for note in notes if note["kind"].startswith(("pause", "extension_", "set_aside"))]
    assert [(note["rule"], note["obligation"]) for note in of_duties] == [("PSIRF-01", DUTY)] * 5
    judged = [note for note in notes if note["kind"] == "fact_judge"]
    assert [(note["fact"], note["patient"]) for note in judged] == [("return_to_theatre", None), ("physical_harm", 1)]
    others = [note for note in notes if note not in of_duties + judged]
    hangs = {(note["rule"], note["obligation"], note["fact"], note["patient"]) for note in others}
    assert hangs == {(None, None, None, None)}
    assert {note["stream"] for note in notes if "custod" in note["kind"]} == {ITEM}
    assert {note["stream"] for note in of_duties + judged} == {INCIDENT}


async def test_a_note_says_when_it_became_true_and_when_it_was_recorded(stand: QueryStand) -> None:
    events = {event["position"]: event for event in await stand.ok(f"/v1/incidents/{INCIDENT}/events")}

    for note in await stand.ok(NOTES):
        event = events[note["position"]]
        assert (note["effective_at"], note["recorded_at"]) == (event["effective_at"], event["recorded_at"])
        assert note["effective_at"] != note["recorded_at"]


async def test_a_note_that_was_made_later_was_not_known_before(stand: QueryStand) -> None:
    position = (await stand.ok(NOTES))[4]["position"]

    assert _said(await stand.ok(NOTES, as_known_at=position)) == EXPECTED[:5]
    assert _said(await stand.ok(NOTES, as_known_at=position - 1)) == EXPECTED[:3]


async def test_notes_come_as_csv_and_as_ndjson(stand: QueryStand) -> None:
    table = await stand.get(NOTES, headers={"Accept": "text/csv"})
    lines = await stand.get(NOTES, headers={"Accept": "application/x-ndjson"})

    assert _said(list(csv.DictReader(io.StringIO(table.text)))) == EXPECTED
    assert _said([json.loads(line) for line in lines.text.splitlines()]) == EXPECTED


async def test_a_note_whose_key_was_destroyed_is_erased(stand: QueryStand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stand.chronicle.queries, "opening", _Forgetful(stand, an_id("person")))

    notes = await stand.ok(NOTES)

    erased = {note["kind"] for note in notes if note["erased"]}
    assert erased == {"custodian", "fact_judge", "extension_agreed_by", "pause_approver"}
    assert {(note["words"], note["sealed"], note["erased"]) for note in notes if note["kind"] in erased} == {
        (None, "", "words")
    }
    assert {note["erased"] for note in notes if note["kind"] not in erased} == {""}


class _Forgetful(Opening):
    """Opens everything but what is about one person: the key was destroyed."""

    def __init__(self, stand: QueryStand, about: UUID) -> None:
        super().__init__(stand.chronicle.ledger, Opener(Keyring(TEST_KEK)))
        self._about = about

    async def of(self, secrets: Any) -> Any:
        words = await super().of(secrets)
        return lambda secret: Erased() if secret.about == self._about else words(secret)
