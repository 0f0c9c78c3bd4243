"""The person asks."""

from typing import Any

from domain.candour.commands.ask_question import AskQuestion, ask_question
from domain.candour.events import QuestionAsked
from domain.kernel.words import QuestionId
from tests.domain.candour.facts import PERSON, QUESTION, STATES, answered, asked, identified, text
from tests.domain.state_tables import check, over_every_state
from tests.support.decisions import Outcome, an_id, given

SECOND = QuestionId(an_id(0x52))


def ask(*history: Any) -> Outcome:
    return given(*history).when(ask_question, AskQuestion(question=SECOND, words=text("Who counted?")))


@over_every_state(STATES, dict.fromkeys(STATES, QuestionAsked))
def test_a_question_is_taken_down_in_every_state(history: tuple[Any, ...], expected: type[Any]) -> None:
    check(ask(*history), expected)


def test_a_question_is_kept_word_for_word() -> None:
    ask(identified()).then(QuestionAsked, question=SECOND, person=PERSON, words=text("Who counted?"))


def test_questions_are_open_in_the_order_asked_until_each_is_answered() -> None:
    history = (identified(), asked(), asked(SECOND))

    assert given(*history).aggregate().open_questions == (QUESTION, SECOND)
    assert given(*history, answered()).aggregate().open_questions == (SECOND,)
