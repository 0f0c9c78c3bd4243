"""The OpenAPI document is complete: bodies, parameters, problems, and who may call."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import BaseModel

from service.api.openapi import command
from tests.support.edge import Stand, a_stand


def resolve(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return found


def test_a_command_shows_its_body_headers_and_answers(stand: Stand) -> None:
    document = stand.app.openapi()
    operation = document["paths"]["/v1/things"]["post"]
    thing = resolve(document, operation["requestBody"]["content"]["application/json"]["schema"])
    assert thing["additionalProperties"] is False
    assert thing["properties"]["name"]["maxLength"] == 20_000
    assert {entry["name"] for entry in operation["parameters"]} == {"Idempotency-Key", "If-Match"}
    recorded = resolve(document, operation["responses"]["201"]["content"]["application/json"]["schema"])
    assert recorded["required"] == ["id", "stream_version", "position", "links"]


def test_a_query_shows_its_parameters_and_forms(stand: Stand) -> None:
    document = stand.app.openapi()
    operation = document["paths"]["/v1/things"]["get"]
    shown = {entry["name"]: entry["schema"] for entry in operation["parameters"]}
    assert shown["limit"] == {"type": "integer", "minimum": 1, "maximum": 500, "default": 50}
    assert shown["as_of"]["format"] == "date-time"
    assert set(operation["responses"]["200"]["content"]) == {"application/json", "text/csv", "application/x-ndjson"}
    one = document["paths"]["/v1/things/{thing}"]["get"]
    assert {entry["in"] for entry in one["parameters"]} == {"path", "query", "header"}


def test_an_operation_is_named_after_its_method_and_path(stand: Stand) -> None:
    paths = stand.app.openapi()["paths"]
    assert paths["/v1/things/{thing}/notes"]["post"]["operationId"] == "post_v1_things_thing_notes"


def test_every_operation_may_answer_a_problem_and_all_but_health_need_a_token(stand: Stand) -> None:
    document = stand.app.openapi()
    for path, operations in document["paths"].items():
        for operation in operations.values():
            problem = operation["responses"]["default"]["content"]["application/problem+json"]["schema"]
            assert resolve(document, problem)["title"] == "Problem"
            assert operation["security"] == ([] if path in ("/_ping", "/_status") else [{"bearer": []}])


def test_every_reference_of_the_document_leads_somewhere(stand: Stand) -> None:
    document = stand.app.openapi()
    references: list[str] = []

    def gather(part: Any) -> None:
        if isinstance(part, dict):
            references.extend([part["$ref"]] if isinstance(part.get("$ref"), str) else [])
            assert "$defs" not in part
        for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
            gather(inner)

    gather(document)
    assert references
    for reference in references:
        resolve(document, {"$ref": reference})


def test_names_in_a_path_are_declared_also_where_the_route_reads_them_itself(stand: Stand) -> None:
    stand.app.get("/v1/organisations/{ods}/plans/{plan}")(lambda: None)
    (first, second) = stand.app.openapi()["paths"]["/v1/organisations/{ods}/plans/{plan}"]["get"]["parameters"]
    assert (first["name"], first["in"], first["schema"]["pattern"]) == ("ods", "path", "^[A-Z0-9]{3,8}$")
    assert (second["name"], second["schema"]["format"]) == ("plan", "uuid")


def test_two_bodies_of_one_name_are_noticed(stand: Stand) -> None:
    other = type("Thing", (BaseModel,), {"__annotations__": {"z": int}})
    stand.app.post("/v1/others", **command(other, summary="Other", tag="things"))(lambda: None)
    with pytest.raises(ValueError, match="Thing"):
        stand.app.openapi()


async def test_pages_about_the_service_are_off_unless_asked_for(tmp_path: Path, client: httpx.AsyncClient) -> None:
    assert {(await client.get(path)).status_code for path in ("/docs", "/redoc", "/openapi.json")} == {404}
    async with a_stand(tmp_path, show_docs=True).client() as shown:
        assert (await shown.get("/openapi.json")).status_code == 200
