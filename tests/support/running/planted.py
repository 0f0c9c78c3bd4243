"""A case in which every personal and narrative field holds a planted value that must be found nowhere outside a box."""

import asyncio
import base64
import hashlib
from collections.abc import Iterator
from typing import Any, Final

from tests.support.running.people import People, a_report, ago

STEM: Final = "Quillfeather"
"""In every planted name and text."""
OPEN_STEM: Final = "Thistlewood"
"""Planted where nothing is sealed, to show that the search finds what is there."""
NHS_NUMBER: Final = "9990000077"
BORN_ON: Final = "1931-02-17"
SUBJECTS_AT: Final = "@example.test"
"""In every subject of a token, and in the relevant person's address."""
WHOLE: Final = (f"{STEM} name", NHS_NUMBER, BORN_ON, f"manager{SUBJECTS_AT}", f"reporter{SUBJECTS_AT}")
"""Values of which not even a bare hash may be found."""


def forms_of(value: str) -> Iterator[bytes]:
    """The bytes in which a value could be hidden: UTF-8, UTF-16, hexadecimal, and base64 at any offset."""
    raw = value.encode()
    yield raw
    yield value.encode("utf-16-le")
    yield value.encode("utf-16-be")
    yield raw.hex().encode()
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + raw)
        yield coded[(offset * 8 + 5) // 6 : (offset + len(raw)) * 8 // 6]


def hashes_of(value: str) -> Iterator[bytes]:
    """Its bare hashes, as bytes, as hexadecimal and as base64."""
    for name in ("sha256", "sha1", "md5", "sha512", "blake2b"):
        digest = hashlib.new(name, value.encode(), usedforsecurity=False).digest()
        yield digest
        yield digest.hex().encode()
        yield base64.b64encode(digest).rstrip(b"=")


def words(where: str) -> str:
    """A planted text or name."""
    return f"{STEM} {where}"


async def plant(people: People) -> str:
    """Play the case, and a second one that is closed, opened again and withdrawn; the address of the first."""
    location = {"site": f"{OPEN_STEM} wing", "place": words("place")}
    told = {"what_happened": words("what happened"), "location": location, "extensions": {"note": words("extension")}}
    case = (await people.reporter.does("/v1/incidents", **a_report(**told)))["id"]
    at = f"/v1/incidents/{case}"
    await _plant_in_incident(people, at)
    evidence = await _plant_in_evidence(people, at)
    response, finding = await _plant_in_response(people, at)
    await _plant_in_candour(people, at)
    await _plant_in_actions(people, case, response, finding, evidence)
    await _plant_in_clocks(people, at)
    await _plant_in_closure(people)
    await _plant_in_erasures(people, at, case)
    await people.approver.does(f"/v1/learning-responses/{response}/sharing-waiver", reason=words("waiver"))
    return at


async def _plant_in_incident(people: People, at: str) -> None:
    manager = people.manager
    await people.reporter.does(f"{at}/safety-steps", steps_taken=words("steps"))
    await manager.does(f"{at}/initial-reviews", summary=words("review"))
    person = {"name": words("name"), "nhs_number": NHS_NUMBER, "born_on": BORN_ON}
    await manager.does(f"{at}/people", kind="patient", patient=1, **person)
    await manager.does(f"{at}/people", kind="witness", name=words("witness"))
    await manager.does(f"{at}/assignments", assignment="handler", name=words("handler"), role="Handler")
    judge = {"name": words("judge"), "profession": "Consultant", "judged_at": ago(minutes=5)}
    fact = {"name": "candour_harm", "patient": 1, "value": "moderate_harm", "judged_by": judge}
    await manager.does(f"{at}/facts", facts=[fact])
    answer = {"reasons": words("reasons"), "decided_by": words("decider"), "criteria": ["moderate_harm"]}
    candour = {"question": "notifiable_safety_incident", "edition": "candour-regulation-20", "outcome": "met"}
    await manager.does(f"{at}/threshold-decisions", **candour, **answer, departure=words("departure"))


async def _plant_in_evidence(people: People, at: str) -> str:
    kept = {"custodian": words("custodian"), "place": words("cupboard")}
    item = await people.reporter.does(f"{at}/evidence", item=words("item"), **kept)
    moved = {"custodian": words("next custodian"), "place": words("safe"), "reason": words("transfer")}
    await people.manager.does(f"{at}/evidence/{item['id']}/transfers", **moved)
    evidence: str = item["id"]
    return evidence


async def _plant_in_response(people: People, at: str) -> tuple[str, str]:
    alternatives = [{"method": "after_action_review", "reason": words("alternative")}]
    chosen = {"method": "psii", "reason": words("method"), "alternatives": alternatives}
    response: str = (await people.manager.does(f"{at}/learning-responses", **chosen))["id"]
    answer = f"/v1/learning-responses/{response}"
    lead = {"name": words("lead"), "role": "Investigator", "independent_of_service": True}
    await people.manager.does(f"{answer}/leads", **lead)
    factors = [{"code": "tasks", "seen": words("factor")}]
    findings = [
        (await people.lead.does(f"{answer}/findings", words=words(f"finding {number}"), factors=factors))["id"]
        for number in (1, 2)
    ]
    await people.lead.does(f"{answer}/areas-for-improvement", words=words("area"), findings=findings[:1])
    await people.lead.does(f"{answer}/findings/{findings[1]}/no-action", reason=words("no action"))
    await people.lead.does(f"{answer}/drafts", summary=words("draft"))
    await people.approver.does(f"{answer}/return", reason=words("return"))
    await people.approver.does(f"{answer}/approval", approver=words("approver"))
    return response, findings[0]


async def _plant_in_candour(people: People, at: str) -> None:
    lead = people.engagement
    person = await lead.does(
        f"{at}/candour/relevant-persons",
        name=words("relevant person"),
        contact=f"{STEM}{SUBJECTS_AT}",
        relationship="patient",
        consents=[{"to_tell": words("sister"), "given": True}],
    )
    to = {"relevant_person": person["id"]}
    await lead.does(
        f"{at}/candour/contact-attempts", **to, channel="telephone", outcome="no_answer", note=words("note")
    )
    await lead.does(f"{at}/candour/contact-attempts", **to, declined=True, note=words("wish"))
    said = {"facts_known": words("facts"), "next_enquiries": words("enquiries"), "support_offered": words("support")}
    await lead.does(f"{at}/candour/conversations", **to, channel="in_person", apology_given=True, **said)
    await lead.does(f"{at}/candour/agreements", **to, promised_on="2199-01-01", reason=words("promise"))
    letter = {"kind": "notification", "apology_given": True, "contents": words("letter")}
    await lead.does(f"{at}/candour/letters", **to, **letter)
    for answer in ({"answer": words("answer")}, {"no_answer_because": words("silence")}):
        question = await lead.does(f"{at}/candour/questions", **to, words=words(f"question {next(iter(answer))}"))
        await lead.does(f"{at}/candour/questions/{question['id']}/answers", **answer)


async def _plant_in_actions(people: People, case: str, response: str, finding: str, evidence: str) -> None:
    agreed = {
        "incidents": [case],
        "learning_response": response,
        "findings": [finding],
        "change": words("change"),
        "owner_name": words("owner"),
        "owner_role": "Owner",
        "due_on": "2199-01-01",
        "strength": "stronger",
        "measure": words("measure"),
        "expected_effect": words("effect"),
    }
    action = f"/v1/actions/{(await people.manager.does('/v1/actions', **agreed))['id']}"
    await people.owner.does(f"{action}/acceptance")
    await people.manager.does(f"{action}/monitoring", group=f"{OPEN_STEM} group")
    later = {"due_on": "2199-02-01", "reason": words("more time"), "agreed_by": words("agreed by")}
    await people.approver.does(f"{action}/extensions", **later)
    await people.owner.does(f"{action}/completion", evidence=[evidence], summary=words("summary"))
    await people.manager.does(f"{action}/rejection", reason=words("rejection"))
    await people.owner.does(f"{action}/completion", evidence=[evidence], summary=words("second summary"))
    await people.manager.does(f"{action}/verification", seen=words("seen"))
    other = f"/v1/actions/{(await people.manager.does('/v1/actions', **agreed))['id']}"
    handover = {"owner_name": words("next owner"), "owner_role": "Owner", "reason": words("handover")}
    await people.owner.does(f"{other}/handover", **handover)
    await people.approver.does(f"{other}/withdrawal", reason=words("withdrawal"))


async def _plant_in_clocks(people: People, at: str) -> None:
    clocks: dict[str, Any] = {}
    while "PSIRF-06" not in clocks:  # the ledger's own reaction opens it
        clocks = {clock["rule"]: clock["id"] for clock in await people.manager.reads(f"{at}/obligations")}
        await asyncio.sleep(0.05)
    agreed = {"agreed_by": words("extension agreed by"), "agreed_by_organisation": "ZZ1"}
    later = {"due_at": "2199-01-01T00:00:00Z", "reason": words("extension"), **agreed}
    await people.approver.does(f"{at}/clock-extensions", obligation=clocks["PSIRF-06"], **later)
    asked = {"requested_by": "police", "requested_on": ago()[:10], "review_on": "2199-01-01"}
    approved = {"approved_by": words("pause approver"), "approved_by_organisation": "ZZ1"}
    pause = {"obligation": clocks["PSIRF-06"], "reason": words("pause"), **approved}
    await people.approver.does(f"{at}/clock-pauses", **asked, **pause)
    aside = f"{at}/obligations/{clocks['PSIRF-01']}/not-applicable"
    await people.manager.does(aside, reason=words("not applicable"))


async def _plant_in_closure(people: People) -> None:
    case = await people.reporter.does("/v1/incidents", **a_report(patients=[]))
    at = f"/v1/incidents/{case['id']}"
    answer = {"question": "plan_priority", "outcome": "not_met", "edition": "psirf-2022", "reasons": words("priority")}
    await people.manager.does(f"{at}/threshold-decisions", **answer)
    await people.manager.does(f"{at}/closure", reason=words("closure"))
    await people.manager.does(f"{at}/reopening", reason=words("reopening"))
    await people.manager.does(f"{at}/entered-in-error", reason=words("error"))


async def _plant_in_erasures(people: People, at: str, case: str) -> None:
    person = (await people.manager.does(f"{at}/people", kind="staff", name=words("member of staff")))["id"]
    erasures = f"/v1/people/{person}/erasures"
    for end, who in (("refusal", people.approver), ("withdrawal", people.officer)):
        asked = {"incident": case, "ground": "wrong_person", "reasons": words(f"grounds of {end}")}
        erasure = (await people.officer.does(erasures, **asked))["id"]
        await who.does(f"{erasures}/{erasure}/{end}", reasons=words(end))
    hold = await people.manager.does(f"{at}/legal-holds", authority="claim", reason=words("hold"))
    await people.approver.does(f"{at}/legal-holds/{hold['id']}/release", reason=words("release"))


async def plant_in_refusals(people: People, at: str) -> bytes:
    """Send planted values where they are refused, in bodies, addresses, queries and headers; all that was answered."""
    http = people.manager.http
    wrong = {"kind": "patient", "name": words("refused"), "nhs_number": NHS_NUMBER[:-1] + "8", "born_on": BORN_ON}
    answers = [
        await http.post(f"{at}/people", json=wrong),
        await http.post(f"{at}/people", json=wrong | {"nhs_number": NHS_NUMBER, "patient": words("refused")}),
        await http.post(f"{at}/people", json={words("name"): NHS_NUMBER}),
        await http.post(f"{at}/people", content=f'{{"name":"{STEM}"'.encode()),
        await http.post(f"{at}/{STEM}", json=wrong),
        await http.post(f"{at}/reopening", json={"reason": words("refused")}),
        await http.post("/v1/incidents", json=a_report(provider=STEM, what_happened=STEM)),
        await http.post("/v1/incidents", json=a_report(patients=[{"sequence": STEM}])),
        await http.post("/v1/incidents:batch", json={"reports": [{"what_happened": STEM, "idempotency_key": "x"}]}),
        await http.get(f"/v1/incidents/{STEM}"),
        await http.get(f"/v1/organisations/{STEM}"),
        await http.get("/v1/incidents", params={"local_reference": words("name"), STEM: "1"}),
        await http.get("/v1/incidents", params={"cursor": STEM}),
        await http.get(f"/problems/{STEM}"),
        await http.get("/v1/incidents", headers={"X-Request-ID": STEM}),
        await http.get("/v1/incidents", headers={"Authorization": f"Bearer {STEM}.{STEM}.{STEM}"}),
        await http.request(STEM.upper(), "/v1/incidents"),
        await http.get(f"/{NHS_NUMBER}/{BORN_ON}"),
    ]
    taken = [answer.url.path for answer in answers if not 400 <= answer.status_code < 500]
    assert taken == ["/v1/incidents:batch"], "a batch tells of each refusal in its outcome"
    return b"\n".join(answer.content + repr(answer.headers.raw).encode() for answer in answers)
