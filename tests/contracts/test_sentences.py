"""Every event is told in one plain sentence that holds nothing anybody wrote."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.catalogue.names import ALL
from domain.catalogue.stored import Stored
from domain.incident.duty_events import DutyRedated
from domain.incident.events import FactsAdded, IncidentNotified
from domain.incident.words import AddedFact
from domain.kernel.harm import Harm
from domain.kernel.words import Code
from domain.learning_response.events import FindingMade
from domain.policy.facts import FactName
from projections.incident_timeline.sentences.telling import SENTENCES, sentence
from tests.support.sample_events import every_sample, planted_words, sample


@pytest.mark.parametrize("stored", ALL, ids=lambda stored: stored.name)
def test_the_event_has_a_sentence(stored: Stored) -> None:
    assert stored.event in SENTENCES


def test_no_sentence_is_left_of_an_event_that_is_gone() -> None:
    assert set(SENTENCES) == {stored.event for stored in ALL}


@pytest.mark.parametrize("fact", every_sample(), ids=lambda fact: type(fact).__name__)
def test_the_sentence_reads_as_one_and_holds_nobodys_words(fact: Any) -> None:
    told = sentence(fact)

    assert told[0].isupper()
    assert told.endswith(".")
    assert [word for word in planted_words(fact) if word in told] == []


@pytest.mark.parametrize(
    ("event", "changes", "told"),
    [
        (
            FactsAdded,
            {"facts": (AddedFact(FactName.PHYSICAL_HARM, 1, Harm(Code("3"), Code("lfpse-5")), None),)},
            "It became known: physical harm of patient 1: moderate (code 3 of lfpse-5).",
        ),
        (
            FactsAdded,
            {"facts": (AddedFact(FactName.NEVER_EVENT_TYPE, None, Code("never-events-2018:3"), None),)},
            "It became known: never event type: number 3 of the list of 2018.",
        ),
        (
            IncidentNotified,
            {"recipient": Code("relevant_bodies"), "organisation": None, "channel": Code("in_person"), "receipt": None},
            "Notice was given in person to relevant bodies.",
        ),
        (FindingMade, {"evidence": ()}, "A finding was made, citing 2 system factors."),
        (DutyRedated, {"due_at": None}, "now without a due time."),
        (
            DutyRedated,
            {"because": Code("calendar"), "due_at": datetime(2027, 6, 15, 22, 59, tzinfo=UTC)},
            (
                "The bank holidays changed under the clock of PSIRF-01: "
                "now due by 15 June 2027 at 23:59 instead of 2 March 2026 at 12:00."
            ),
        ),
    ],
)
def test_what_is_told_is_plain_and_true(event: type[Any], changes: dict[str, Any], told: str) -> None:
    assert sentence(replace(sample(event), **changes)).endswith(told)
