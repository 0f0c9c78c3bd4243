"""What answers that say yes hold."""

import httpx
import pytest

from service.api.answers import Freshness, entity_tag
from service.api.lists.cursors import CursorBox
from service.api.lists.exports import csv_cell
from service.api.problems import ProblemError
from tests.support.edge import AN_ID, FRESH


async def test_a_command_is_answered_with_where_it_stands(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/things", json={"name": "x"})
    assert answer.status_code == 201
    assert answer.json() == {"id": AN_ID, "stream_version": 3, "position": 9, "links": {}}
    assert answer.headers["location"] == f"/v1/things/{AN_ID}"
    assert (answer.headers["etag"], answer.headers["ledger-position"]) == ('W/"3"', "9")
    assert "idempotent-replayed" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


async def test_a_query_says_what_it_speaks_for(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"/v1/things/{AN_ID}")
    assert (answer.headers["ledger-position"], answer.headers["projection-lag"]) == ("9", "2")
    assert answer.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize("path", ["/v1/things", f"/v1/things/{AN_ID}"])
async def test_what_the_client_has_already_is_not_sent_again(client: httpx.AsyncClient, path: str) -> None:
    tag = (await client.get(path)).headers["etag"]
    again = await client.get(path, headers={"If-None-Match": f'W/"other", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (await client.get(path, headers={"If-None-Match": 'W/"other"'})).status_code == 200


@pytest.mark.parametrize(
    "other",
    [
        Freshness(position=9, lag=2, changed_at=8, projection="things_v1", reader="ZZ1"),
        Freshness(position=9, lag=2, changed_at=7, projection="things_v2", reader="ZZ1"),
        Freshness(position=9, lag=2, changed_at=7, projection="things_v1", reader="ZZ2"),
    ],
)
def test_another_change_read_model_or_reader_is_another_tag(other: Freshness) -> None:
    assert entity_tag(b"x", other) != entity_tag(b"x", FRESH) != entity_tag(b"y", FRESH)


def test_a_tag_does_not_change_while_the_ledger_moves_on_elsewhere() -> None:
    later = Freshness(position=99, lag=0, changed_at=7, projection="things_v1", reader="ZZ1")
    assert entity_tag(b"x", later) == entity_tag(b"x", FRESH)


async def test_the_next_page_is_linked_with_the_same_filters(client: httpx.AsyncClient) -> None:
    first = await client.get("/v1/things?limit=1&envelope=true&as_of=2026-03-02T09:30:00%2B01:00")
    following = first.json()["next"]
    assert first.json()["items"] == [{"name": "a"}]
    assert first.json()["total"] == 2
    assert first.headers["link"] == f'<{following}>; rel="next"'
    assert "as_of=2026-03-02T09%3A30%3A00%2B01%3A00" in following
    second = await client.get(following)
    assert second.json()["next"] is None
    assert "link" not in second.headers


async def test_a_list_is_bare_unless_an_envelope_is_asked_for(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/things")).json() == [{"name": "a"}]


async def test_csv_is_quoted_by_the_rules_and_runs_no_formula(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/things", headers={"Accept": "text/csv"})
    assert answer.text == "name\r\n'=1+1\r\nplain\r\n"


async def test_ndjson_is_one_object_a_line(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/things", headers={"Accept": "application/x-ndjson"})
    assert answer.text == '{"name":"=1+1"}\n{"name":"plain"}\n'
    assert answer.headers["ledger-position"] == "9"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "true"),
        (-3, "-3"),
        ("-3", "'-3"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("+x", "'+x"),
        ([1], "[1]"),
    ],
)
def test_cells_of_csv(value: object, cell: str) -> None:
    assert csv_cell(value) == cell


def test_a_cursor_opens_only_for_its_own_list_unchanged_and_by_the_same_key() -> None:
    box = CursorBox(b"k" * 32)
    sealed = box.seal(7, ["2026-03-02", 4, None], "list a")
    opened = box.open(sealed, "list a")
    assert (opened.position, opened.after) == (7, ("2026-03-02", 4, None))
    changed = sealed[:-2] + ("AA" if not sealed.endswith("AA") else "BB")
    for text, name, other in [
        (sealed, "list b", box),
        (changed, "list a", box),
        (sealed, "list a", CursorBox(b"x" * 32)),
    ]:
        with pytest.raises(ProblemError):
            other.open(text, name)
