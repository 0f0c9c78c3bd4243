"""The demonstration's whole story against a running service, and what it leaves on the ledger."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
import pytest
import pytest_asyncio

from service.demo.cast import COMMISSIONER, REPORTER, SAFETY_MANAGER
from service.demo.client import LedgerClient, RefusedError, Voice
from service.demo.stage import Sentence
from service.demo.story import Played, play
from tests.support.running.server import MONDAY, Service, running_service

pytestmark = pytest.mark.asyncio(loop_scope="module")

REASONS_AGAINST_CLOSING = {
    "neither met nor recorded as not applicable": 1,
    "has no results of the enquiries in writing": 1,
    "has neither an answer nor a reason why not": 1,
    "has not been shared with everybody affected": 1,
    "has neither an action nor a reason why not": 1,
    "has no group that monitors it": 1,
}


@dataclass
class Listener:
    """Hears the story out, and keeps it."""

    chapters: list[str] = field(default_factory=list)
    steps: list[tuple[datetime, Voice, str]] = field(default_factory=list)
    told: list[Sentence] = field(default_factory=list)
    refusals: list[RefusedError] = field(default_factory=list)

    def chapter(self, title: str) -> None:
        self.chapters.append(title)

    def followed(self, told: Sequence[Sentence]) -> None:
        self.told += told

    def step(self, now: datetime, voice: Voice, does: str, told: Sequence[Sentence]) -> None:
        assert told, f"nothing was told of: {voice.title} {does}"
        self.steps.append((now, voice, does))
        self.told += told

    def refusal(self, now: datetime, voice: Voice, does: str, refused: RefusedError) -> None:
        self.steps.append((now, voice, does))
        self.refusals.append(refused)


@dataclass
class Performance:
    """The story as it was heard, and the cases that it left."""

    client: LedgerClient
    heard: Listener
    played: Played

    async def clocks(self, case: str, **query: Any) -> dict[str, list[dict[str, Any]]]:
        """The clocks of a case by rule, as the ICB sees them; those handed over to named persons are left out."""
        found: dict[str, list[dict[str, Any]]] = {}
        for clock in await self.client.ask_all(COMMISSIONER, "/v1/timeliness", incident=case, **query):
            if clock["set_aside_because"] != "owed_to_named_persons":
                found.setdefault(clock["rule"], []).append(clock)
        return found

    async def incident(self, case: str) -> dict[str, Any]:
        """The case's row in the register."""
        row: dict[str, Any] = await self.client.ask(SAFETY_MANAGER, f"/v1/incidents/{case}")
        return row


