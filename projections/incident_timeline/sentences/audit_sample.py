"""What the events of a random sample say."""

from collections.abc import Callable
from typing import Any, Final

from domain.audit_sample.events import SampleCommitted, SampleDrawn
from projections.incident_timeline.sentences.wording import moment


def committed(fact: SampleCommitted) -> str:
    """How many of which decisions, and from when on they can be known."""
    question, outcome = (word.replace("_", " ") for word in (fact.question, fact.outcome))
    until = moment(fact.population_until)
    return f"A random sample of {fact.size} was committed to: {question} decided as {outcome}, as it stands at {until}."


def drawn(fact: SampleDrawn) -> str:
    """How many out of how many."""
    return f"The sample was drawn: {len(fact.drawn)} of {fact.population} decisions."


SENTENCES: Final[dict[type[Any], Callable[[Any], str]]] = {
    SampleCommitted: committed,
    SampleDrawn: drawn,
}
