"""What follows from a decision is owed at once to the persons whom the case has named."""

from domain.candour.commands.identify_relevant_person import IdentifyRelevantPerson
from domain.incident.commands.decide_threshold import DecideThreshold
from domain.kernel.words import CandourId, Code, DecisionId, IncidentId
from domain.policy.questions import Outcome, Question
from service.handling.identifiers import new_id
from service.handling.pen import Pen
from service.handling.tasks.candour import IDENTIFY_RELEVANT_PERSON
from service.handling.tasks.incident import DECIDE_THRESHOLD
from tests.support.desks import DISCOVERED, a_desk, an_order, report


def notifiable(pen: Pen) -> DecideThreshold:
    return DecideThreshold(
        decision=DecisionId(pen.new_id()),
        question=Question.NOTIFIABLE_SAFETY_INCIDENT,
        outcome=Outcome.MET,
        criteria=(Code("moderate_harm"),),
        reasons=pen.narrative("An unplanned return to theatre."),
        rests_on=(),
        edition=Code("candour-regulation-20"),
        identified_at=DISCOVERED,
        decider=None,
    )


async def test_duties_of_candour_open_for_the_person_named_before_the_decision() -> None:
    desk = await a_desk()
    incident = (await report(desk, an_order())).stream

    def patient(pen: Pen) -> IdentifyRelevantPerson:
        person = pen.new_person()
        return IdentifyRelevantPerson(
            candour=CandourId(pen.stream),
            incident=IncidentId(incident),
            person=person,
            name=pen.personal(person, "Fictitious Patient"),
            contact=None,
            relationship=Code("patient"),
            acts_for=None,
            consents=(),
            channel=None,
            language=None,
            format=None,
        )

    await desk.begin(an_order(), IDENTIFY_RELEVANT_PERSON, patient, stream=new_id())

    await desk.change(an_order(), DECIDE_THRESHOLD, notifiable, stream=incident)

    [own, candour] = await desk.load_case(incident)
    owed = {duty.terms.person for duty in own.aggregate.duties.values() if duty.terms.rule.startswith("DOC-")}
    assert owed == {candour.aggregate.person}
