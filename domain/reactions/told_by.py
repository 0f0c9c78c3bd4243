"""What facts of a case's other streams tell its incident: what may start a clock, whom candour is owed to, and how."""

from collections.abc import Iterable

from domain.incident.duties import Told
from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.words import Code
from domain.learning_response.events import ResponseCommissioned


def told_by(facts: Iterable[Fact | FirstFact]) -> Told:
    """Everything that these facts did, each person and each method once, in the order of the facts."""
    given = tuple(facts)
    starts = tuple(done for fact in given for done in fact.done())
    persons = dict.fromkeys(done.person for done in starts if done.person is not None)
    methods = dict.fromkeys(Code(fact.method.value) for fact in given if isinstance(fact, ResponseCommissioned))
    return Told(starts, tuple(persons), tuple(methods))
