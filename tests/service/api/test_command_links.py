"""What an answer links to can be read there."""

from uuid import UUID

import pytest

from domain.kernel.streams import Kind
from service.api.commands.route import links_of
from service.handling.order import Receipt

STREAM, CASE = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("kind", "own"),
    [
        (Kind.ACTION, f"/v1/actions/{STREAM}"),
        (Kind.ORGANISATION, "/v1/organisations/ZZ1"),
        (Kind.INCIDENT, f"/v1/incidents/{CASE}"),
        (Kind.EVIDENCE, f"/v1/incidents/{CASE}"),
    ],
)
def test_an_answer_links_to_what_was_changed(kind: Kind, own: str) -> None:
    cases = () if kind is Kind.ORGANISATION else (CASE,)

    links = links_of(Receipt(STREAM, STREAM, kind, 1, 1, cases, "ZZ1"))

    assert links["self"] == own
    assert ("timeline" in links) is bool(cases)
