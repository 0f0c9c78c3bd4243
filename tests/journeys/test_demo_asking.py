"""Where the demonstration must not tell more than is so: an older ledger, a ledger that goes on, another sample."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

import httpx
import pytest

from service.demo.asking.in_peace import ask_in_peace
from service.demo.asking.sample import AnotherSampleError, Sample, draw_sample
from service.demo.cast import ADMINISTRATOR, COMMISSIONER
from service.demo.client import LedgerClient, RefusedError, Voice
from service.demo.ground import prepare_ground_of_2019
from service.demo.serious_incident import play_serious_incident
from service.demo.stage import Sentence, Stage
from tests.support.running.server import MONDAY, running_service

SEED_HASH = sha256(b"seed").hexdigest()


@dataclass
class Silent:
    """Hears the story out; keeps what only notes say."""

    notes: list[str] = field(default_factory=list)

    def chapter(self, title: str) -> None:
        pass

    def note(self, words: str) -> None:
        self.notes.append(words)

    def asked(self, now: datetime, voice: Voice, does: str, answer: Sequence[str]) -> None:
        pass

    def followed(self, told: Sequence[Sentence]) -> None:
        pass

    def step(self, now: datetime, voice: Voice, does: str, told: Sequence[Sentence]) -> None:
        pass

    def refusal(self, now: datetime, voice: Voice, does: str, refused: RefusedError) -> None:
        pass


def a_ledger(answer: Callable[[httpx.Request], Any]) -> LedgerClient:
    """A client of a service that answers as it is told here."""
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=answer(request)))
    return LedgerClient(httpx.AsyncClient(transport=transport, base_url="http://ledger"), lambda *_: "token")


def heads(*positions: int) -> Callable[[httpx.Request], Any]:
    """A ledger whose head is at one position after another, and stays at the last."""
    left = list(positions)
    return lambda _: {"ledger": {"position": left.pop(0) if len(left) > 1 else left[0]}}


async def asked_in_peace(*positions: int) -> tuple[int, str]:
    times = 0

    async def ask() -> int:
        nonlocal times
        times += 1
        return times

    return await ask_in_peace(a_ledger(heads(*positions)), ask)


async def test_a_question_is_asked_again_while_the_ledger_still_adds_something() -> None:
    assert await asked_in_peace(7, 8, 8, 8) == (
        2,
        "Nothing was written: the head of the ledger is 8 before and 8 after.",
    )


async def test_of_a_ledger_that_never_rests_it_is_not_said_that_nothing_was_written() -> None:
    _, said = await asked_in_peace(*range(100))

    assert said == "The question writes nothing; the ledger itself went on from 38 to 39 meanwhile."


@pytest.mark.parametrize("changed", [{"decision_ids": ["d1"]}, {"seed_hash": "0" * 64}])
async def test_a_sample_that_the_published_seed_does_not_give_ends_the_story(changed: dict[str, Any]) -> None:
    assert await drawn({}) == ["d2"]
    with pytest.raises(AnotherSampleError):
        await drawn(changed)


async def drawn(changed: dict[str, Any]) -> list[str]:
    """Draw from a ledger that shows a sample of one of two decisions, changed so."""
    sample = {"seed": "seed", "seed_hash": SEED_HASH, "beacon": "beacon", "population_position": 3}
    shown = {**sample, "population": ["d1", "d2"], "decision_ids": ["d2"], **changed}
    row = {"id": "d2", "incident_id": "case", "question": "plan_priority", "outcome": "not_met"}

    def answer(request: httpx.Request) -> Any:
        match request.method, request.url.path:
            case "POST", _:
                return {"id": "d", "position": 4, "links": {}}
            case _, "/v1/threshold-decisions":
                return {"items": [row], "next": None}
            case _, "/v1/incidents/case":
                return {"local_reference": "ZZ1-1"}
            case _:
                return shown

    moment = datetime(2026, 6, 5, 20, tzinfo=UTC)
    stage = Stage(a_ledger(answer), Silent(), date(2026, 3, 2), moment, moment)
    await draw_sample(stage, Sample("/v1/audit/samples/s", "seed"))
    return list(shown["decision_ids"])


async def test_on_a_ledger_of_an_older_demonstration_the_case_of_2019_is_entered_late_and_closed() -> None:
    """There the trust is commissioned from 2024 on, and the clock stands in 2026."""
    async with running_service(begins_at=MONDAY) as service:
        client = LedgerClient(
            httpx.AsyncClient(base_url=service.url),
            lambda roles, org, subject: service.token(*roles, org=org, subject=subject),
        )
        async with client.http:
            await _lay_older_ground(client)
            teller = Silent()

            await prepare_ground_of_2019(client)
            case = await play_serious_incident(client, teller)

            shown = await client.ask(COMMISSIONER, f"/v1/incidents/{case.id}")
            clock = (await client.status())["clock"]["now"]
    assert (shown["status"], shown["ending"], shown["regime"]) == ("closed", "response_complete", "sif-2015")
    assert any("entered late" in note for note in teller.notes)
    assert datetime.fromisoformat(clock) == MONDAY


async def _lay_older_ground(client: LedgerClient) -> None:
    icb = {"ods": "ZZQ", "name": "Anyshire Integrated Care Board", "kind": "commissioner"}
    trust = {"ods": "ZZ2", "name": "Othertown Mental Health NHS Trust", "kind": "provider"}
    trust |= {"provider_type": "health_service_body", "psirf_adopted_on": "2023-11-01"}
    relation = {"commissioner": "ZZQ", "from_on": "2024-04-01"}
    commands = (
        ("/v1/organisations", icb),
        ("/v1/organisations", trust),
        ("/v1/organisations/ZZ2/commissioners", relation),
    )
    for number, (path, body) in enumerate(commands):
        await client.give(ADMINISTRATOR, path, body, key=f"older-ground-{number}")
