"""Who read what is told to those who look after that, of the cases of their own organisation; and that they ask, is told too."""

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from domain.kernel.actor import Role
from projections.engine.reading import Found
from service.reading.answering import CaseUnnamedError
from service.reading.forms import Form, the_case_asked_for
from service.reading.queries import Question
from service.store.access.records import AccessNotRecordedError, RecordKind
from tests.support.audit.access import a_read
from tests.support.chronicle import a_chronicle, named
from tests.support.decisions import an_actor, an_id
from tests.support.desk_of_queries import QueryStand, a_query_stand
from tests.support.running.postgres import EMBEDDED, Server

pytestmark = pytest.mark.asyncio(loop_scope="module")

AUDITOR, OFFICER = Role.AUDITOR, Role.DATA_PROTECTION_OFFICER
PATH = "/v1/audit/access"
FIRST, THEIRS = named("first"), named("second")
SAM, KIM = an_id(51), an_id(52)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def told(servers: dict[int, Server], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[QueryStand]:
    """Two trusts with a case each, told to the read models."""
    async with a_chronicle(servers[EMBEDDED]) as chronicle:
        await chronicle.record(chronicle.report("first"), cases=[FIRST])
        await chronicle.record(chronicle.report("second", provider="ZZ2"), organisation="ZZ2", cases=[THEIRS])
        await chronicle.tell()
        yield a_query_stand(chronicle, tmp_path_factory.mktemp("access"))


@pytest_asyncio.fixture(loop_scope="module")
async def stand(told: QueryStand) -> QueryStand:
    """The same, where Sam of ZZ1 and Kim of ZZQ have read; nobody else yet."""
    told.reads.reset()
    told.reads.owners[THEIRS] = "ZZ2"
    await told.reads.append(a_read(FIRST, actor=SAM, subject="sam@zz1.example"))
    await told.reads.append(a_read(THEIRS, FIRST, actor=KIM, subject="kim@zzq.example", organisation="ZZQ"))
    await told.reads.append(a_read(THEIRS, actor=SAM, subject="sam@zz1.example"))
    return told


async def numbers(stand: QueryStand, role: Role = AUDITOR, **query: Any) -> list[int]:
    return [record["number"] for record in await stand.ok(PATH, role, **query)]


async def test_the_reads_of_a_case_are_told_newest_first(stand: QueryStand) -> None:
    newest, oldest = await stand.ok(PATH, AUDITOR, incident=str(FIRST))

    assert (newest["number"], oldest["number"]) == (2, 1)
    assert (newest["actor"], newest["organisation"], newest["roles"]) == (str(KIM), "ZZQ", "auditor")
    assert (newest["purpose"], newest["purpose_stated"], newest["kind"]) == ("audit", False, "case_read")


async def test_of_the_cases_of_others_nothing_is_told(stand: QueryStand) -> None:
    newest, _ = await stand.ok(PATH, AUDITOR)
    theirs = await stand.ok(PATH, AUDITOR, organisation="ZZ2")

    assert newest["cases"] == str(FIRST)
    assert [(record["number"], record["cases"]) for record in theirs] == [(3, str(THEIRS)), (2, str(THEIRS))]


async def test_a_case_of_another_organisation_does_not_exist(stand: QueryStand) -> None:
    for roles, organisation in (((AUDITOR,), "ZZ1"), ((AUDITOR, Role.COMMISSIONER), "ZZQ")):
        before = len(stand.reads.kept)
        answer = await stand.get(PATH, *roles, organisation=organisation, incident=str(THEIRS))
        assert (answer.status_code, len(stand.reads.kept)) == (404, before)


@pytest.mark.parametrize("role", sorted(set(Role) - {AUDITOR, OFFICER, Role.SYSTEM}))
async def test_whoever_handles_a_case_is_not_told_who_looks_into_it(stand: QueryStand, role: Role) -> None:
    before = len(stand.reads.kept)

    answer = await stand.get(PATH, role, incident=str(FIRST))

    assert (answer.status_code, answer.json()["code"]) == (403, "access.not-permitted")
    assert len(stand.reads.kept) == before


async def test_a_subject_is_opened_for_the_officer_of_the_readers_own_organisation(stand: QueryStand) -> None:
    def seen(records: Any) -> list[tuple[str | None, str]]:
        return [(record["subject"], record["sealed"]) for record in records]

    assert seen(await stand.ok(PATH, OFFICER)) == [(None, "subject"), ("sam@zz1.example", "")]
    assert seen(await stand.ok(PATH, AUDITOR)) == [(None, "subject"), (None, "subject")]
    assert seen(await stand.ok(PATH, OFFICER, organisation="ZZ2")) == [(None, "subject"), (None, "subject")]


async def test_who_asks_is_written_down_with_the_case_and_found_by_that_kind_only(stand: QueryStand) -> None:
    await stand.ok(PATH, OFFICER, incident=str(FIRST))
    await stand.ok(PATH, AUDITOR)

    asked, unasked = stand.reads.kept[-2:]
    assert (asked.kind, asked.cases, unasked.cases) == (RecordKind.AUDIT_QUERY, (FIRST,), ())
    assert await numbers(stand, incident=str(FIRST)) == [2, 1]
    assert await numbers(stand, incident=str(FIRST), kind="audit_query") == [6, 4]


async def test_to_look_again_shows_nothing_new_and_is_not_written_down(stand: QueryStand) -> None:
    tag = (await stand.get(PATH, AUDITOR, incident=str(FIRST))).headers["ETag"]
    before = len(stand.reads.kept)

    again = await stand.get(PATH, AUDITOR, incident=str(FIRST), headers={"If-None-Match": tag})

    assert (again.status_code, len(stand.reads.kept)) == (304, before)


async def test_filters_are_added_up(stand: QueryStand) -> None:
    first, second, _ = stand.reads.records
    since_second: dict[str, Any] = {"from": second.at.isoformat()}
    never: dict[str, Any] = {"from": first.at.isoformat(), "to": first.at.isoformat()}

    assert await numbers(stand, actor=str(SAM)) == [1]
    assert await numbers(stand, actor=str(SAM), incident=str(FIRST)) == [1]
    assert await numbers(stand, **since_second) == [2]
    assert await numbers(stand, to=second.at.isoformat()) == [1]
    assert await numbers(stand, **never) == []
    assert await numbers(stand, kind="person_search") == []


async def test_pages_follow_one_another_and_only_within_their_list(stand: QueryStand) -> None:
    first = await stand.ok(PATH, AUDITOR, incident=str(FIRST), limit=1, envelope="true")
    assert (first["total"], [record["number"] for record in first["items"]]) == (2, [2])
    second = await stand.ok(first["next"], AUDITOR)
    assert (second["total"], second["next"], [record["number"] for record in second["items"]]) == (2, None, [1])

    stranger = await stand.get(first["next"], OFFICER)
    other = await stand.get(first["next"].replace("incident=", "actor="), AUDITOR)
    assert {stranger.json()["code"], other.json()["code"]} == {"request.cursor-invalid"}


@pytest.mark.parametrize("form", ["text/csv", "application/x-ndjson"])
async def test_the_whole_of_it_comes_as_a_file_and_is_written_down_once(stand: QueryStand, form: str) -> None:
    for _ in range(600):
        await stand.reads.append(a_read(FIRST, actor=SAM))
    before = len(stand.reads.kept)

    answer = await stand.get(PATH, AUDITOR, incident=str(FIRST), headers={"Accept": form})

    lines = list(csv.DictReader(io.StringIO(answer.text))) if "csv" in form else answer.text.splitlines()
    assert (answer.status_code, len(lines)) == (200, 602)
    assert [kept.kind for kept in stand.reads.kept[before:]] == [RecordKind.AUDIT_QUERY]


async def test_what_is_asked_in_an_unknown_way_is_refused(stand: QueryStand) -> None:
    unknown: tuple[dict[str, Any], ...] = ({"misspelt": "1"}, {"kind": "gossip"}, {"from": "yesterday"}, {"actor": "x"})
    for query in unknown:
        assert (await stand.get(PATH, AUDITOR, **query)).status_code == 400
    assert (await stand.get(PATH, AUDITOR, incident=str(an_id(99)))).status_code == 404


async def test_nothing_is_told_where_the_query_cannot_be_written_down(stand: QueryStand) -> None:
    stand.reads.failure = AccessNotRecordedError("away")

    answer = await stand.get(PATH, AUDITOR, incident=str(FIRST))

    assert (answer.status_code, answer.json()["code"]) == (503, "service.read-not-recorded")
    assert answer.headers["Retry-After"] == "1"


@dataclass(frozen=True)
class Hanging:
    """A row that hangs on a case and does not name it."""

    organisation: str


async def test_rows_that_hang_on_a_case_are_not_shown_without_its_case(told: QueryStand) -> None:
    found = [Found("row", Hanging("ZZ1"), 1)]
    async with told.chronicle.queries.ask(Question(actor=an_actor())) as answering:
        with pytest.raises(CaseUnnamedError, match="Hanging"):
            await answering.show(Form(Hanging, the_case_asked_for), found)
        answering.shown.add(FIRST)
        assert len(await answering.show(Form(Hanging, the_case_asked_for), found)) == 1
