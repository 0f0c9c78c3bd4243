"""The one place that finds an event's sentence."""

from collections.abc import Callable
from typing import Any, Final

from domain.kernel.envelope import Fact, FirstFact
from projections.incident_timeline.sentences import duties, ground, incident, learning, people

SENTENCES: Final[dict[type[Any], Callable[[Any], str]]] = {
    **ground.SENTENCES,
    **incident.SENTENCES,
    **duties.SENTENCES,
    **people.SENTENCES,
    **learning.SENTENCES,
}


def sentence(fact: Fact | FirstFact) -> str:
    """What happened, in one plain sentence."""
    return SENTENCES[type(fact)](fact)
