"""A case moves on: its duties are brought up to date."""

from typing import Any

import pytest

from domain.catalogue.names import ALL
from domain.kernel.done import Done
from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.streams import Kind
from domain.kernel.words import Code
from domain.reactions.bring_duties_up_to_date_when_a_case_moves_on import (
    ANSWERED,
    bring_duties_up_to_date_when_a_case_moves_on,
)
from domain.reactions.order import Order
from domain.reactions.told_by import told_by
from tests.domain.action import facts as action
from tests.domain.candour import facts as candour
from tests.domain.evidence import facts as evidence
from tests.domain.learning_response import facts as response
from tests.support.decisions import a_stamp, an_id

CASES = (an_id(0x11), an_id(0x12))
NOON = a_stamp().at


def orders(event: Fact | FirstFact) -> tuple[Order, ...]:
    return bring_duties_up_to_date_when_a_case_moves_on(event, cases=CASES)


@pytest.mark.parametrize(
    "event",
    [
        evidence.preserved(),
        candour.identified(),
        candour.promised(),
        candour.talked(),
        candour.wrote(),
        candour.attempted(),
        candour.declined(),
        candour.asked(),
        candour.answered(),
        candour.shared(),
        response.commissioned(),
        response.led(),
        response.approved(),
        response.submitted(),
        response.received(),
    ],
    ids=lambda event: type(event).__name__,
)
def test_each_case_of_the_stream_is_told_what_was_done(event: Any) -> None:
    found = orders(event)

    assert [(order.kind, order.stream, order.command) for order in found] == [
        (Kind.INCIDENT, case, "bring_duties_up_to_date") for case in CASES
    ]
    assert [order.starts for order in found] == [event.done()] * 2
    assert event.done() != ()


@pytest.mark.parametrize(
    "event",
    [
        evidence.transferred(),
        response.found(),
        response.area(),
        response.left(),
        response.waived(),
        action.agreed(),
        action.completed(),
    ],
    ids=lambda event: type(event).__name__,
)
def test_a_fact_from_which_no_clock_runs_orders_nothing(event: Any) -> None:
    assert orders(event) == ()


def test_every_fact_outside_the_incident_that_does_something_is_answered() -> None:
    """An event that learns to do something towards a duty and is forgotten here would never start a clock."""
    does_something = {
        stored.event
        for stored in ALL
        if stored.event.done not in {Fact.done, FirstFact.done} and not stored.name.startswith("incident.")
    }

    assert set(ANSWERED) == does_something


def test_the_person_is_named_so_that_duties_are_owed_to_them() -> None:
    assert {order.persons for order in orders(candour.identified())} == {(candour.PERSON,)}
    assert {order.persons for order in orders(response.approved())} == {()}


def test_the_method_of_a_response_is_told_for_it_has_clocks_of_its_own() -> None:
    assert {order.methods for order in orders(response.commissioned())} == {("psii",)}
    assert {order.methods for order in orders(response.approved())} == {()}


def test_a_fact_of_no_case_orders_nothing() -> None:
    assert bring_duties_up_to_date_when_a_case_moves_on(candour.identified(), cases=()) == ()


def test_all_facts_of_a_case_tell_each_person_and_each_method_once() -> None:
    told = told_by([candour.identified(), candour.declined(), response.commissioned(), response.found()])

    assert told.starts == (
        Done(Code("candour.relevant_person_identified"), NOON, candour.PERSON),
        Done(Code("candour.contact_declined"), NOON, candour.PERSON),
        Done(Code("learning_response.commissioned"), NOON, response=response.RESPONSE),
        Done(Code("learning_response.commissioned:psii"), NOON, response=response.RESPONSE),
    )
    assert told.persons == (candour.PERSON,)
    assert told.methods == ("psii",)
