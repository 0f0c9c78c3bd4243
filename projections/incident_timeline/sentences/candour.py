"""What the events of candour say."""

from collections.abc import Callable
from typing import Any, Final

from domain.candour.events import (
    ContactAttempted,
    ContactDeclined,
    ConversationHeld,
    FindingsShared,
    LetterKind,
    LetterSent,
    QuestionAnswered,
    QuestionAsked,
    RelevantPersonIdentified,
    TimeframeAgreed,
)
from projections.incident_timeline.sentences.wording import by_channel, day, words


def identified(fact: RelevantPersonIdentified) -> str:
    """Who is owed candour, by relationship only."""
    return f"A relevant person was identified ({words(fact.relationship)})."


def agreed(fact: TimeframeAgreed) -> str:
    """What was promised."""
    return f"The findings were promised to the relevant person by {day(fact.promised_on)}."


def held(fact: ConversationHeld) -> str:
    """How the person was spoken to, and whether it counts as notice."""
    sorry = "an apology was given" if fact.apology_given else "no apology was recorded"
    support = ", support was offered" if fact.support_offered is not None else ""
    return f"The relevant person was spoken to {by_channel(fact.channel)}: {sorry}{support}."


def letter(fact: LetterSent) -> str:
    """Which letter went."""
    what = "a letter with the account so far" if fact.kind is LetterKind.NOTIFICATION else "a letter with the results"
    return f"The relevant person was sent {what}."


def attempted(fact: ContactAttempted) -> str:
    """That somebody tried."""
    return f"Contact with the relevant person was attempted {by_channel(fact.channel)}: {words(fact.outcome)}."


def declined(_fact: ContactDeclined) -> str:
    """That the person does not wish contact."""
    return "The relevant person declined contact; their wishes are on record."


def asked(_fact: QuestionAsked) -> str:
    """That there is a question."""
    return "The relevant person asked a question."


def answered(fact: QuestionAnswered) -> str:
    """Answered, or why not."""
    if fact.answer is None:
        return "A reason was recorded why a question of the relevant person has no answer."
    return "A question of the relevant person was answered."


def shared(fact: FindingsShared) -> str:
    """What was shared and whether it was acknowledged."""
    seen = ", who acknowledged them" if fact.acknowledged else ""
    return f"The {fact.stage} findings were shared with the relevant person{seen}."


SENTENCES: Final[dict[type[Any], Callable[[Any], str]]] = {
    RelevantPersonIdentified: identified,
    TimeframeAgreed: agreed,
    ConversationHeld: held,
    LetterSent: letter,
    ContactAttempted: attempted,
    ContactDeclined: declined,
    QuestionAsked: asked,
    QuestionAnswered: answered,
    FindingsShared: shared,
}
