"""What a fact that becomes known, or an answer to a question, does towards duties: it may start their clocks."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from domain.kernel.done import Done
from domain.kernel.harm import Harm, is_fatal
from domain.kernel.words import Code
from domain.policy.conditions import NOTHING
from domain.policy.facts import FactName, FactValue
from domain.policy.questions import Outcome, Question

DIED: Final = Code(f"incident.fact:{FactName.DIED}")
"""A death is known, whether it was said as such or by a fatal harm."""


def started_by(
    question: Question, outcome: Outcome, criteria: Iterable[Code], *, identified_at: datetime
) -> tuple[Done, ...]:
    """What an answer starts: the clocks of what is, or may be, and of each criterion that is met."""
    match outcome:
        case Outcome.MET:
            identified = f"incident.identified:{question}"
            codes = ("incident.identified", identified, *(f"{identified}:{each}" for each in criteria))
            return tuple(Done(Code(code), identified_at) for code in codes)
        case Outcome.UNCLEAR:
            return (Done(Code(f"incident.possibly_identified:{question}"), identified_at),)
        case Outcome.NOT_MET:
            return ()


def done_by(name: FactName, value: FactValue | None, at: datetime) -> tuple[Done, ...]:
    """What a fact that is so does, and what each code that it has; nothing where it is not so, or not known."""
    code = f"incident.fact:{name}"
    match value:
        case Harm() if name is FactName.PHYSICAL_HARM and is_fatal(value):
            return (Done(Code(code), at), Done(DIED, at))
        case Harm() | True:
            return (Done(Code(code), at),)
        case str() if value != NOTHING:
            return (Done(Code(code), at), Done(Code(f"{code}:{value}"), at))
    return ()
