"""Looking for a person by NHS number over HTTP: for whom, in which form, written down, and without a trace of it."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
import pytest_asyncio
from jsonschema import Draft202012Validator
from structlog.testing import capture_logs

from domain.kernel.actor import Role
from service.api.fields import NhsNumberRange
from service.store.access.records import AccessNotRecordedError, RecordKind
from tests.service.vault.indexed import Index, hasty
from tests.support.chronicle import a_chronicle, named
from tests.support.desk_of_queries import QueryStand, a_query_stand
from tests.support.running.postgres import EMBEDDED, Server

pytestmark = pytest.mark.asyncio(loop_scope="module")

PATH = "/v1/people/search"
NUMBER, UNKNOWN, FOREIGN = "9990000018", "9990000026", "9990000034"
MANAGER, OFFICER = Role.PATIENT_SAFETY_MANAGER, Role.DATA_PROTECTION_OFFICER


@dataclass
class Searched:
    """The application, its index, and whoever searches."""

    stand: QueryStand
    index: Index

    async def search(self, body: Any, *roles: Role, organisation: str = "ZZ1", **more: Any) -> httpx.Response:
        """Ask with this body."""
        token = self.stand.issuer.mint(roles or (MANAGER,), organisation=organisation, subject="somebody")
        transport = httpx.ASGITransport(self.stand.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://ledger.test") as client:
            return await client.post(PATH, json=body, headers={"Authorization": f"Bearer {token}"}, **more)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def searched(servers: dict[int, Server], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Searched]:
    """Two people with the same number in two cases of ZZ1, and others elsewhere."""
    async with a_chronicle(servers[EMBEDDED]) as chronicle:
        index = Index(chronicle)
        for case, provider in (("one", "ZZ1"), ("two", "ZZ1"), ("elsewhere", "ZZ2")):
            await index.report(case, provider=provider)
        await index.add("pat", "one", NUMBER)
        await index.add("pat again", "two", NUMBER)
        await index.add("stranger", "elsewhere", NUMBER, provider="ZZ2")
        await index.add("foreigner", "elsewhere", FOREIGN, provider="ZZ2")
        await index.told()
        stand = a_query_stand(chronicle, tmp_path_factory.mktemp("search"))
        stand.app.state.people_search = index.search
        stand.app.state.edge = replace(stand.app.state.edge, nhs_numbers=frozenset({NhsNumberRange.SYNTHETIC}))
        yield Searched(stand, index)


@pytest.fixture(autouse=True)
def nothing_read_yet(searched: Searched) -> None:
    """Each test begins with an empty access log."""
    searched.stand.reads.kept.clear()
    searched.stand.reads.failure = None


def found(*people: tuple[str, str]) -> list[dict[str, Any]]:
    told = [(str(named(person)), str(named(case))) for person, case in people]
    return [
        {
            "id": person,
            "incident": case,
            "links": {"incident": f"/v1/incidents/{case}", "people": f"/v1/incidents/{case}/people"},
        }
        for person, case in sorted(told)
    ]


@pytest.mark.parametrize("role", [MANAGER, OFFICER])
async def test_whoever_may_search_finds_people_in_every_case_of_their_organisation(
    searched: Searched, role: Role
) -> None:
    answer = await searched.search({"nhs_number": NUMBER}, role)

    head = (await searched.index.chronicle.ledger.head()).position
    assert answer.status_code == 200
    assert answer.json() == {"people": found(("pat", "one"), ("pat again", "two")), "position": head}
    assert answer.headers["ledger-position"] == str(head)
    assert answer.headers["projection-lag"] == "0"
    assert answer.headers["cache-control"] == "no-store"


async def test_the_answer_has_the_form_that_the_document_gives_it(searched: Searched) -> None:
    document = searched.stand.app.openapi()
    form = document["paths"][PATH]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    validator = Draft202012Validator({**form, "components": document["components"]})

    answer = (await searched.search({"nhs_number": NUMBER})).json()

    validator.validate(answer)
    assert not validator.is_valid({"people": [{"id": 1}], "position": 1})


async def test_what_another_organisation_keeps_is_never_found(searched: Searched) -> None:
    assert (await searched.search({"nhs_number": FOREIGN})).json()["people"] == []
    theirs = await searched.search({"nhs_number": FOREIGN}, organisation="ZZ2")
    assert theirs.json()["people"] == found(("foreigner", "elsewhere"))
    assert (await searched.search({"nhs_number": NUMBER}, organisation="ZZQ")).json()["people"] == []


@pytest.mark.parametrize("role", [role for role in Role if role not in (MANAGER, OFFICER, Role.SYSTEM)])
async def test_nobody_else_may_search(searched: Searched, role: Role) -> None:
    answer = await searched.search({"nhs_number": NUMBER}, role)

    assert (answer.status_code, answer.json()["code"]) == (403, "access.not-permitted")
    assert searched.stand.reads.kept == []


@pytest.mark.parametrize("written", ["999 000 0018", "999-000-0018"])
async def test_a_number_is_taken_as_people_write_it(searched: Searched, written: str) -> None:
    assert len((await searched.search({"nhs_number": written})).json()["people"]) == 2


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"nhs_number": None},
        {"nhs_number": 9990000018},
        {"nhs_number": ""},
        {"nhs_number": "9990000019"},
        {"nhs_number": "999000001"},
        {"nhs_number": "1111111111"},
        {"nhs_number": "9990000018", "name": "Pat"},
        [],
    ],
)
async def test_what_is_no_number_is_refused_and_not_repeated(searched: Searched, body: Any) -> None:
    answer = await searched.search(body)

    assert answer.status_code == 422, answer.text
    assert "99900" not in answer.text
    assert searched.stand.reads.kept == []


async def test_a_number_in_the_address_is_refused(searched: Searched) -> None:
    answer = await searched.search({"nhs_number": NUMBER}, params={"nhs_number": NUMBER})

    assert answer.status_code == 400
    assert NUMBER not in answer.text


@pytest.mark.parametrize(("number", "cases"), [(NUMBER, {"one", "two"}), (UNKNOWN, set())])
async def test_that_somebody_looked_is_written_down_with_the_cases_and_without_the_number(
    searched: Searched, number: str, cases: set[str]
) -> None:
    await searched.search({"nhs_number": number})

    (read,) = searched.stand.reads.kept
    assert read.kind is RecordKind.PERSON_SEARCH
    assert set(read.cases) == {named(case) for case in cases}
    assert not read.words_opened
    assert number not in repr(read)


async def test_a_search_that_cannot_be_written_down_is_not_answered(searched: Searched) -> None:
    searched.stand.reads.failure = AccessNotRecordedError()

    answer = await searched.search({"nhs_number": NUMBER})

    assert answer.status_code == 503
    assert str(named("one")) not in answer.text


async def test_an_index_that_is_behind_answers_503_and_never_with_nothing(searched: Searched) -> None:
    searched.stand.app.state.people_search = hasty(searched.index)
    await searched.index.add("late", "two", UNKNOWN)
    try:
        answer = await searched.search({"nhs_number": UNKNOWN})
    finally:
        searched.stand.app.state.people_search = searched.index.search
    assert (answer.status_code, answer.json()["code"]) == (503, "service.unavailable")
    assert searched.stand.reads.kept == []

    await searched.index.told()
    assert (await searched.search({"nhs_number": UNKNOWN})).json()["people"] == found(("late", "two"))


async def test_nothing_that_is_written_anywhere_holds_the_number(searched: Searched) -> None:
    with capture_logs() as said:
        answer = await searched.search({"nhs_number": NUMBER})

    assert NUMBER not in json.dumps(said, default=str)
    assert NUMBER not in answer.text
    assert NUMBER not in str(answer.headers)
    assert NUMBER not in str(answer.url)
