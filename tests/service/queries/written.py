"""A case about which every kind of thing was written: people, decisions, candour, a learning response."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from domain.incident.events import IncidentAssigned, PersonAdded, RedecisionPrompted, ThresholdDecided
from domain.incident.words import Assignment, PersonKind
from domain.kernel.personal import Narrative, Personal
from domain.kernel.words import Code, DecisionId, IncidentId, KeyId, Label, OdsCode, PersonId, QuestionId
from domain.learning_response.events import Alternative, Factor, Method
from domain.policy.facts import FactName
from domain.policy.questions import Outcome, Question
from service.store.codec import rewrite_secrets
from tests.domain.candour import facts as candour
from tests.domain.learning_response import facts as response
from tests.support.chronicle import Chronicle, named
from tests.support.decisions import NOON
from tests.support.read_models.projections import envelope

RELATIVE: Final = candour.PERSON
PATIENT: Final = PersonId(named("patient"))
NHS_NUMBER: Final = "9990000077"


async def write(chronicle: Chronicle, incident: str) -> None:
    """Record everything at once, in one moment."""
    for fact in (*_people(incident), *_decisions(incident)):
        await told(chronicle, fact, incident)
    for number, fact in enumerate(_candour(incident)):
        await told(chronicle, replace(fact, originator_id=named("relative")), incident, opens=number == 0)
    for number, fact in enumerate(_response(incident)):
        await told(chronicle, replace(fact, originator_id=named("response")), incident, opens=number == 0)


async def told(chronicle: Chronicle, fact: Any, incident: str, *, opens: bool = True) -> int:
    """Record one fact, its words sealed with keys of the chronicle; the position where it stands."""

    def sealable(value: Personal | Narrative, _path: str) -> Personal | Narrative:
        if isinstance(value, Personal):
            return chronicle.pen.personal(value.about, str(value.words))
        return chronicle.pen.narrative(value.about, str(value.words))

    fact = rewrite_secrets(fact, sealable)
    cases = [named(incident)] if opens else []
    return (await chronicle.record(fact, cases=cases, after=timedelta(0))).last_position


def a_person(incident: str, *, name: str = "Pat Patient") -> PersonAdded:
    """The patient is named, with their NHS number."""
    return PersonAdded(
        **envelope(named(incident)),
        person=PATIENT,
        kind=PersonKind.PATIENT,
        patient=1,
        name=_personal(name),
        nhs_number=_personal(NHS_NUMBER),
        born_on=_personal("1931-02-17"),
    )


def a_decision(incident: str, name: str, outcome: Outcome) -> ThresholdDecided:
    """Whether it is a safeguarding matter."""
    return ThresholdDecided(
        **envelope(named(incident)),
        decision=DecisionId(named(name)),
        question=Question.SAFEGUARDING,
        outcome=outcome,
        criteria=(Code("neglect"), Code("adult_at_risk")),
        reasons=Narrative(named(incident), f"The reasons of {name}", KeyId(named("unused"))),
        rests_on=(FactName.SAFEGUARDING_CONCERN,),
        edition=Code("psirf-2022@1"),
        identified_at=NOON,
        decider=_personal("Dee Decider"),
        organisation=OdsCode("ZZ1"),
    )


def _personal(words: str, about: UUID = PATIENT) -> Personal:
    return replace(candour.named(words), about=PersonId(about))


def _people(incident: str) -> list[Any]:
    def assigned(name: str) -> IncidentAssigned:
        person = PersonId(named(name))
        return IncidentAssigned(
            **envelope(named(incident)),
            assignment=Assignment.HANDLER,
            person=person,
            name=_personal(name, person),
            role=Label("Matron"),
        )

    return [a_person(incident), assigned("Hal Handler"), assigned("Hope Handler")]


def _decisions(incident: str) -> list[Any]:
    prompted = RedecisionPrompted(
        **envelope(named(incident)),
        question=Question.SAFEGUARDING,
        decision=DecisionId(named("second decision")),
        facts=(FactName.SAFEGUARDING_CONCERN,),
    )
    first = a_decision(incident, "first decision", Outcome.UNCLEAR)
    return [first, a_decision(incident, "second decision", Outcome.MET), prompted]


def _candour(incident: str) -> list[Any]:
    talked = replace(candour.talked(), support_offered=candour.text("A named contact"))
    return [
        replace(candour.identified(), incident=IncidentId(named(incident))),
        replace(candour.promised(), reason=candour.text("As agreed in May")),
        talked,
        replace(candour.wrote(), contents=candour.text("Dear daughter")),
        replace(candour.attempted(), note=candour.text("Rang twice")),
        candour.declined(),
        candour.asked(days=1),
        candour.asked(QuestionId(named("open question")), days=2),
        candour.answered(None, "Not yet known"),
        candour.answered("Two nurses"),
        candour.shared(),
    ]


def _response(incident: str) -> list[Any]:
    factor = Factor(Code("tasks"), response.text("Two counts at once"))
    return [
        replace(
            response.commissioned(),
            incidents=(IncidentId(named(incident)),),
            alternatives=(Alternative(Method.SWARM, response.text("Too long ago")),),
        ),
        response.led(),
        replace(response.found(), factors=(factor,)),
        response.found(response.SECOND_FINDING),
        response.area(),
        response.left(finding=response.SECOND_FINDING),
        response.approved(),
        response.submitted(),
        response.received(),
        response.waived(),
    ]
