"""Record a letter of regulation 20(4) to the person: the written notification, or the results of the enquiries."""

from dataclasses import dataclass
from typing import ClassVar

from domain.candour.events import LetterKind, LetterSent
from domain.candour.state import Candour
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative
from domain.kernel.refusal import Refusal
from domain.kernel.words import Code, RecordId


@dataclass(frozen=True, kw_only=True, slots=True)
class SendLetter:
    """Which letter went, whether it holds an apology, what became of it, and its text."""

    letter: RecordId
    kind: LetterKind
    apology_given: bool
    outcome: Code | None
    contents: Narrative | None


class ApologyMissing(Refusal):
    """A letter of the duty of candour holds an apology."""

    code: ClassVar[str] = "candour.apology-missing"


class NoticeMissing(Refusal):
    """A letter follows a conversation in which an apology was given, or the record of an attempt to have one."""

    code: ClassVar[str] = "candour.notice-missing"


def send_letter(candour: Candour, command: SendLetter, stamp: Stamp) -> None:
    """Record the letter. It counts towards the duty, so it must be what regulation 20(4) asks for.

    A person who has ever declined to talk, or could not be reached, may be written to all the same (20(5)). A letter
    that is refused here is no lost record: it was an attempt to be in touch, and is recorded as one.

    Raises:
        ApologyMissing: the letter holds no apology (20(4)(d)).
        NoticeMissing: until then the person had neither been given notice, nor declined, nor been tried for in vain.
    """
    if not command.apology_given:
        raise ApologyMissing(
            "Regulation 20(4)(d) asks for an apology; record a letter without one as an attempt to be in touch.",
            pointers=("/apology_given",),
        )
    if candour.approached_at is None or stamp.at < candour.approached_at:
        raise NoticeMissing(
            "Regulation 20(4) lets a letter follow the notification in person: record first the conversation with its "
            "apology, or that the person declined or could not be reached."
        )
    sent = LetterSent(
        **after(candour, stamp),
        letter=command.letter,
        person=candour.person,
        kind=command.kind,
        apology_given=command.apology_given,
        outcome=command.outcome,
        contents=command.contents,
    )
    record(candour, sent)
