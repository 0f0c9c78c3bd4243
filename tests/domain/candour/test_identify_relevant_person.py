"""Naming a relevant person."""

from typing import Any

from domain.candour.commands.identify_relevant_person import (
    ActsForSelf,
    AlreadyIdentified,
    IdentifyRelevantPerson,
    identify_relevant_person,
)
from domain.candour.events import Consent, RelevantPersonIdentified
from domain.kernel.words import Code, PersonId
from tests.domain.candour.facts import CANDOUR, INCIDENT, PATIENT, PERSON, identified, named
from tests.support.decisions import Outcome, a_stamp, given


def identify(*, already: frozenset[PersonId] = frozenset(), **changes: Any) -> Outcome:
    values: dict[str, Any] = {
        "candour": CANDOUR,
        "incident": INCIDENT,
        "person": PERSON,
        "name": named("A Daughter"),
        "contact": named("01632 960001"),
        "relationship": Code("child"),
        "acts_for": PATIENT,
        "consents": (Consent(named("A Solicitor"), given=True),),
        "channel": Code("telephone"),
        "language": Code("cy"),
        "format": Code("large_print"),
    }
    command = IdentifyRelevantPerson(**(values | changes))
    return given().when(identify_relevant_person, command, already_identified=already)


def test_a_relevant_person_is_named_with_their_wishes_and_consents() -> None:
    identify().then(
        RelevantPersonIdentified,
        originator_id=CANDOUR,
        originator_version=1,
        incident=INCIDENT,
        person=PERSON,
        name=named("A Daughter"),
        contact=named("01632 960001"),
        relationship="child",
        acts_for=PATIENT,
        consents=(Consent(named("A Solicitor"), given=True),),
        channel="telephone",
        language="cy",
        format="large_print",
    )


def test_a_patient_acts_for_nobody() -> None:
    identify(person=PATIENT, acts_for=None).then(RelevantPersonIdentified, person=PATIENT, acts_for=None)


def test_nobody_acts_for_themselves() -> None:
    refused = identify(acts_for=PERSON).then_refused(ActsForSelf)

    assert refused.refusal is not None
    assert refused.refusal.pointers == ("/acts_for",)


def test_a_person_is_identified_once_for_an_incident() -> None:
    """A second record of candour would double what is owed to the person, and hide what was done."""
    identify(already=frozenset({PATIENT, PERSON})).then_refused(AlreadyIdentified)
    identify(already=frozenset({PATIENT})).then(RelevantPersonIdentified)


def test_nothing_was_done_yet_for_a_person_just_identified() -> None:
    candour = given(identified()).aggregate()

    assert (candour.notice_given, candour.notification_letter_sent, candour.results_given) == (False, False, False)
    assert (candour.has_declined, candour.cannot_be_contacted, candour.is_released) == (False, False, False)
    assert (candour.open_questions, candour.promised_on, candour.contact_attempts) == ((), None, 0)
    assert (candour.incident, candour.person) == (INCIDENT, PERSON)


def test_the_duties_are_owed_to_the_person_by_name() -> None:
    (event,) = identify().events

    assert [(done.code, done.at, done.person) for done in event.done()] == [
        ("candour.relevant_person_identified", a_stamp(days=1).at, PERSON)
    ]
