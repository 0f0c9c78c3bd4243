"""What was written can be read by those who may read it: candour, decisions, people, learning responses, notes."""

from collections.abc import Iterator
from typing import Any

import pytest

from domain.kernel.actor import Role
from service.reading.sight import READS_OWN
from tests.domain.candour import facts as candour
from tests.domain.learning_response import facts as response
from tests.service.queries.written import NHS_NUMBER, PATIENT, RELATIVE
from tests.support.chronicle import named
from tests.support.desk_of_queries import QueryStand

pytestmark = pytest.mark.asyncio(loop_scope="module")

FIRST, RESPONSE = f"/v1/incidents/{named('first')}", f"/v1/learning-responses/{named('response')}"
PARTS = ("candour", "threshold-decisions", "people", "learning-responses", "notes")
PATHS = (*(f"{FIRST}/{part}" for part in PARTS), RESPONSE)
CLINICAL = {Role.PATIENT_SAFETY_MANAGER, Role.LEARNING_RESPONSE_LEAD, Role.ENGAGEMENT_LEAD, Role.APPROVER}
OTHERS = [(role, "ZZ1") for role in sorted(READS_OWN - CLINICAL)] + [(Role.COMMISSIONER, "ZZQ")]
WORDS = (
    "A Daughter, 01632 960001, A Solicitor, As agreed in May, A swab was left behind, An investigation, A named contact, "
    "Dear daughter, Rang twice, Please leave us alone, Who counted?, Not yet known, Two nurses, The reasons of, "
    "Dee Decider, Pat Patient, 1931-02-17, Hal Handler, Hope Handler, A Never Event, Too long ago, A Lead, "
    "Kit Keeper, "
    f"Counts differ, Two counts at once, Counting in theatres, Already mended, A Director, Nobody was affected, {NHS_NUMBER}"
).split(", ")


def texts(value: Any) -> Iterator[str]:
    """Every text inside of an answer."""
    match value:
        case str():
            yield value
        case dict():
            for each in value.values():
                yield from texts(each)
        case list():
            for each in value:
                yield from texts(each)


def closed(value: Any) -> set[str]:
    """Every field inside of an answer that is named as sealed."""
    match value:
        case dict():
            mine = value.get("sealed", [])
            own = set(mine.split() if isinstance(mine, str) else mine)
            return own.union(*map(closed, value.values()))
        case list():
            return set().union(*map(closed, value))
    return set()


async def read(stand: QueryStand, *roles: Role, organisation: str = "ZZ1") -> list[Any]:
    return [await stand.ok(path, *roles, organisation=organisation) for path in PATHS]


@pytest.mark.parametrize("role", sorted(CLINICAL))
async def test_clinical_roles_of_the_own_organisation_read_every_word(stand: QueryStand, role: Role) -> None:
    answers = await read(stand, role)

    told = "\n".join(texts(answers))
    assert [words for words in WORDS if words not in told] == []
    assert closed(answers) == set()


@pytest.mark.parametrize(("role", "organisation"), OTHERS)
async def test_for_everybody_else_every_word_stays_sealed_and_is_named(
    stand: QueryStand, role: Role, organisation: str
) -> None:
    answers = await read(stand, role, organisation=organisation)

    told = "\n".join(texts(answers))
    assert [words for words in WORDS if words in told] == []
    assert {"name", "contact", "to_tell", "words", "answer", "contents", "note", "reasons", "decider"} <= closed(
        answers
    )
    assert {"nhs_number", "born_on", "reason", "lead_name", "seen", "approver", "facts_known"} <= closed(answers)


async def test_a_commissioner_reads_how_far_a_response_is_and_how_much_it_found(stand: QueryStand) -> None:
    shown = await stand.ok(RESPONSE, Role.COMMISSIONER, organisation="ZZQ")

    assert (shown["provider"], shown["method"], shown["status"]) == ("ZZ1", "psii", "received")
    assert (len(shown["findings"]), len(shown["areas"]), shown["left_without_action"]) == (2, 1, 1)
    assert (shown["submitted_to"], shown["receipt"]) == ("ZZQ", "ICB-1")


@pytest.mark.parametrize("path", PATHS)
async def test_for_another_trust_none_of_it_exists(stand: QueryStand, path: str) -> None:
    for role, organisation in ((Role.PATIENT_SAFETY_MANAGER, "ZZ2"), (Role.ANALYST, "ZZQ"), (Role.REPORTER, "ZZ1")):
        answer = await stand.get(path, role, organisation=organisation)
        assert (answer.status_code, answer.json()["code"]) == (404, "resource.not-found")


@pytest.mark.parametrize("record", ["not-an-id", named("none"), named("first"), named("relative")])
async def test_what_is_no_learning_response_is_not_found(stand: QueryStand, record: Any) -> None:
    answer = await stand.get(f"/v1/learning-responses/{record}")

    assert (answer.status_code, answer.json()["code"]) == (404, "resource.not-found")


