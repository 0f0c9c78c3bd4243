"""Who may have a pack, and what is opened in it: as far as its reader may see, and not a word further."""

import pytest

from domain.kernel.actor import Role
from service.reading.sight import READS_EVENTS
from service.store.access.records import AccessNotRecordedError
from tests.service.audit.packed import CASE, HOSTILE, OTHER, SAMPLE, Marked
from tests.support.chronicle import named
from tests.support.running.planted import forms_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

SEALED = [(Role.AUDITOR, "ZZ1"), (Role.DATA_PROTECTION_OFFICER, "ZZ1"), (Role.COMMISSIONER, "ZZQ")]


async def test_whoever_reads_the_case_in_words_has_each_of_them_with_its_place(marked: Marked) -> None:
    pack = await marked.pack(CASE)

    assert marked.marks
    opened = pack.json("opened.json")
    assert {(each["position"], each["path"]): each["words"] for each in opened} == marked.marks
    assert [each["position"] for each in opened] == sorted(each["position"] for each in opened)


@pytest.mark.parametrize(("role", "organisation"), SEALED)
async def test_whoever_may_not_has_no_word_of_them_in_any_form(marked: Marked, role: Role, organisation: str) -> None:
    pack = await marked.pack(CASE, role, organisation=organisation)

    assert pack.json("opened.json") == []
    assert pack.json("pack.json")["reader"] == {"organisation": organisation, "roles": [role]}
    for words in {"Planted", HOSTILE, *marked.marks.values()}:
        for form in forms_of(words):
            assert [name for name, content in pack.members.items() if form in content] == []
            assert form not in pack.whole


async def test_roles_of_one_reader_add_up(marked: Marked) -> None:
    """An auditor who also signs off for the board reads cases in words; an owner of actions, those of actions."""
    both = await marked.pack(CASE, Role.AUDITOR, Role.APPROVER)
    owner = await marked.pack(CASE, Role.AUDITOR, Role.ACTION_OWNER)

    assert len(both.json("opened.json")) == len(marked.marks)
    actions = {place for place, words in marked.marks.items() if words.startswith("<action.")}
    assert {(each["position"], each["path"]) for each in owner.json("opened.json")} == actions


async def test_the_same_search_finds_what_is_open(marked: Marked) -> None:
    pack = await marked.pack(CASE)

    found = {name for name, content in pack.members.items() if HOSTILE.encode() in content.replace(b'\\"', b'"')}
    assert found == {"opened.json"}


async def test_what_is_sealed_is_the_same_for_every_reader(marked: Marked) -> None:
    packs = [await marked.pack(CASE), await marked.pack(CASE, Role.AUDITOR)]

    same = {name for name in packs[0].members if packs[0].members[name] == packs[1].members[name]}
    assert set(packs[0].members) - same == {"opened.json", "timeline.html", "pack.json", "pack.note"}


@pytest.mark.parametrize("role", sorted(set(Role) - READS_EVENTS - {Role.SYSTEM}))
async def test_a_case_in_scope_without_the_role_is_not_permitted_or_does_not_exist(marked: Marked, role: Role) -> None:
    sees = role not in {Role.REPORTER, Role.REPORTER_SYSTEM, Role.ADMINISTRATOR}

    for path in (str(CASE), f"samples/{SAMPLE}"):
        answer = await marked.ask(path, role)
        assert (answer.status_code, answer.json()["code"]) == (
            (403, "access.not-permitted") if sees else (404, "resource.not-found")
        )


@pytest.mark.parametrize(
    "path", [str(OTHER), str(named("nothing")), "no-id", f"samples/{CASE}", "samples/no-id", str(SAMPLE)]
)
async def test_what_is_outside_the_scope_does_not_exist(marked: Marked, path: str) -> None:
    answer = await marked.ask(path, Role.AUDITOR)

    assert (answer.status_code, answer.json()["code"]) == (404, "resource.not-found")


async def test_a_regulator_without_a_grant_has_no_pack(marked: Marked) -> None:
    assert (await marked.ask(str(CASE), Role.REGULATOR, organisation="ZZR")).status_code == 404
    assert (await marked.ask(f"samples/{SAMPLE}", Role.AUDITOR, organisation="ZZ2")).status_code == 404


@pytest.mark.parametrize(("role", "words"), [(Role.PATIENT_SAFETY_MANAGER, True), (Role.AUDITOR, False)])
async def test_a_pack_is_written_down_as_one_read_of_its_cases(marked: Marked, role: Role, *, words: bool) -> None:
    marked.stand.reads.reset()

    pack = await marked.pack(CASE, role)
    sample = await marked.pack(f"samples/{SAMPLE}", role)
    of_case, of_sample = marked.stand.reads.kept
    assert (of_case.cases, of_case.words_opened) == ((CASE,), words)
    assert (of_sample.cases, of_sample.words_opened) == ((named("drawn"),), words)
    assert of_case.position == pack.json("pack.json")["size"]
    assert of_sample.position == sample.json("pack.json")["size"]


async def test_what_is_not_sent_is_no_read_and_what_cannot_be_written_down_is_not_sent(marked: Marked) -> None:
    tag = (await marked.ask(str(CASE))).headers["ETag"]
    marked.stand.reads.reset()

    unchanged = await marked.stand.get(f"/v1/evidence-packs/{CASE}", headers={"If-None-Match": tag})
    refused = await marked.ask(str(OTHER))
    assert (unchanged.status_code, refused.status_code, marked.stand.reads.kept) == (304, 404, [])
    marked.stand.reads.failure = AccessNotRecordedError()
    answer = await marked.ask(str(CASE))
    marked.stand.reads.reset()
    assert (answer.status_code, answer.json()["code"]) == (503, "service.read-not-recorded")


async def test_it_is_told_from_no_read_model(marked: Marked) -> None:
    answer = await marked.ask(str(CASE), projection="timeliness:2")

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "?projection")
