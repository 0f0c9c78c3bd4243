"""The demonstration's whole story against a running service, and what it leaves on the ledger."""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

import httpx
import pytest
import pytest_asyncio

from service.demo.cast import AUDITOR, COMMISSIONER, REPORTER, SAFETY_MANAGER
from service.demo.client import LedgerClient, RefusedError, Voice
from service.demo.stage import Sentence
from service.demo.story import BEGINS_AT, Played, play
from tests.support.running.server import Service, running_service

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
    notes: list[str] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)

    def note(self, words: str) -> None:
        self.notes.append(words)

    def asked(self, now: datetime, voice: Voice, does: str, answer: Sequence[str]) -> None:
        assert does not in self.answers
        self.steps.append((now, voice, does))
        self.answers[does] = list(answer)

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
        row: dict[str, Any] = await self.client.ask(COMMISSIONER, f"/v1/incidents/{case}")
        return row


def a_client(service: Service) -> LedgerClient:
    return LedgerClient(
        httpx.AsyncClient(base_url=service.url),
        lambda roles, org, subject: service.token(*roles, org=org, subject=subject),
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def performance() -> AsyncIterator[Performance]:
    """The story played once on an empty ledger."""
    async with running_service(begins_at=BEGINS_AT) as service:
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
    assert len(performance.heard.chapters) == 7
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
    (of_the_provider, refused) = performance.heard.refusals

    assert (of_the_provider.status, of_the_provider.code) == (403, "incident.closure-is-the-commissioners")
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
    clocks = await performance.clocks(performance.played.outage)
    assert {rule: clock["status"] for rule, (clock,) in clocks.items()} == dict.fromkeys(
        ("PSIRF-02", "PSIRF-03", "CQC-18g"), "met"
    )


async def test_the_serious_incident_of_2019_was_closed_by_its_commissioner(performance: Performance) -> None:
    case = await performance.incident(performance.played.serious_incident)
    told = [sentence.words for sentence in performance.heard.told]

    assert (case["regime"], case["serious_incident"], case["status"]) == ("sif-2015", "met", "closed")
    assert (case["ending"], case["actions"], case["actions_open"]) == ("response_complete", 1, 0)
    assert sum(words.startswith("The case was closed by ZZQ") for words in told) == 1
    assert not any("entered late" in note for note in performance.heard.notes)


async def test_working_days_of_2019_step_over_easter_and_the_bank_holidays_of_may(performance: Performance) -> None:
    clocks = await performance.clocks(performance.played.serious_incident)
    due = {rule: clocks[rule][0]["due_at"][:10] for rule in ("SIF-01", "SIF-01a", "SIF-03", "SIF-05", "SIF-07")}
    late = {rule: of_rule[0]["days_over"] for rule, of_rule in clocks.items() if of_rule[0]["status"] == "met_late"}

    assert due == {
        "SIF-01": "2019-04-24",
        "SIF-01a": "2019-04-24",
        "SIF-03": "2019-04-25",
        "SIF-05": "2019-07-18",
        "SIF-07": "2019-08-13",
    }
    assert late == {"SIF-05": 4}
    assert {clock["status"] for of_rule in clocks.values() for clock in of_rule} == {"met", "met_late"}


async def test_every_decision_agrees_with_what_the_rules_say_of_the_facts(performance: Performance) -> None:
    decisions = await performance.client.ask_all(COMMISSIONER, "/v1/threshold-decisions")

    assert len(decisions) == 3 + 3 + 4 + 2
    assert {(each["agrees"], each["departs"]) for each in decisions} == {(True, False)}


async def test_the_rules_are_asked_before_anybody_decides_and_the_decision_explains_itself(
    performance: Performance,
) -> None:
    tried = performance.heard.answers["asks by dry run what the rules say, before anybody decides"]
    why = performance.heard.answers["asks why: the decision explains itself"]

    assert "serious incident (by SI-2)" in tried[0]
    assert "SIF-01 Wed 24 Apr 2019" in tried[3]
    assert why[0].startswith("Serious incident: met, as the rules say")
    assert why[1].startswith("By SI-2: ")
    assert "physical harm of patient 1: code 2 of lfpse-5" in why[2]
    assert "text not yet checked" in why[3]
    assert "if the physical harm (patient 1) were moderate" in why[4]


async def test_the_worklist_shows_what_to_decide_what_runs_out_and_what_is_late(performance: Performance) -> None:
    items = performance.heard.answers["reads the worklist of today"]

    assert [item.partition(":")[0] for item in items] == ["To decide", "Running out", "Late"]
    assert "national response" in items[0]
    assert "ZZ1-02" in items[1]
    assert "ZZ1-01" in items[2]


async def test_the_time_of_what_was_late_is_put_down_to_whom_it_waited_for_and_adds_up(
    performance: Performance,
) -> None:
    _, *intervals, total = performance.heard.answers["asks why SIF-05 was late"]

    owners = [interval.rsplit(", ", 1)[1] for interval in intervals]
    assert owners == [
        "provider (own time).",
        "nobody (no lead appointed).",
        "provider (own time).",
        "those affected (draft shared).",
        "provider (own time).",
        "approver (approval).",
        "provider (own time).",
    ]
    assert total == "Together 89 d 23 h 30 min, and 89 d 23 h 30 min passed."
    assert len(performance.heard.answers["asks why ZZ1-01 was late"]) == 3


async def test_the_sample_is_drawn_with_the_seed_that_was_committed_to(performance: Performance) -> None:
    committed = performance.heard.answers["commits to a random sample"]
    drawn = performance.heard.answers["publishes the seed, and the sample is drawn"]
    (sample,) = await performance.client.ask_all(AUDITOR, "/v1/audit/samples")
    whole = await performance.client.ask(AUDITOR, f"/v1/audit/samples/{sample['id']}", population="true")

    assert committed[1] == f"SHA-256 of the seed: {sha256(sample['seed'].encode()).hexdigest()}"
    assert drawn[0] == f"Seed: {sample['seed']}"
    assert not any(sample["seed"] in line for line in committed)
    (first,) = whole["decision_ids"]
    lots = {
        each: sha256(f"{sample['seed']}{sample['beacon']}{each}".encode()).hexdigest() for each in whole["population"]
    }
    assert len(lots) == 2
    assert min(lots, key=lambda each: lots[each]) == first
    assert drawn[-1] == f"It gives {lots[first]}."
    assert first in drawn[-2]


async def test_what_if_tells_which_duties_would_be_others_and_writes_nothing(performance: Performance) -> None:
    old = " ".join(performance.heard.answers["asks what PSIRF would have asked of the case of 2019"])
    new = " ".join(performance.heard.answers["asks what the framework of 2015 would have asked of those of 2026"])

    assert "ZZ2-20190415-001, under sif-2015" in old
    assert "SIF-01 is no rule of psirf-2022-r2." in old
    assert "PSIRF-05" in old
    for number in (1, 2, 3):
        assert f"ZZ1-20260302-00{number}, under psirf-2022" in new
    for said in (old, new):
        before, after = re.findall(r"(\d+) before and (\d+) after", said)[0]
        assert before == after


async def test_no_name_and_no_number_of_a_person_is_told_in_a_timeline(performance: Performance) -> None:
    told = " ".join(sentence.words for sentence in performance.heard.told)

    for planted in ("Pat Example", "9990000077", "Robin Sample", "pat@example.test", "Morgan Dummy"):
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

    heard = Listener()
    again = await play(performance.client, heard)

    assert set(again.cases).isdisjoint(performance.played.cases)
    assert [await performance.incident(case) for case in performance.played.cases] == before
    closed = await performance.client.ask_all(COMMISSIONER, "/v1/incidents", status="closed")
    assert {incident["id"] for incident in closed} == {*performance.played.cases, *again.cases}
    await _check_entered_late(performance, heard, again)


async def _check_entered_late(performance: Performance, heard: Listener, again: Played) -> None:
    """The clock is past 2019 by now: the same days fell due, and what was done in time is seen to be recorded late."""
    assert any("entered late" in note for note in heard.notes)
    live, late = [
        await performance.clocks(case) for case in (performance.played.serious_incident, again.serious_incident)
    ]
    assert {rule: [clock["due_at"] for clock in clocks] for rule, clocks in live.items()} == {
        rule: [clock["due_at"] for clock in clocks] for rule, clocks in late.items()
    }
    assert {late[rule][0]["status"] for rule in ("SIF-01", "SIF-01a", "SIF-03", "SIF-07", "SIF-11")} == {
        "met_recorded_late"
    }
    assert late["SIF-05"][0]["status"] == "met_late"
