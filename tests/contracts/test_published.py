"""What is published equals what runs: the OpenAPI document, the list of problems."""

from pathlib import Path

from service.api.refusing.pages import problems_markdown
from service.document import openapi, openapi_text

PUBLISHED = Path(__file__).parents[2] / "openapi"


def test_the_committed_openapi_document_is_the_one_that_the_service_serves() -> None:
    """Write it again with `incident-ledger openapi --write openapi`, and add a changelog line."""
    assert (PUBLISHED / "openapi.json").read_bytes() == openapi_text()


def test_the_committed_list_of_problems_is_complete() -> None:
    assert (PUBLISHED / "problems.md").read_text(encoding="utf-8") == problems_markdown()


def test_every_operation_says_what_it_does_and_how_it_says_no() -> None:
    silent = [
        f"{method} {path}"
        for path, operations in openapi()["paths"].items()
        for method, operation in operations.items()
        if not operation.get("summary") or "default" not in operation["responses"]
    ]

    assert silent == []
