"""Who speaks for the provider to those affected."""

from typing import Any, Final

from domain.access.permission import Permission, may
from domain.candour.commands.agree_timeframe import AgreeTimeframe
from domain.candour.commands.answer_question import AnswerQuestion
from domain.candour.commands.ask_question import AskQuestion
from domain.candour.commands.hold_conversation import HoldConversation
from domain.candour.commands.identify_relevant_person import IdentifyRelevantPerson
from domain.candour.commands.record_contact_attempt import RecordContactAttempt
from domain.candour.commands.record_declined_contact import RecordDeclinedContact
from domain.candour.commands.send_letter import SendLetter
from domain.candour.commands.share_findings import ShareFindings
from domain.kernel.actor import Role

_ENGAGES: Final = may(Role.ENGAGEMENT_LEAD, Role.PATIENT_SAFETY_MANAGER)
_INVESTIGATES_TOO: Final = may(Role.ENGAGEMENT_LEAD, Role.PATIENT_SAFETY_MANAGER, Role.LEARNING_RESPONSE_LEAD)
"""The response's lead talks to those affected: their questions shape the response."""

TABLE: Final[dict[type[Any], Permission]] = {
    IdentifyRelevantPerson: _ENGAGES,
    AgreeTimeframe: _INVESTIGATES_TOO,
    HoldConversation: _INVESTIGATES_TOO,
    SendLetter: _ENGAGES,
    RecordContactAttempt: _INVESTIGATES_TOO,
    RecordDeclinedContact: _INVESTIGATES_TOO,
    AskQuestion: _INVESTIGATES_TOO,
    AnswerQuestion: _INVESTIGATES_TOO,
    ShareFindings: _INVESTIGATES_TOO,
}
