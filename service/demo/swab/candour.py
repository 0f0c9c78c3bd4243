"""Being open: the patient declines at first, then asks two questions; a conversation with an apology, and a letter."""

from service.demo.case import Case
from service.demo.cast import ENGAGEMENT_LEAD


async def decline_contact(case: Case, patient: str) -> str:
    """The patient does not want to talk yet, and that wish is respected and kept in their own words."""
    await case.stage.at(0, "15:00")
    person = await case.does(
        ENGAGEMENT_LEAD,
        "records to whom candour is owed: the patient",
        "candour/relevant-persons",
        person=patient,
        name="Pat Example",
        contact="pat@example.test",
        relationship="patient",
        consents=[{"to_tell": "Kim Example, sister", "given": True}],
        channel="telephone",
        language="en",
        format="large-print",
    )
    await case.stage.at(0, "15:45")
    await case.does(
        ENGAGEMENT_LEAD,
        "records that the patient declines to talk",
        "candour/contact-attempts",
        relevant_person=person.id,
        declined=True,
        note="Not now. I want to get through the operation first.",
    )
    return person.id


async def get_in_touch_again(case: Case, person: str) -> tuple[str, str]:
    """The patient rings after all: what regulation 20 asks for is owed again. Two questions, word for word."""
    await case.stage.at(3, "14:00")
    asked = [
        await case.does(
            ENGAGEMENT_LEAD,
            f"takes down the patient's {which} question",
            "candour/questions",
            relevant_person=person,
            words=words,
        )
        for which, words in (
            ("first", "Who counted the swabs, and how could the count be right when one was missing?"),
            ("second", "Will the bowel heal as it would have without the second operation?"),
        )
    ]
    return asked[0].id, asked[1].id


async def apologise_and_write(case: Case, person: str) -> None:
    """In person, with an apology and support; then in writing, and with a day by which findings are promised."""
    await case.stage.at(4, "15:00")
    await case.does(
        ENGAGEMENT_LEAD,
        "talks to the patient: what is known, an apology, what follows, support",
        "candour/conversations",
        relevant_person=person,
        channel="in_person",
        facts_known="A swab was left behind on Thursday; it was seen on Monday and removed on Tuesday.",
        apology_given=True,
        next_enquiries="A patient safety incident investigation by a lead from outside the department.",
        support_offered="A named nurse to ring at any time, and counselling.",
    )
    await case.does(
        ENGAGEMENT_LEAD,
        "agrees with the patient by when findings come",
        "candour/agreements",
        relevant_person=person,
        promised_on=case.stage.day(91),
    )
    await case.stage.at(7, "10:00")
    await case.does(
        ENGAGEMENT_LEAD,
        "sends the letter that follows the conversation",
        "candour/letters",
        relevant_person=person,
        kind="notification",
        apology_given=True,
        contents="We are sorry. This is what we told you on Friday, and what we are doing to find out why.",
    )


async def answer_first_question(case: Case, question: str) -> None:
    """What the investigation has found by now answers it; the second one waits."""
    await case.stage.at(64, "11:00")
    await case.does(
        ENGAGEMENT_LEAD,
        "answers the first question",
        f"candour/questions/{question}/answers",
        answer="Two people counted and signed. One swab was added while they changed over, and was on the board only.",
    )
