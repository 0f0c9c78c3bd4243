"""The incident moves on: its duties are brought up to date with what its other streams did before."""

from domain.catalogue.names import ALL
from domain.incident.events import IncidentClosed, IncidentReopened, IncidentReported, SubmittedExternally
from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.streams import Kind
from domain.kernel.words import Code, RecordId
from domain.reactions.bring_duties_up_to_date_when_the_incident_moves_on import (
    ANSWERED,
    bring_duties_up_to_date_when_the_incident_moves_on,
)
from domain.reactions.order import Order
from tests.domain.candour import facts as candour
from tests.support.decisions import a_stamp, an_id

CASE = an_id(0x11)


def test_an_incident_submitted_is_told_of_its_case_again() -> None:
    """A concise investigation may be commissioned before the report on StEIS from which its clock runs (SIF-04)."""
    submitted = SubmittedExternally(
        originator_id=CASE,
        originator_version=2,
        timestamp=a_stamp().at,
        submission=RecordId(an_id(0x61)),
        system=Code("steis"),
        purpose=Code("serious_incident"),
        reference=None,
        revision=1,
        status=Code("accepted"),
    )

    orders = bring_duties_up_to_date_when_the_incident_moves_on(submitted, cases=(CASE,))

    assert orders == (Order(kind=Kind.INCIDENT, stream=CASE, command=Code("bring_duties_up_to_date")),)


def test_every_fact_of_the_incident_that_does_something_is_answered_but_its_report_and_its_closing() -> None:
    does_something = {
        stored.event
        for stored in ALL
        if stored.event.done not in {Fact.done, FirstFact.done} and stored.name.startswith("incident.")
    }

    assert set(ANSWERED) == (does_something - {IncidentReported, IncidentClosed}) | {IncidentReopened}


def test_facts_of_other_streams_are_answered_elsewhere() -> None:
    assert bring_duties_up_to_date_when_the_incident_moves_on(candour.talked(), cases=(CASE,)) == ()
