"""Being open with the patient: told and written to at once, asked about the draft, and given the results."""

from service.demo.case import Case
from service.demo.cast import LIAISON_NURSE


async def tell_the_patient(case: Case, person: str) -> None:
    """On the day of the decision, in person and with an apology; in writing before Easter."""
    await case.stage.at(3, "15:00")
    await case.does(
        LIAISON_NURSE,
        "talks to the patient: what is known, an apology, what follows, support",
        "candour/conversations",
        relevant_person=person,
        channel="in_person",
        facts_known="You got up alone, the mat did not ring, and your hip broke in the fall.",
        apology_given=True,
        next_enquiries="An investigation by a team from another ward; you will see the draft.",
        support_offered="A nurse of your own for every question, and an advocate.",
    )
    await case.stage.at(3, "17:30")
    await case.does(
        LIAISON_NURSE,
        "hands over the letter that follows the conversation",
        "candour/letters",
        relevant_person=person,
        kind="notification",
        apology_given=True,
        contents="We are sorry. This is what we told you today, and what we are doing to find out why.",
    )


async def share_draft(case: Case, person: str, response: str) -> str:
    """The patient takes eleven days, and comes back with a question; its id."""
    await case.stage.at(74, "11:00")
    await case.does(
        LIAISON_NURSE,
        "shares the draft with the patient",
        "candour/shares",
        relevant_person=person,
        learning_response=response,
        stage="draft",
        channel="in_person",
    )
    await case.stage.at(85, "11:00")
    question = await case.does(
        LIAISON_NURSE,
        "takes down the patient's question about the draft",
        "candour/questions",
        relevant_person=person,
        words="Who was meant to plug the mat in that evening?",
    )
    return question.id


async def answer(case: Case, question: str) -> None:
    """Before the report is signed off."""
    await case.stage.at(91, "11:00")
    await case.does(
        LIAISON_NURSE,
        "answers the question",
        f"candour/questions/{question}/answers",
        answer="Nobody by name: the handover had no line for it. It has one now.",
    )


async def give_results(case: Case, person: str, response: str) -> None:
    """Within ten working days of the approval."""
    await case.stage.at(105, "14:00")
    await case.does(
        LIAISON_NURSE,
        "shares the final report with the patient",
        "candour/shares",
        relevant_person=person,
        learning_response=response,
        stage="final",
        channel="in_person",
        acknowledged=True,
    )
    await case.does(
        LIAISON_NURSE,
        "sends the results in writing",
        "candour/letters",
        relevant_person=person,
        kind="results",
        apology_given=True,
        contents="We are sorry. This letter holds what the investigation found and what has changed.",
    )
