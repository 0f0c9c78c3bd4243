"""No number that the API answers with is left unexplained: each is a figure with an explanation, or says why it is none."""

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from fastapi import FastAPI

from projections.explaining.summaries import SUMMARIES
from service.api.openapi import openapi_document
from service.api.queries.routers import query_routers

BELOW: Final = {
    "/v1/events": "the log itself: positions and versions",
    "/v1/incidents/{incident}/events": "the log itself: positions and versions",
    "/v1/audit/": "the audit's own numbers: positions, sizes and digests of the log, and what draws a sample again",
    "/v1/evidence-packs/": "a pack proves itself",
    "/v1/people/": "what an erasure destroyed, which its own event says, and its certificate with the positions",
    "/v1/policy/": "what editions say; a what-if lists every incident and every duty that it counts",
}
"""Numbers of these addresses are no figures about cases."""

NO_FIGURES: Final = {
    "stream_version": "how many events the record has: what If-Match is sent with",
    "position": "where an event stands",
    "met_position": "where an event stands",
    "patient": "a name, not a number: which patient of the report",
    "length": "the limit of the rule",
    "criteria": "of an edition",
    "seconds": "of one interval, which is shown with its two moments",
    "elapsed_seconds": "the sum of the intervals that are shown with it",
    "days_left": "the calendar between two moments that are shown with it",
}
"""Fields with these names, wherever they are."""

SHOWN_WHOLE: Final = "every item that is counted is shown with it"
COUNTED_BY_EYE: Final = {
    "/v1/worklist": ("days_over",),
    "/v1/organisations": ("total",),
    "/v1/organisations/{ods}/commissioners": ("total",),
    "/v1/incidents/{incident}/timeline": ("total",),
    "/v1/incidents/{incident}/obligations": ("total", "days_over", "extensions", "pauses", "redatings"),
    "/v1/incidents/{incident}/evidence": ("total", "transfers"),
    "/v1/incidents/{incident}/legal-holds": ("total",),
    "/v1/incidents/{incident}/candour": ("total", "open_questions"),
    "/v1/incidents/{incident}/people": ("total",),
    "/v1/incidents/{incident}/notes": ("total",),
    "/v1/incidents/{incident}/threshold-decisions": ("total",),
    "/v1/incidents/{incident}/learning-responses": ("total", "left_without_action"),
    "/v1/learning-responses/{learning_response}": ("left_without_action",),
}
"""Whole lists of one record, and what a row says of itself: it is `SHOWN_WHOLE`, or explained with the record."""

IN_RECORD: Final = {
    "/v1/incidents": "incidents/{incident}",
    "/v1/actions": "actions/{action}",
    "/v1/timeliness": "incidents/{incident}/obligations/{obligation}",
}
"""What each row of a list says of itself is explained under the record's own address."""


@pytest.fixture(scope="module")
def paths() -> dict[str, Any]:
    """Every query as it is published, its schemas put in place."""
    app = FastAPI(title="figures", version="1")
    for router in query_routers():
        app.include_router(router)
    document = openapi_document(app)
    schemas = document["components"]["schemas"]
    return {path: _in_place(methods, schemas) for path, methods in document["paths"].items()}


def _in_place(node: Any, schemas: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_in_place(each, schemas) for each in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        # words of commands that queries use too are published with the commands, and are no numbers
        return _in_place(schemas.get(node["$ref"].rsplit("/", 1)[1], {}), schemas)
    return {name: _in_place(value, schemas) for name, value in node.items()}


def numbers(schema: dict[str, Any], at: str = "") -> Iterator[str]:
    """The names of the numbers in an answer: `pairwise.kappa` of `{"pairwise": {"items": [{"kappa": 1.0}]}}`."""
    if schema.get("type") in ("integer", "number"):
        yield at
    for branch in ("anyOf", "oneOf", "allOf"):
        for each in schema.get(branch, ()):
            yield from numbers(each, at)
    for name, inner in schema.get("properties", {}).items():
        is_page = name == "items" and inner.get("type") == "array"
        yield from numbers(inner, at if is_page else f"{at}.{name}".lstrip("."))
    if isinstance(schema.get("items"), dict):
        yield from numbers(schema["items"], at)


def answered(methods: dict[str, Any]) -> set[str]:
    content = methods.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
    return set(numbers(content.get("application/json", {}).get("schema", {})))


def explained(paths: dict[str, Any], path: str) -> set[str]:
    """The figures that are explained under an address."""
    parameters = paths.get(f"{path}/explain", {}).get("get", {}).get("parameters", ())
    return {name for each in parameters if each["name"] == "figure" for name in each["schema"]["enum"]}


def left_out(paths: dict[str, Any]) -> list[str]:
    """The numbers that are neither explained nor known to be no figure."""
    found = []
    for path, methods in paths.items():
        if path.endswith("/explain") or path.startswith(tuple(BELOW)):
            continue
        known = explained(paths, path) | {*COUNTED_BY_EYE.get(path, ())}
        if path in IN_RECORD:
            known |= {*SUMMARIES[IN_RECORD[path]].figures}
        found += [f"{path} {name}" for name in answered(methods) - known if name.rsplit(".", 1)[-1] not in NO_FIGURES]
    return sorted(found)


def test_every_number_is_explained_or_says_why_not(paths: dict[str, Any]) -> None:
    assert left_out(paths) == [], "give it a Figure in projections/explaining, or say above why it is none"


def test_a_new_number_in_a_summary_is_noticed(paths: dict[str, Any]) -> None:
    schema = paths["/v1/timeliness/summary"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    item = schema["anyOf"][0]["items"]["properties"]

    item["abandoned"] = {"type": "integer"}
    try:
        assert left_out(paths) == ["/v1/timeliness/summary abandoned"]
    finally:
        del item["abandoned"]


def test_every_summary_is_served_with_all_its_figures(paths: dict[str, Any]) -> None:
    for name, summary in SUMMARIES.items():
        assert explained(paths, f"/v1/{name}") == {*summary.figures}


def test_every_figure_has_a_definition_in_plain_english() -> None:
    for summary in SUMMARIES.values():
        for figure in summary.figures.values():
            assert re.fullmatch(r"[A-Z][^\n]{20,}\.", figure.definition), figure.definition


def test_nothing_is_excused_that_is_not_there(paths: dict[str, Any]) -> None:
    for path, names in COUNTED_BY_EYE.items():
        assert {*names} <= answered(paths[path]), path
        assert not {*names} & explained(paths, path), path
    everywhere = {name.rsplit(".", 1)[-1] for methods in paths.values() for name in answered(methods)}
    assert NO_FIGURES.keys() <= everywhere
    assert all(any(path.startswith(prefix) for path in paths) for prefix in BELOW)
