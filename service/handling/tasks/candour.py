"""How commands on candour are handled."""

from typing import Final

from domain.candour.commands.agree_timeframe import AgreeTimeframe, agree_timeframe
from domain.candour.commands.answer_question import AnswerQuestion, answer_question
from domain.candour.commands.ask_question import AskQuestion, ask_question
from domain.candour.commands.hold_conversation import HoldConversation, hold_conversation
from domain.candour.commands.identify_relevant_person import IdentifyRelevantPerson, identify_relevant_person
from domain.candour.commands.record_contact_attempt import RecordContactAttempt, record_contact_attempt
from domain.candour.commands.record_declined_contact import RecordDeclinedContact, record_declined_contact
from domain.candour.commands.send_letter import SendLetter, send_letter
from domain.candour.commands.share_findings import ShareFindings, share_findings
from domain.kernel.streams import Kind
from service.handling.desk import Desk
from service.handling.refusals import RecordNotFound
from service.handling.specification import Begin, Change, Context, Situation
from service.store.ledger import CaseGuard


async def _with_persons(desk: Desk, situation: Situation) -> Context:
    """Who is identified already; the case must not have grown when this person joins it.

    An id is that of somebody of this case: another trust's person does not exist here, and keeps a key of their own.
    """
    case, command = situation.parents[0].stream, situation.command
    streams = await desk.load_case(case)
    persons = frozenset(each.aggregate.person for each in streams if each.kind is Kind.CANDOUR)
    known = {*persons, *situation.parents[0].aggregate.people}
    if not known.issuperset(situation.persons):
        raise RecordNotFound(pointers=("/person",))
    if command.acts_for is not None and command.acts_for not in known and command.acts_for != command.person:
        raise RecordNotFound(pointers=("/acts_for",))
    return Context({"already_identified": persons}, case_guards=(CaseGuard(case, len(streams)),))


async def _with_responses(desk: Desk, situation: Situation) -> Context:
    """The learning responses of the case; none ever leaves it."""
    cases = situation.target.cases if situation.target else ()
    streams = [await desk.ledger.case_streams(case) for case in cases]
    known = {stream for case in streams for stream, kind in case if kind == Kind.LEARNING_RESPONSE}
    return Context({"known_responses": frozenset(known)})


IDENTIFY_RELEVANT_PERSON: Final = Begin(
    IdentifyRelevantPerson,
    Kind.CANDOUR,
    identify_relevant_person,
    parents=lambda command: (command.incident,),
    context=_with_persons,
    closed_case_takes_it=True,
)
AGREE_TIMEFRAME: Final = Change(AgreeTimeframe, Kind.CANDOUR, agree_timeframe)
HOLD_CONVERSATION: Final = Change(HoldConversation, Kind.CANDOUR, hold_conversation)
SEND_LETTER: Final = Change(SendLetter, Kind.CANDOUR, send_letter)
RECORD_CONTACT_ATTEMPT: Final = Change(RecordContactAttempt, Kind.CANDOUR, record_contact_attempt)
RECORD_DECLINED_CONTACT: Final = Change(RecordDeclinedContact, Kind.CANDOUR, record_declined_contact)
ASK_QUESTION: Final = Change(AskQuestion, Kind.CANDOUR, ask_question)
ANSWER_QUESTION: Final = Change(AnswerQuestion, Kind.CANDOUR, answer_question)
SHARE_FINDINGS: Final = Change(ShareFindings, Kind.CANDOUR, share_findings, context=_with_responses)

TASKS: Final = (
    IDENTIFY_RELEVANT_PERSON,
    AGREE_TIMEFRAME,
    HOLD_CONVERSATION,
    SEND_LETTER,
    RECORD_CONTACT_ATTEMPT,
    RECORD_DECLINED_CONTACT,
    ASK_QUESTION,
    ANSWER_QUESTION,
    SHARE_FINDINGS,
)
