"""What a body names is looked for only where the caller may look: another trust's records do not exist there either."""

from collections.abc import Callable
from uuid import UUID

import pytest

from domain.candour.commands.identify_relevant_person import IdentifyRelevantPerson
from domain.incident.commands.add_person import AddPerson
from domain.incident.words import PersonKind
from domain.kernel.actor import Role
from domain.kernel.words import CandourId, Code, IncidentId, PersonId, ResponseId
from domain.learning_response.commands.commission_response import CommissionResponse
from domain.learning_response.events import Method
from service.handling.desk import Desk
from service.handling.identifiers import new_id
from service.handling.pen import Pen
from service.handling.refusals import CasesOfSeveralProviders, RecordNotFound
from service.handling.tasks.candour import IDENTIFY_RELEVANT_PERSON
from service.handling.tasks.incident import ADD_PERSON
from service.handling.tasks.learning_response import COMMISSION_RESPONSE
from tests.support.desks import a_desk, an_order, report


def a_psii(*incidents: UUID) -> Callable[[Pen], CommissionResponse]:
    def make(pen: Pen) -> CommissionResponse:
        return CommissionResponse(
            response=ResponseId(pen.stream),
            incidents=tuple(IncidentId(incident) for incident in incidents),
            method=Method.PSII,
            reason=pen.narrative("A national priority."),
            alternatives=(),
        )

    return make


async def of_another_trust(desk: Desk) -> UUID:
    return (await report(desk, an_order(org="ZZ2", number=9), "R-2", provider="ZZ2")).stream


@pytest.mark.parametrize("turned", [False, True])
async def test_a_response_to_another_trusts_incident_too_is_not_told_that_it_exists(turned: bool) -> None:
    desk = await a_desk()
    own = (await report(desk, an_order())).stream
    named = (own, await of_another_trust(desk))

    with pytest.raises(RecordNotFound):
        await desk.begin(
            an_order(), COMMISSION_RESPONSE, a_psii(*(reversed(named) if turned else named)), stream=new_id()
        )


async def test_incidents_of_several_providers_are_refused_by_name_where_all_may_be_seen() -> None:
    desk = await a_desk()
    own = (await report(desk, an_order())).stream
    everywhere = an_order(Role.SYSTEM, org="ZZ1", number=1)

    with pytest.raises(CasesOfSeveralProviders):
        await desk.begin(everywhere, COMMISSION_RESPONSE, a_psii(own, await of_another_trust(desk)), stream=new_id())


def a_patient(pen: Pen) -> AddPerson:
    person = pen.new_person()
    return AddPerson(
        person=person,
        kind=PersonKind.PATIENT,
        patient=1,
        name=pen.personal(person, "Pat Example"),
        nhs_number=None,
        born_on=None,
    )


def identified(
    incident: UUID, person: PersonId, *, acts_for: PersonId | None = None
) -> Callable[[Pen], IdentifyRelevantPerson]:
    def make(pen: Pen) -> IdentifyRelevantPerson:
        return IdentifyRelevantPerson(
            candour=CandourId(pen.stream),
            incident=IncidentId(incident),
            person=person,
            name=pen.personal(person, "Pat Example"),
            contact=None,
            relationship=Code("patient"),
            acts_for=acts_for,
            consents=(),
            channel=None,
            language=None,
            format=None,
        )

    return make


async def identify(desk: Desk, incident: UUID, person: PersonId, *, acts_for: PersonId | None = None) -> UUID:
    make = identified(incident, person, acts_for=acts_for)
    receipt = await desk.begin(an_order(), IDENTIFY_RELEVANT_PERSON, make, stream=new_id(), persons=(person,))
    return receipt.stream


async def test_a_person_of_the_case_is_identified_and_keeps_their_key() -> None:
    desk = await a_desk()
    incident = (await report(desk, an_order())).stream
    patient = PersonId((await desk.change(an_order(), ADD_PERSON, a_patient, stream=incident)).id)

    await identify(desk, incident, patient)

    assert len(await desk.ledger.keys_about([patient])) == 1


async def test_a_person_of_another_trust_is_as_unknown_as_nobody() -> None:
    desk = await a_desk()
    incident = (await report(desk, an_order())).stream
    theirs = an_order(org="ZZ2", number=9)
    named = await desk.change(theirs, ADD_PERSON, a_patient, stream=await of_another_trust(desk))

    for person in (PersonId(named.id), PersonId(new_id())):
        with pytest.raises(RecordNotFound) as refused:
            await identify(desk, incident, person)
        assert refused.value.pointers == ("/person",)


async def test_whoever_is_acted_for_is_somebody_of_the_case() -> None:
    desk = await a_desk()
    incident = (await report(desk, an_order())).stream
    patient = PersonId((await desk.change(an_order(), ADD_PERSON, a_patient, stream=incident)).id)

    with pytest.raises(RecordNotFound) as refused:
        await identify(desk, incident, patient, acts_for=PersonId(new_id()))

    assert refused.value.pointers == ("/acts_for",)
