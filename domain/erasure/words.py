"""The words of an erasure: its grounds, its stages, and which texts go with the person."""

from dataclasses import dataclass
from enum import StrEnum

from domain.kernel.words import Code


class ErasureGround(StrEnum):
    """Why a person is erased from a record that the law otherwise wants kept."""

    RETENTION_ENDED = "retention_ended"
    """The record was kept as long as it must be, was reviewed, and is not needed any longer."""
    FILED_BY_MISTAKE = "filed_by_mistake"
    """What is recorded of the person has no place in this record."""
    WRONG_PERSON = "wrong_person"
    """Somebody else was meant."""
    COURT_ORDER = "court_order"
    RIGHT_TO_ERASURE_UPHELD = "right_to_erasure_upheld"
    """The person asked for it, and no exemption stands against it."""
    OBJECTION_UPHELD = "objection_upheld"
    """The person objected to the processing, and no compelling ground overrides that."""
    CONSENT_WITHDRAWN = "consent_withdrawn"
    """A reporter or volunteer whose details rested on consent took it back."""


class Stage(StrEnum):
    """How far an erasure has come."""

    REQUESTED = "requested"
    APPROVED = "approved"
    """It is carried out once its cooling-off has ended."""
    HELD = "held"
    """It was due and a legal hold stood: it is carried out once none does."""
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CARRIED_OUT = "carried_out"

    @property
    def is_over(self) -> bool:
        """Whether nothing can become of it any more."""
        return self in (Stage.REFUSED, Stage.WITHDRAWN, Stage.CARRIED_OUT)


@dataclass(frozen=True, slots=True)
class NamedText:
    """A text of the record by its place: the position of its event in the log, and the field's path in the event."""

    position: int
    path: Code
