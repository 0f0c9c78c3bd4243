"""Take down a question of the person, word for word: each one gets an answer or a reason."""

from dataclasses import dataclass

from domain.candour.events import QuestionAsked
from domain.candour.state import Candour
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative
from domain.kernel.words import QuestionId


@dataclass(frozen=True, kw_only=True, slots=True)
class AskQuestion:
    """The question, word for word."""

    question: QuestionId
    words: Narrative


def ask_question(candour: Candour, command: AskQuestion, stamp: Stamp) -> None:
    """Record the question. A person who asks is in touch again: a wish not to be contacted no longer stands."""
    asked = QuestionAsked(
        **after(candour, stamp), question=command.question, person=candour.person, words=command.words
    )
    record(candour, asked)
