"""An answer leaves only after what it shows is written down: whole, in parts, or not at all."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from domain.access_log.purpose import Purpose
from domain.kernel.actor import Role
from service.api.answers import Freshness
from service.api.app import LedgerApp, Parts, create_app
from service.api.lists.exports import csv_answer, ndjson_answer
from service.api.middleware import AnswerBrokenError
from service.identity.caller import Pseudonyms
from service.identity.issuers import LocalIssuer, trust_local
from service.identity.key_files import KeyFolder
from service.identity.verifier import TokenVerifier
from service.reading.audit.shown import NO_CASES, ShownCases
from service.store.access.records import AccessNotRecordedError, NewAccess, RecordKind
from tests.support.audit.access import KeptReads
from tests.support.decisions import an_id
from tests.support.edge import Vital

FRESH = Freshness(position=9, lag=0, changed_at=7, projection="things_v1", reader="ZZ1")
CASES = [an_id(number) for number in range(1, 2001)]
PADDING = "x" * 200
AN_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Parting(KeptReads):
    """Keeps what is written down, and how many rows had been made by then; fails from one record on."""

    def __init__(self) -> None:
        super().__init__()
        self.made = 0
        self.made_by_then: list[int] = []
        self.fails_at: int | None = None

    async def append(self, record: NewAccess) -> int:
        """As the log does."""
        if self.fails_at is not None and len(self.kept) >= self.fails_at:
            raise AccessNotRecordedError("away")
        self.made_by_then.append(self.made)
        return await super().append(record)


def an_app(folder: Path, reads: Parting) -> tuple[LedgerApp, str]:
    """An application that exports two rows for each of two thousand cases, and whoever may read it."""
    keys = KeyFolder(folder / "keys")
    issuer = LocalIssuer(keys)
    router = APIRouter()

    async def export(request: Request) -> Response:
        shown = ShownCases()
        if request.path_params["form"] == "csv":
            return await csv_answer(request, _rows(shown, reads), ["case", "padding"], FRESH, shown)
        return await ndjson_answer(request, _rows(shown, reads), FRESH, shown)

    router.get("/v1/rows/{form}")(export)
    app = create_app(
        Parts(
            verifier=TokenVerifier([trust_local(issuer)], Pseudonyms(keys.secret("pseudonyms"))),
            vitals=Vital(),
            cursor_key=keys.secret("cursors"),
            routers=[router],
            outages={AccessNotRecordedError: "service.read-not-recorded"},
            state={"access_log": reads},
        )
    )
    return app, issuer.mint((Role.ANALYST,), organisation="ZZ1", subject="somebody")


async def _rows(shown: ShownCases, reads: Parting) -> AsyncIterator[dict[str, Any]]:
    for case in CASES:
        for _ in range(2):
            shown.add(case)
            reads.made += 1
            yield {"case": str(case), "padding": PADDING}


async def asked(tmp_path: Path, form: str, reads: Parting) -> httpx.Response:
    app, token = an_app(tmp_path, reads)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://ledger.test") as client:
        return await client.get(f"/v1/rows/{form}", headers={"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize("form", ["csv", "ndjson"])
async def test_each_case_of_a_long_list_is_written_down_once_before_its_part_leaves(tmp_path: Path, form: str) -> None:
    reads = Parting()

    answer = await asked(tmp_path, form, reads)

    assert answer.text.count(PADDING) == 2 * len(CASES)
    assert [case for record in reads.kept for case in record.cases] == CASES
    assert len(reads.kept) > 3
    assert len({record.request_id for record in reads.kept}) == 1
    assert reads.made_by_then[0] < len(CASES), "the first part is not held back until the last row"


async def test_no_part_leaves_before_its_cases_are_written_down(tmp_path: Path) -> None:
    reads, parts = Parting(), 0
    app, token = an_app(tmp_path, reads)

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        async def seen(message: Message) -> None:
            nonlocal parts
            written = {str(case) for record in reads.kept for case in record.cases}
            assert set(AN_ID.findall(message.get("body", b"").decode())) <= written
            parts += 1
            await send(message)

        await app(scope, receive, seen)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(watched), base_url="http://ledger.test") as client:
        await client.get("/v1/rows/ndjson", headers={"Authorization": f"Bearer {token}"})
    assert parts > 5


async def test_what_cannot_be_written_down_at_all_is_a_problem_and_no_part(tmp_path: Path) -> None:
    reads = Parting()
    reads.fails_at = 0

    answer = await asked(tmp_path, "csv", reads)

    assert (answer.status_code, answer.json()["code"]) == (503, "service.read-not-recorded")


async def test_where_it_fails_later_the_connection_is_cut_before_the_part(tmp_path: Path) -> None:
    reads = Parting()
    reads.fails_at = 2

    with pytest.raises(AnswerBrokenError, match="read-not-recorded"):
        await asked(tmp_path, "ndjson", reads)
    assert len(reads.kept) == 2


def test_a_case_is_written_down_once_for_a_request() -> None:
    shown = ShownCases()
    shown.add(CASES[0], CASES[1])
    shown.add(CASES[0])
    first = shown.take_unwritten()
    shown.add(CASES[1], CASES[2])

    assert (first, shown.take_unwritten(), shown.is_unwritten) == ((CASES[0], CASES[1]), (CASES[2],), False)


@pytest.mark.parametrize("kind", [RecordKind.AUDIT_QUERY, RecordKind.PERSON_SEARCH])
def test_a_query_of_the_log_and_a_search_are_written_down_also_where_they_find_nothing(kind: RecordKind) -> None:
    shown, reading = ShownCases(kind), ShownCases()

    assert (shown.is_unwritten, reading.is_unwritten) == (True, False)
    assert (shown.take_unwritten(), shown.is_unwritten) == ((), False)


def test_an_answer_that_was_said_to_show_no_case_shows_none() -> None:
    with pytest.raises(TypeError):
        NO_CASES.add(CASES[0])
    with pytest.raises(TypeError):
        NO_CASES.open_words()
    assert not NO_CASES.is_unwritten


@pytest.mark.parametrize("given", [["care", "audit"], ["CARE"], [""], ["care, audit"]])
async def test_a_purpose_is_one_code_of_the_list(tmp_path: Path, given: list[str]) -> None:
    app, token = an_app(tmp_path, Parting())
    headers = [("Authorization", f"Bearer {token}"), *(("Purpose-Of-Use", each) for each in given)]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ledger.test") as client:
        answer = await client.get("/v1/rows/csv", headers=headers)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "Purpose-Of-Use")


@pytest.mark.parametrize("purpose", Purpose)
async def test_every_purpose_can_be_said(tmp_path: Path, purpose: Purpose) -> None:
    reads = Parting()
    app, token = an_app(tmp_path, reads)
    headers = {"Authorization": f"Bearer {token}", "Purpose-Of-Use": purpose}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ledger.test") as client:
        await client.get("/v1/rows/csv", headers=headers)

    assert {(record.purpose, record.purpose_stated) for record in reads.kept} == {(purpose, True)}
