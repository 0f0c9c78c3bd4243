"""What a stored name is: chosen by hand, frozen once released, never derived from a class."""

from dataclasses import dataclass

from domain.kernel.envelope import Fact, FirstFact


@dataclass(frozen=True, slots=True)
class Stored:
    """The stored name of an event class (`<aggregate>.<fact>.v<n>`).

    `subject` is the field that holds the id of the entry which the event adds (a question, a finding, a duty); None
    where the event speaks of its stream as a whole. The answer to a command gives that id.
    """

    name: str
    event: type[Fact] | type[FirstFact]
    subject: str | None = None
