"""Keep the record of an attempt to reach the person (20(5)(b))."""

from dataclasses import dataclass

from domain.candour.events import ContactAttempted
from domain.candour.state import Candour
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative
from domain.kernel.words import Code, RecordId


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordContactAttempt:
    """How it was tried and with which outcome; `cannot_be_contacted` says that nobody expects to reach them."""

    attempt: RecordId
    channel: Code
    outcome: Code
    note: Narrative | None


def record_contact_attempt(candour: Candour, command: RecordContactAttempt, stamp: Stamp) -> None:
    """Record every attempt, whatever was recorded before: the law asks for each."""
    attempted = ContactAttempted(
        **after(candour, stamp),
        attempt=command.attempt,
        person=candour.person,
        channel=command.channel,
        outcome=command.outcome,
        note=command.note,
    )
    record(candour, attempted)
