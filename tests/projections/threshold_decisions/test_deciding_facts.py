"""Two decisions were made from the same facts, or they were not."""

import hashlib
import json
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.kernel.harm import Harm
from domain.kernel.words import Code
from domain.policy.assessing.assessed import Assessed, KnownFact
from domain.policy.facts import FactName
from domain.policy.questions import Outcome, Question
from projections.threshold_decisions.deciding_facts import facts_of, fingerprint
from tests.projections.threshold_decisions.made import MODERATE, assessed, known

untimed = settings(deadline=None)

DIED = known(FactName.DIED, value=True, patient=1)
HARMED = known(FactName.PHYSICAL_HARM, MODERATE, patient=1)
ABUSE = known(FactName.ABUSE_ALLEGED, value=False)
SAID = assessed(DIED, HARMED, ABUSE)


def of(said: Assessed, question: Question = Question.SERIOUS_INCIDENT) -> str:
    return fingerprint(question, said)


def test_the_fingerprint_is_the_sha_256_of_canonical_json() -> None:
    """Stable for ever: what was compared once can be compared again."""
    compared = {
        "facts": [["abuse_alleged", False]],
        "patients": [[["died", True], ["physical_harm", "moderate"]]],
        "provider_type": "health_service_body",
        "question": "serious_incident",
        "record_type": "incident",
        "regime": "psirf-2022",
    }
    canonical = json.dumps(compared, separators=(",", ":")).encode()

    assert of(SAID) == hashlib.sha256(canonical).hexdigest()


def test_what_the_rules_said_of_the_facts_is_not_among_them() -> None:
    """Other editions, another day, another outcome of the assessment: the facts are the same."""
    other = replace(
        SAID,
        outcome=Outcome.MET,
        criteria=(Code("SIF-01"),),
        missing=(FactName.DETAINED,),
        editions=(Code("sif-2015@2"),),
        day=SAID.day.replace(year=2030),
    )

    assert of(other) == of(SAID)


@pytest.mark.parametrize(
    "other",
    [
        replace(SAID, regime=Code("sif-2015")),
        replace(SAID, record_type=Code("risk")),
        replace(SAID, provider_type=Code("other_registered_person")),
        replace(SAID, facts=(DIED, HARMED)),
        replace(SAID, facts=(replace(DIED, value=False), HARMED, ABUSE)),
        replace(SAID, facts=(DIED, replace(HARMED, value=Harm(Code("2"), Code("lfpse-5"))), ABUSE)),
        replace(SAID, facts=(DIED, HARMED, ABUSE, known(FactName.POLICE_INFORMED, value=True))),
        replace(SAID, patients=(1, 2)),
        replace(SAID, patients=(1, 2), facts=(DIED, replace(HARMED, patient=2), ABUSE)),
        replace(SAID, facts=(ABUSE,), patients=()),
    ],
)
def test_anything_else_that_was_known_makes_another_fingerprint(other: Assessed) -> None:
    assert of(other) != of(SAID)


def test_nobody_involved_is_not_the_same_as_not_known_whether_anybody_was() -> None:
    assert of(assessed(ABUSE, patients=())) != of(assessed(ABUSE, patients=None))


def test_another_question_makes_another_fingerprint() -> None:
    assert of(SAID, Question.NEVER_EVENT) != of(SAID)


def test_one_level_of_harm_is_one_fact_whichever_list_its_code_came_from() -> None:
    later = replace(HARMED, value=Harm(Code("3"), Code("lfpse-6")))
    psychological = known(FactName.PSYCHOLOGICAL_HARM, Harm(Code("2"), Code("lfpse-5")), 1)

    assert of(replace(SAID, facts=(DIED, later, ABUSE))) == of(SAID)
    assert facts_of(assessed(psychological)) == ("patient1.psychological_harm=moderate",)


def test_a_harm_of_a_list_that_is_not_known_stands_for_itself() -> None:
    unknown = known(FactName.PHYSICAL_HARM, Harm(Code("9"), Code("local-list")), 1)

    assert facts_of(assessed(unknown)) == ("patient1.physical_harm=local-list:9",)


def test_the_facts_read_as_words_of_one_list() -> None:
    coded = known(FactName.NEVER_EVENT_TYPE, Code("never-events-2018:1"))

    assert facts_of(replace(SAID, facts=(*SAID.facts, coded))) == (
        "abuse_alleged=false",
        "never_event_type=never-events-2018:1",
        "patient1.died=true",
        "patient1.physical_harm=moderate",
    )


values = st.sampled_from([True, False])
names = st.sampled_from([FactName.DIED, FactName.DETAINED, FactName.CHILD, FactName.ABUSE_ALLEGED])
patient_facts = st.dictionaries(names, values, max_size=3)


@untimed
@given(st.lists(patient_facts, max_size=4), st.randoms(), st.integers(0, 50))
def test_how_patients_are_numbered_and_facts_ordered_makes_no_difference(
    patients: list[dict[FactName, bool]], random: Random, shift: int
) -> None:
    def said(numbers: list[int], *, backwards: bool) -> Assessed:
        facts: list[KnownFact] = [
            known(name, value, number)
            for number, told in zip(numbers, patients, strict=True)
            for name, value in told.items()
        ]
        return assessed(*(reversed(facts) if backwards else facts), patients=tuple(numbers))

    plain = list(range(1, len(patients) + 1))
    mixed = [number + shift for number in plain]
    random.shuffle(mixed)

    first, second = said(plain, backwards=False), said(mixed, backwards=True)

    assert of(first) == of(second)
    assert facts_of(first) == facts_of(second)
