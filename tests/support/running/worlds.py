"""A world in which every command has something to act on: one case with everything in it."""

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx

from domain.kernel.actor import Role
from tests.support.running.people import People, a_report, ago, people_of
from tests.support.running.service import ServiceProcess

EVERY_ROLE = tuple(role for role in Role if role is not Role.SYSTEM)


@dataclass(frozen=True)
class World:
    """A service, and the id that stands for each name in a path; `hostile` is a token of somebody with every role.

    `head` is the position at which the world was ready, `system` the actor of the ledger's own reactions.
    """

    service: ServiceProcess
    ids: dict[str, str]
    hostile: str
    head: int
    system: str

    def path(self, template: str, **others: str) -> str:
        """The address with its ids; `others` stand in place of those of the world."""
        return template.format_map(self.ids | others)

    def client(self) -> httpx.AsyncClient:
        """Somebody who may do everything at ZZ1, and means ill."""
        return self.service.anybody(self.hostile)

    async def added_by_people(self, client: httpx.AsyncClient) -> list[dict[str, Any]]:
        """What was added to the world since it was ready, but for the ledger's own reactions."""
        added = (await client.get("/v1/events", params={"after": self.head, "limit": 500})).json()
        return [event for event in added if event.get("actor") != self.system]


def make_world(service: ServiceProcess) -> World:
    """Play a case until every kind of record is there."""
    ids = asyncio.run(_play(service))
    hostile = service.token(EVERY_ROLE, subject="hostile")
    with service.waiting(hostile) as client:  # a question is found by whoever asked it, and by nobody else
        ids["what_if"] = client.post("/v1/policy/what-if", json={"editions": ["sif-2015"]}).json()["id"]
        ids["replay"] = client.post("/v1/audit/replays", json={"projection": "worklist"}).json()["id"]
    (first,) = service.get("/v1/events", hostile, limit=1)  # the ledger opened itself
    checkpoint = service.get("/v1/audit/checkpoints/latest", hostile, min_position=1)
    ids |= {"size": str(checkpoint["size"]), "path": "checkpoint"}
    return World(service, ids, hostile, service.head(), first["actor"])


async def _play(service: ServiceProcess) -> dict[str, str]:
    async with people_of(service) as people:
        case = (await people.reporter.does("/v1/incidents", **a_report()))["id"]
        at = f"/v1/incidents/{case}"
        ids = {"incident": case, "ods": "ZZ1", "name": "psirf-2022"}
        answer = {"question": "systemic_failure", "outcome": "not_met", "reasons": "One pump.", "edition": "psirf-2022"}
        ids["decision"] = (await people.manager.does(f"{at}/threshold-decisions", **answer))["id"]
        evidence = await people.reporter.does(f"{at}/evidence", item="A log.", custodian="Terry Specimen")
        person = await people.engagement.does(
            f"{at}/candour/relevant-persons", name="Pat Example", relationship="patient"
        )
        asked = {"relevant_person": person["id"], "words": "Why?"}
        question = await people.engagement.does(f"{at}/candour/questions", **asked)
        response = await people.manager.does(f"{at}/learning-responses", method="psii", reason="A priority.")
        finding = await people.lead.does(
            f"/v1/learning-responses/{response['id']}/findings", words="Two charts.", factors=[{"code": "tasks"}]
        )
        ids |= {"evidence": evidence["id"], "question": question["id"], "relevant_person": person["id"]}
        ids |= {"learning_response": response["id"], "finding": finding["id"]}
        ids["sample"] = await _commit_to_sample(people)
        ids["action"] = await _agree_action(people, ids)
        ids["obligation"] = await _pausable_obligation(people, at)
        ids |= await _ask_to_erase(people, case)
        paused = {
            "requested_by": "police",
            "reason": "In writing.",
            "approved_by": "Max Placeholder",
            "approved_by_organisation": "ZZ1",
            "review_on": "2199-01-01",
        }
        pause = await people.manager.does(
            f"{at}/clock-pauses", obligation=ids["obligation"], requested_on=ago(days=0)[:10], **paused
        )
        return ids | {"pause": pause["id"]}


async def _commit_to_sample(people: People) -> str:
    committed = await people.auditor.does(
        "/v1/audit/samples",
        question="serious_incident",
        size=1,
        population_until="2199-01-01T00:00:00Z",
        seed_hash="a" * 64,
    )
    sample: str = committed["id"]
    return sample


async def _agree_action(people: People, ids: dict[str, str]) -> str:
    agreed = await people.manager.does(
        "/v1/actions",
        incidents=[ids["incident"]],
        learning_response=ids["learning_response"],
        findings=[ids["finding"]],
        change="One chart for each patient.",
        owner_name="Nic Sample",
        owner_role="Chief pharmacist",
        due_on="2199-12-31",
        strength="stronger",
    )
    action: str = agreed["id"]
    return action


async def _ask_to_erase(people: People, case: str) -> dict[str, str]:
    """A witness whose erasure waits for a decision, and a hold that was placed since."""
    at = f"/v1/incidents/{case}"
    person = (await people.manager.does(f"{at}/people", kind="witness", name="Wil Example"))["id"]
    asked = {"incident": case, "ground": "wrong_person", "reasons": "Somebody else was meant."}
    erasure = await people.officer.does(f"/v1/people/{person}/erasures", **asked)
    hold = await people.manager.does(f"{at}/legal-holds", authority="police", reason="They asked in writing.")
    return {"person": person, "erasure": erasure["id"], "hold": hold["id"]}


async def _pausable_obligation(people: People, at: str) -> str:
    """The clock of the investigation, which the ledger's own reaction opens."""
    while True:
        clocks = await people.manager.reads(f"{at}/obligations")
        if found := [clock["id"] for clock in clocks if clock["rule"] == "PSIRF-06"]:
            obligation: str = found[0]
            return obligation
        await asyncio.sleep(0.05)