def a_client(service: Service) -> LedgerClient:
    return LedgerClient(
        httpx.AsyncClient(base_url=service.url),
        lambda roles, org, subject: service.token(*roles, org=org, subject=subject),
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def performance() -> AsyncIterator[Performance]:
    """The story played once on an empty ledger."""
    async with running_service(begins_at=MONDAY) as service:
        client, heard = a_client(service), Listener()
        async with client.http:
            yield Performance(client, heard, await play(client, heard))


async def test_the_ledger_says_that_its_clock_is_simulated(performance: Performance) -> None:
    status = await performance.client.status()

    assert status["clock"]["simulated"]
    assert status["clock"]["now"].startswith("2026-06-05")


async def test_the_clock_only_moves_forward_and_everybody_speaks_for_themselves(performance: Performance) -> None:
    moments = [now for now, _, _ in performance.heard.steps]
    voices = {voice for _, voice, _ in performance.heard.steps}

    assert moments == sorted(moments)
    assert len(performance.heard.chapters) == 3
    assert len({voice.subject for voice in voices}) == len(voices) >= 7


async def test_the_swab_is_closed_with_one_action_open(performance: Performance) -> None:
    swab = await performance.incident(performance.played.swab)

    assert (swab["status"], swab["ending"], swab["actions"], swab["actions_open"]) == (
        "closed",
        "response_complete",
        2,
        1,
    )
    assert (swab["never_event"], swab["notifiable_safety_incident"]) == ("met", "met")
    assert (swab["evidence_items"], swab["questions_asked"], swab["questions_open"]) == (3, 2, 0)


async def test_closing_was_refused_once_with_every_reason(performance: Performance) -> None:
    (refused,) = performance.heard.refusals

    assert (refused.status, refused.code) == (409, "incident.case-not-ready")
    for words, times in REASONS_AGAINST_CLOSING.items():
        assert sum(words in reason for reason in refused.reasons) == times, words
    assert len(refused.reasons) == sum(REASONS_AGAINST_CLOSING.values())


async def test_the_icb_was_told_late_of_the_never_event_and_in_time_of_the_investigation(
    performance: Performance,
) -> None:
    clocks = await performance.clocks(performance.played.swab)
    (never_event,), (investigation,) = clocks["ZZ1-01"], clocks["ZZ1-02"]

    assert (never_event["status"], never_event["days_over"]) == ("met_late", 5)
    assert never_event["due_at"] == "2026-03-04T23:59:59.999999Z"
    assert investigation["status"] == "met"


async def test_every_duty_of_the_swab_was_met_and_each_of_candour_once(performance: Performance) -> None:
    clocks = await performance.clocks(performance.played.swab)
    candour = {rule: [clock["status"] for clock in of_rule] for rule, of_rule in clocks.items() if "DOC" in rule}

    assert candour == {f"DOC-0{number}": ["met"] for number in (1, 2, 3, 4, 5, 8)}
    assert all(clock["person"] for rule in candour for clock in clocks[rule])
    aside = [rule for rule, of_rule in clocks.items() for clock in of_rule if clock["status"] == "not_applicable"]
    assert aside == ["NE-04"], "the law's duty took the place of the openness that the policy of Never Events asks for"
    others = {clock["status"] for rule, of_rule in clocks.items() for clock in of_rule if rule not in aside}
    assert others == {"met", "met_late"}
    forces = {rule: clock["force"] for rule in candour for clock in clocks[rule]}
    assert forces == dict.fromkeys(forces, "law") | {"DOC-08": "contract"}


async def test_while_the_patient_declined_candour_was_shown_as_not_applicable(performance: Performance) -> None:
    """Wednesday: the duty has begun and the wish not to talk stands. Thursday: the patient asks, and it is owed again."""
    wednesday = await performance.clocks(performance.played.swab, as_known_at="2026-03-04T18:00:00Z")
    thursday = await performance.clocks(performance.played.swab, as_known_at="2026-03-05T18:00:00Z")

    assert [clock["status"] for clock in wednesday["DOC-01"]] == ["not_applicable"]
    assert [clock["status"] for clock in thursday["DOC-01"]] == ["without_number"]


async def test_one_action_was_verified_and_the_other_is_overdue_after_its_extension(performance: Performance) -> None:
    actions = await performance.client.ask_all(SAFETY_MANAGER, "/v1/actions", incident=performance.played.swab)
    verified, overdue = sorted(actions, key=lambda action: action["overdue"])

    assert verified["state"] == "verified"
    assert (overdue["state"], overdue["extensions"], overdue["overdue"]) == ("accepted", 1, True)
    assert overdue["original_due_on"] < overdue["due_on"] < "2026-06-05"
    assert {action["monitored_by"] for action in actions} == {"Theatre safety group"}


async def test_the_fall_was_decided_not_met_throughout_and_closed_with_a_reason(performance: Performance) -> None:
    fall = await performance.incident(performance.played.not_met)
    asked = ("never_event", "national_response", "plan_priority", "notifiable_safety_incident")

    assert {fall[question] for question in asked} == {"not_met"}
    assert (fall["status"], fall["ending"], fall["worst_harm"]) == ("closed", "no_response", "none")


async def test_the_outage_had_no_patient_and_asked_nothing_about_one(performance: Performance) -> None:
    outage = await performance.incident(performance.played.outage)

    assert (outage["patients"], outage["status"]) == (0, "closed")
    assert (outage["plan_priority"], outage["never_event"], outage["notifiable_safety_incident"]) == (
        "not_met",
        None,
        None,
    )
    assert set(await performance.clocks(performance.played.outage)) == {"PSIRF-02", "PSIRF-03"}


async def test_no_name_and_no_number_of_a_person_is_told_in_a_timeline(performance: Performance) -> None:
    told = " ".join(sentence.words for sentence in performance.heard.told)

    for planted in ("Pat Example", "9990000077", "Robin Sample", "pat@example.test"):
        assert planted not in told


async def test_the_icb_sees_how_clocks_stand_and_none_of_the_words(performance: Performance) -> None:
    seen = await performance.client.ask(COMMISSIONER, f"/v1/incidents/{performance.played.swab}")

    assert seen["what_happened"] is None
    assert "what_happened" in seen["sealed"]


async def test_a_reporter_cannot_read_the_case_that_they_reported(performance: Performance) -> None:
    with pytest.raises(RefusedError, match="404"):
        await performance.client.ask(REPORTER, f"/v1/incidents/{performance.played.swab}")


async def test_played_again_it_adds_new_cases_and_changes_none(performance: Performance) -> None:
    before = [await performance.incident(case) for case in performance.played.cases]

    again = await play(performance.client, Listener())

    assert set(again.cases).isdisjoint(performance.played.cases)
    assert [await performance.incident(case) for case in performance.played.cases] == before
    closed = await performance.client.ask_all(SAFETY_MANAGER, "/v1/incidents", status="closed")
    assert {incident["id"] for incident in closed} == {*performance.played.cases, *again.cases}
