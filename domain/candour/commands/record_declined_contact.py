"""Keep the person's wish not to be contacted, in their own words (20(5))."""

from dataclasses import dataclass

from domain.candour.events import ContactDeclined
from domain.candour.state import Candour
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative
from domain.kernel.words import RecordId


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordDeclinedContact:
    """What the person said they wish."""

    attempt: RecordId
    wishes: Narrative


def record_declined_contact(candour: Candour, command: RecordDeclinedContact, stamp: Stamp) -> None:
    """Record every time that the person declines. It stands until they talk or ask something: both are always free."""
    declined = ContactDeclined(
        **after(candour, stamp), attempt=command.attempt, person=candour.person, wishes=command.wishes
    )
    record(candour, declined)
