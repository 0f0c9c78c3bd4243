"""What the rules said when a question was decided, with all that they said it from: enough to say it again for ever."""

from dataclasses import dataclass
from datetime import date

from domain.kernel.words import Code
from domain.policy.facts import FactName, FactValue
from domain.policy.questions import Outcome


@dataclass(frozen=True, slots=True)
class KnownFact:
    """A fact as it was known; `patient` is the patient's number where it is about one."""

    name: FactName
    patient: int | None
    value: FactValue


@dataclass(frozen=True, slots=True)
class Assessed:
    """The assessment of one question. `criteria` are those that were met, `missing` the facts that would settle it.

    `editions` are those whose criteria were asked, `day` the day for which; `facts` are all known ones that these
    criteria look at. `patients` None: not known whether anyone was involved. With the editions at hand, assessing this
    again gives the same answer.
    """

    outcome: Outcome
    criteria: tuple[Code, ...]
    missing: tuple[FactName, ...]
    editions: tuple[Code, ...]
    day: date
    regime: Code
    record_type: Code
    provider_type: Code
    patients: tuple[int, ...] | None
    facts: tuple[KnownFact, ...]

    def is_departed_from(self, outcome: Outcome) -> bool:
        """Whether an answer is another than this one; settling what the rules leave unclear departs from nothing."""
        return self.outcome is not Outcome.UNCLEAR and self.outcome is not outcome
