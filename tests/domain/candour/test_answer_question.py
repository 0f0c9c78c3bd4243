"""The person is answered."""

from typing import Any

import pytest

from domain.candour.commands.answer_question import AnswerOrReason, AnswerQuestion, QuestionUnknown, answer_question
from domain.candour.events import QuestionAnswered
from domain.kernel.personal import ERASED
from tests.domain.candour.facts import PERSON, QUESTION, STATES, answered, asked, identified, text
from tests.domain.state_tables import NOTHING, check, over_every_state
from tests.support.decisions import Outcome, given


def answer(*history: Any, words: str | None = "Two nurses", reason: str | None = None) -> Outcome:
    command = AnswerQuestion(
        question=QUESTION,
        answer=None if words is None else text(words),
        no_answer_because=None if reason is None else text(reason),
    )
    return given(*history).when(answer_question, command)


TABLE: dict[str, type[Any] | None] = dict.fromkeys(STATES, QuestionUnknown)
TABLE |= {
    "asked after declining": QuestionAnswered,
    "question open": QuestionAnswered,
    "question answered": NOTHING,
}


@over_every_state(STATES, TABLE)
def test_answering_in_every_state(history: tuple[Any, ...], expected: type[Any] | None) -> None:
    check(answer(*history), expected)


def test_an_answer_goes_to_the_question_and_the_person() -> None:
    answer(identified(), asked()).then(
        QuestionAnswered, question=QUESTION, person=PERSON, answer=text("Two nurses"), no_answer_because=None
    )


@pytest.mark.parametrize(
    ("words", "reason", "stated"), [(None, None, "Neither is given."), ("Two nurses", "Not known", "Both are given.")]
)
def test_a_question_gets_an_answer_or_a_reason_and_not_both(words: str | None, reason: str | None, stated: str) -> None:
    refused = answer(identified(), asked(), words=words, reason=reason).then_refused(AnswerOrReason, stated)

    assert refused.refusal is not None
    assert refused.refusal.pointers == ("/answer", "/no_answer_because")


def test_a_reason_closes_a_question_as_an_answer_does() -> None:
    answer(identified(), asked(), words=None, reason="The notes are lost").then(
        QuestionAnswered, answer=None, no_answer_because=text("The notes are lost")
    )

    assert given(identified(), asked(), answered(None, "The notes are lost")).aggregate().open_questions == ()


@pytest.mark.parametrize(
    ("told", "words", "reason", "recorded"),
    [
        (answered("Two nurses"), "Two nurses", None, False),
        (answered("Two nurses"), "Three nurses", None, True),
        (answered("Two nurses"), None, "Two nurses", True),
        (answered(None, "Not known"), None, "Not known", False),
        (answered(None, "Not known"), "Two nurses", None, True),
        (answered(ERASED), "Two nurses", None, True),
    ],
)
def test_a_further_answer_adds_to_the_record_and_the_same_words_add_nothing(
    told: Any, words: str | None, reason: str | None, *, recorded: bool
) -> None:
    answer(identified(), asked(), told, words=words, reason=reason).then(*[QuestionAnswered] * recorded)