@pytest.mark.parametrize("path", PATHS)
async def test_what_is_not_known_is_refused_and_what_has_not_changed_is_not_sent(stand: QueryStand, path: str) -> None:
    unknown = await stand.get(f"{path}?colour=red")
    answer = await stand.get(path)
    again = await stand.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    other = await stand.get(path, Role.AUDITOR, headers={"If-None-Match": answer.headers["ETag"]})

    assert (unknown.status_code, unknown.json()["code"]) == (400, "request.parameter-unknown")
    assert (answer.status_code, again.status_code, other.status_code) == (200, 304, 200)
    assert answer.headers["Ledger-Position"] == str((await stand.chronicle.ledger.head()).position)


async def test_candour_is_told_person_by_person(stand: QueryStand) -> None:
    (person,) = await stand.ok(f"{FIRST}/candour")

    assert (person["id"], person["person_id"]) == (str(named("relative")), str(RELATIVE))
    assert (person["relationship"], person["channel"], person["language"]) == ("child", "telephone", "cy")
    assert (person["promised_on"], person["declined"], person["open_questions"]) == ("2026-05-29", False, 1)
    assert person["consents"] == [{"to_tell": "A Solicitor", "given": True, "sealed": [], "erased": []}]
    attempts = [(each["declined"], each["outcome"], each["note"]) for each in person["contact_attempts"]]
    assert attempts == [(False, "no_answer", "Rang twice"), (True, None, "Please leave us alone")]
    question, still_open = person["questions"]
    assert (still_open["answer"], still_open["answered_at"], still_open["earlier_answers"]) == (None, None, [])
    assert question["id"] == str(candour.QUESTION)
    assert (question["answer"], question["no_answer_because"]) == ("Two nurses", None)
    assert [each["no_answer_because"] for each in question["earlier_answers"]] == ["Not yet known"]
    assert person["shares"][0]["learning_response_id"] == str(candour.RESPONSE)


async def test_every_decision_is_told_and_which_one_stands(stand: QueryStand) -> None:
    earlier, standing = await stand.ok(f"{FIRST}/threshold-decisions")

    assert (earlier["outcome"], earlier["reasons"]) == ("unclear", "The reasons of first decision")
    assert (earlier["current"], earlier["decide_again"], earlier["changed_facts"]) == (False, False, "")
    assert (standing["outcome"], standing["criteria"]) == ("met", "neglect adult_at_risk")
    assert (standing["current"], standing["decide_again"]) == (True, True)
    assert standing["changed_facts"] == "safeguarding_concern"
    assert (standing["decided_by"], standing["decider"]) == ("ZZ1", "Dee Decider")


async def test_people_are_told_with_what_they_are_to_the_case(stand: QueryStand) -> None:
    people = await stand.ok(f"{FIRST}/people")

    assert [(each["kind"], each["name"], each["current"]) for each in people] == [
        ("patient", "Pat Patient", True),
        ("handler", "Hal Handler", False),
        ("handler", "Hope Handler", True),
    ]
    assert (people[0]["id"], people[0]["patient"], people[0]["nhs_number"]) == (str(PATIENT), 1, NHS_NUMBER)


async def test_a_finding_says_on_what_it_rests_and_why_no_action_follows(stand: QueryStand) -> None:
    shown = await stand.ok(RESPONSE)
    (of_case,) = await stand.ok(f"{FIRST}/learning-responses")

    assert shown == of_case
    acted, left = shown["findings"]
    assert (acted["id"], acted["evidence"]) == (str(response.FINDING), [str(response.EVIDENCE)])
    assert acted["factors"] == [{"code": "tasks", "seen": "Two counts at once", "sealed": [], "erased": []}]
    assert (acted["left_without_action_because"], left["left_without_action_because"]) == (None, "Already mended")
    assert shown["areas"][0]["findings"] == [str(response.FINDING)]
    assert [(each["method"], each["reason"]) for each in shown["alternatives"]] == [("swarm", "Too long ago")]


async def test_what_was_left_out_of_an_event_makes_no_note(stand: QueryStand) -> None:
    notes = await stand.ok(f"{FIRST}/notes")

    assert [(each["kind"], each["words"]) for each in notes] == [("custodian", "Kit Keeper")]


@pytest.mark.parametrize(("part", "form"), [("people", "text/csv"), ("candour", "application/x-ndjson")])
async def test_a_list_comes_in_the_form_that_is_asked_for(stand: QueryStand, part: str, form: str) -> None:
    answer = await stand.get(f"{FIRST}/{part}", headers={"Accept": form})

    assert answer.headers["Content-Type"].startswith(form)
    assert "A Solicitor" in answer.text or "Hope Handler" in answer.text


async def test_lists_within_lists_are_no_table(stand: QueryStand) -> None:
    assert (await stand.get(f"{FIRST}/candour", headers={"Accept": "text/csv"})).status_code == 406
