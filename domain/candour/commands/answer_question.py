"""Answer a question of the person, or say why it cannot be answered."""

from dataclasses import dataclass
from typing import ClassVar

from domain.candour.events import QuestionAnswered
from domain.candour.state import Candour
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative, Words
from domain.kernel.refusal import Refusal
from domain.kernel.words import QuestionId


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerQuestion:
    """The answer, or why there is none: exactly one of the two."""

    question: QuestionId
    answer: Narrative | None
    no_answer_because: Narrative | None


class QuestionUnknown(Refusal):
    """The person has not asked this question."""

    code: ClassVar[str] = "candour.question-unknown"


class AnswerOrReason(Refusal):
    """A question gets an answer or the reason why there is none: one of the two, not both."""

    code: ClassVar[str] = "candour.answer-or-reason"


def answer_question(candour: Candour, command: AnswerQuestion, stamp: Stamp) -> None:
    """Record the answer or the reason; a further answer adds to the record. The same words again record nothing new.

    Raises:
        QuestionUnknown: the person has not asked it.
        AnswerOrReason: there is neither, or both.
    """
    question = candour.questions.get(command.question)
    if question is None:
        raise QuestionUnknown("The question is not among those that the person asked.")
    if (command.answer is None) == (command.no_answer_because is None):
        found = "Neither is" if command.answer is None else "Both are"
        raise AnswerOrReason(f"{found} given.", pointers=("/answer", "/no_answer_because"))
    told = (_words(question.answer), _words(question.no_answer_because))
    if told == (_words(command.answer), _words(command.no_answer_because)):
        return
    answered = QuestionAnswered(
        **after(candour, stamp),
        question=command.question,
        person=candour.person,
        answer=command.answer,
        no_answer_because=command.no_answer_because,
    )
    record(candour, answered)


def _words(text: Narrative | None) -> Words | None:
    return None if text is None else text.words
