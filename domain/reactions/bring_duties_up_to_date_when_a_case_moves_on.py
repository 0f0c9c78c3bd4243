"""When evidence, candour or a learning response does something towards a duty, bring the case's duties up to date."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

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
from domain.evidence.events import EvidencePreserved
from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.streams import Kind
from domain.kernel.words import Code
from domain.learning_response.events import (
    DraftPutForward,
    DraftReturned,
    LeadAppointed,
    ResponseApproved,
    ResponseCommissioned,
    ResponseReceived,
    ResponseSubmitted,
)
from domain.reactions.order import Order
from domain.reactions.told_by import told_by

ANSWERED: Final = (
    EvidencePreserved,
    RelevantPersonIdentified,
    TimeframeAgreed,
    ConversationHeld,
    LetterSent,
    ContactAttempted,
    ContactDeclined,
    QuestionAsked,
    QuestionAnswered,
    FindingsShared,
    ResponseCommissioned,
    LeadAppointed,
    DraftPutForward,
    DraftReturned,
    ResponseApproved,
    ResponseSubmitted,
    ResponseReceived,
)
"""Every fact outside the incident's own stream that a rule may start a clock from; which rules do, editions say."""


def bring_duties_up_to_date_when_a_case_moves_on(
    event: Fact | FirstFact, *, cases: Iterable[UUID]
) -> tuple[Order, ...]:
    """Order it for each case of the stream, with what the event did; a case whose duties stand records nothing."""
    if not isinstance(event, ANSWERED):
        return ()
    told = told_by((event,))
    return tuple(
        Order(
            kind=Kind.INCIDENT,
            stream=case,
            command=Code("bring_duties_up_to_date"),
            starts=told.starts,
            persons=told.persons,
            methods=told.methods,
        )
        for case in cases
    )
