"""A learning response is commissioned by a method that the regimes of its cases know, as the cases themselves say."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest

from domain.kernel.streams import Kind, organisation_stream
from domain.kernel.words import IncidentId, Label, OdsCode, ResponseId
from domain.learning_response.commands.commission_response import CommissionResponse, MethodNotOfRegime
from domain.learning_response.events import Method
from domain.organisation.commands.register_organisation import RegisterOrganisation
from domain.organisation.events import OrganisationKind, ProviderType
from service.handling.desk import Desk
from service.handling.identifiers import new_id
from service.handling.pen import Pen
from service.handling.tasks.ground import REGISTER_ORGANISATION
from service.handling.tasks.learning_response import COMMISSION_RESPONSE
from tests.support.desks import a_desk, an_order, report, system

LATE = OdsCode("ZZ3")
"""A trust that adopts PSIRF in years to come: its cases are still under the Serious Incident Framework."""


async def a_desk_with_both_regimes() -> Desk:
    desk = await a_desk()
    command = RegisterOrganisation(
        ods=LATE,
        name=Label("Fictitious ZZ3"),
        kind=OrganisationKind.PROVIDER,
        provider_type=ProviderType.HEALTH_SERVICE_BODY,
        psirf_adopted_on=date(2199, 1, 1),
    )
    await desk.begin(system(), REGISTER_ORGANISATION, lambda _pen: command, stream=organisation_stream(LATE))
    return desk


def by(method: Method, incident: UUID) -> Callable[[Pen], CommissionResponse]:
    def make(pen: Pen) -> CommissionResponse:
        return CommissionResponse(
            response=ResponseId(pen.stream),
            incidents=(IncidentId(incident),),
            method=method,
            reason=pen.narrative("In proportion."),
            alternatives=(),
        )

    return make


@pytest.mark.parametrize(
    ("provider", "taken", "refused"),
    [("ZZ1", Method.PSII, Method.COMPREHENSIVE), (LATE, Method.COMPREHENSIVE, Method.PSII)],
    ids=["PSIRF", "Serious Incident Framework"],
)
async def test_a_method_of_the_other_regime_is_refused_and_stores_nothing(
    provider: str, *, taken: Method, refused: Method
) -> None:
    desk, order = await a_desk_with_both_regimes(), an_order(org=provider)
    incident = (await report(desk, order, provider=provider)).stream

    with pytest.raises(MethodNotOfRegime):
        await desk.begin(order, COMMISSION_RESPONSE, by(refused, incident), stream=new_id())
    assert Kind.LEARNING_RESPONSE not in {kind for _, kind in await desk.ledger.case_streams(incident)}

    await desk.begin(order, COMMISSION_RESPONSE, by(taken, incident), stream=new_id())
    assert Kind.LEARNING_RESPONSE in {kind for _, kind in await desk.ledger.case_streams(incident)}
