"""Every answer has exactly the form that the published document gives it."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from domain.kernel.actor import Role
from tests.support.chronicle import named
from tests.support.desk_of_queries import MANAGER, QueryStand

pytestmark = pytest.mark.asyncio(loop_scope="module")

FIRST, EARLY = f"/v1/incidents/{named('first')}", f"/v1/actions/{named('early')}"
DECIDED = f"/v1/incidents/{named('third')}/threshold-decisions/{named('decision')}"
EXPLANATIONS = {
    "/v1/timeliness/summary/explain": "/v1/timeliness/summary/explain?figure=clocks",
    "/v1/timeliness/explain": "/v1/timeliness/explain",
    "/v1/actions/summary/explain": "/v1/actions/summary/explain?figure=overdue",
    "/v1/actions/explain": "/v1/actions/explain",
    "/v1/threshold-decisions/agreement/explain": "/v1/threshold-decisions/agreement/explain?figure=overall.alpha",
    "/v1/threshold-decisions/explain": "/v1/threshold-decisions/explain",
    "/v1/incidents/explain": "/v1/incidents/explain",
    "/v1/worklist/explain": "/v1/worklist/explain?within_days=366",
    "/v1/incidents/{incident}/explain": f"{FIRST}/explain?figure=actions_open",
    "/v1/actions/{action}/explain": f"{EARLY}/explain?figure=days_over",
    "/v1/incidents/{incident}/obligations/{obligation}/explain": f"{FIRST}/obligations/{named('late')}/explain?figure=pauses",
}
ANSWERS = {
    "/v1/incidents": "/v1/incidents",
    "/v1/incidents/{incident}": FIRST,
    "/v1/incidents/{incident}/timeline": f"{FIRST}/timeline",
    "/v1/incidents/{incident}/obligations": f"{FIRST}/obligations",
    "/v1/incidents/{incident}/obligations/{obligation}": f"{FIRST}/obligations/{named('late')}",
    "/v1/incidents/{incident}/evidence": f"{FIRST}/evidence",
    "/v1/incidents/{incident}/candour": f"{FIRST}/candour",
    "/v1/incidents/{incident}/threshold-decisions": f"{FIRST}/threshold-decisions",
    "/v1/incidents/{incident}/people": f"{FIRST}/people",
    "/v1/incidents/{incident}/notes": f"{FIRST}/notes",
    "/v1/incidents/{incident}/learning-responses": f"{FIRST}/learning-responses",
    "/v1/incidents/{incident}/legal-holds": f"{FIRST}/legal-holds",
    "/v1/people/{person}/erasures": f"/v1/people/{named('patient')}/erasures",
    "/v1/people/{person}/erasures/{erasure}": f"/v1/people/{named('patient')}/erasures/{named('erasure')}",
    "/v1/learning-responses/{learning_response}": f"/v1/learning-responses/{named('response')}",
    "/v1/incidents/{incident}/events": f"{FIRST}/events",
    "/v1/timeliness": "/v1/timeliness",
    "/v1/timeliness/summary": "/v1/timeliness/summary",
    "/v1/actions": "/v1/actions",
    "/v1/actions/summary": "/v1/actions/summary",
    "/v1/actions/{action}": EARLY,
    "/v1/organisations": "/v1/organisations",
    "/v1/organisations/{ods}": "/v1/organisations/ZZ1",
    "/v1/organisations/{ods}/commissioners": "/v1/organisations/ZZ1/commissioners",
    "/v1/events": "/v1/events",
    "/v1/worklist": "/v1/worklist?within_days=366",
    "/v1/threshold-decisions": "/v1/threshold-decisions",
    "/v1/threshold-decisions/agreement": "/v1/threshold-decisions/agreement",
    "/v1/incidents/{incident}/threshold-decisions/{decision}": DECIDED,
    "/v1/policy/editions": "/v1/policy/editions",
    "/v1/policy/editions/{name}": "/v1/policy/editions/zz1-plan-2026",
    "/v1/policy/search": "/v1/policy/search?words=SIRI",
    **EXPLANATIONS,
    "/v1/audit/samples": "/v1/audit/samples",
    "/v1/audit/access": f"/v1/audit/access?incident={named('first')}",
    "/v1/audit/samples/{sample}": f"/v1/audit/samples/{named('sample')}?population=true",
}
RECORDS = {
    *EXPLANATIONS,
    "/v1/incidents/{incident}/obligations/{obligation}",
    "/v1/incidents/{incident}",
    "/v1/learning-responses/{learning_response}",
    "/v1/people/{person}/erasures/{erasure}",
    "/v1/actions/{action}",
    "/v1/organisations/{ods}",
    "/v1/threshold-decisions/agreement",
    "/v1/audit/samples/{sample}",
    "/v1/incidents/{incident}/threshold-decisions/{decision}",
    "/v1/policy/editions",
    "/v1/policy/editions/{name}",
    "/v1/policy/search",
}
ELSEWHERE = {f"/v1/policy/what-if/{{what_if}}{part}" for part in ("", "/incidents", "/duties")}
ELSEWHERE.add("/v1/audit/replays/{replay}")
"""What a worker answers: tests/journeys hold it to the document."""
ELSEWHERE.add("/v1/people/{person}/export")
"""What only a data protection officer is answered: test_erasures.py holds it to the document."""

PROOFS = {
    f"/v1/audit/{path}"
    for path in (
        "checkpoint",
        "checkpoints",
        "checkpoints/latest",
        "checkpoints/{size}",
        "keys",
        "proofs/consistency",
        "proofs/inclusion",
        "tiles/{path}",
    )
}
"""What is answered of the proof, which a chronicle does not have: tests/service/proof holds it to the document."""

FILES = {"/v1/evidence-packs/{incident}", "/v1/evidence-packs/samples/{sample}"}
"""What is answered as a file: tests/service/audit holds it."""

NOTHING = {("/v1/worklist", Role.AUDITOR)}
"""What is rightly empty: an auditor looks on, and nothing is theirs to do."""


NOT_THEIRS = {("/v1/audit/access", MANAGER)}
"""What is refused by role."""


def validator(stand: QueryStand, path: str) -> Draft202012Validator:
    """Checks an answer against the document; a field that it does not name is refused."""
    document = stand.app.openapi()
    answered = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    schemas = {name: _closed(schema) for name, schema in document["components"]["schemas"].items()}
    return Draft202012Validator({"components": {"schemas": schemas}, **answered})


def _closed(schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "additionalProperties": False} if "properties" in schema else schema


async def test_no_query_is_left_out(stand: QueryStand) -> None:
    served = {
        path for path, methods in stand.app.openapi()["paths"].items() if path.startswith("/v1") and "get" in methods
    }

    assert served == set(ANSWERS) | ELSEWHERE | FILES | PROOFS


@pytest.mark.parametrize("role", [Role.PATIENT_SAFETY_MANAGER, Role.AUDITOR])
@pytest.mark.parametrize("path", ANSWERS)
async def test_the_answer_is_as_published(stand: QueryStand, path: str, role: Role) -> None:
    asked = ANSWERS[path]
    if (path, role) in NOT_THEIRS:
        assert (await stand.get(asked, role)).status_code == 403
        return
    if path == "/v1/audit/access":
        await stand.ok(FIRST)  # so that there is something to tell

    bodies = [await stand.ok(asked, role)]
    if path not in RECORDS:
        bodies.append(await stand.ok(asked, role, envelope="true"))

    for body in bodies:
        validator(stand, path).validate(body)
        assert body or (path, role) in NOTHING
