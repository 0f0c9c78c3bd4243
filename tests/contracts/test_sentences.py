"""Every event is told in one plain sentence that holds nothing anybody wrote."""

from typing import Any

import pytest

from domain.catalogue.names import ALL
from domain.catalogue.stored import Stored
from projections.incident_timeline.sentences.telling import SENTENCES, sentence
from tests.support.sample_events import every_sample, planted_words


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
