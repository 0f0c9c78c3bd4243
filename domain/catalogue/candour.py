"""Stored names of the facts about candour: chosen by hand, frozen once released."""

from typing import Final

from domain.candour.events import (
    ContactAttempted,
    ContactDeclined,
    ConversationHeld,
    FindingsShared,
    LetterSent,
    QuestionAnswered,
    QuestionAsked,
    RelevantPersonIdentified,
    TimeframeAgreed,
)
from domain.catalogue.stored import Stored

STORED: Final = (
    Stored("candour.relevant_person_identified.v1", RelevantPersonIdentified),
    Stored("candour.timeframe_agreed.v1", TimeframeAgreed),
    Stored("candour.conversation_held.v1", ConversationHeld, subject="conversation"),
    Stored("candour.letter_sent.v1", LetterSent, subject="letter"),
    Stored("candour.contact_attempted.v1", ContactAttempted, subject="attempt"),
    Stored("candour.contact_declined.v1", ContactDeclined, subject="attempt"),
    Stored("candour.question_asked.v1", QuestionAsked, subject="question"),
    Stored("candour.question_answered.v1", QuestionAnswered, subject="question"),
    Stored("candour.findings_shared.v1", FindingsShared, subject="share"),
)
