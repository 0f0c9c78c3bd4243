"""Record a conversation with the person (20(3)): facts known, apology, further enquiries, support."""

from dataclasses import dataclass

from domain.candour.events import ConversationHeld
from domain.candour.state import Candour
from domain.candour.words import Channel
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative
from domain.kernel.words import Code, RecordId


@dataclass(frozen=True, kw_only=True, slots=True)
class HoldConversation:
    """What was said, and how; `support_offered` None: none was."""

    conversation: RecordId
    channel: Code
    facts_known: Narrative
    apology_given: bool
    next_enquiries: Narrative
    support_offered: Narrative | None


def hold_conversation(candour: Candour, command: HoldConversation, stamp: Stamp) -> None:
    """Record every conversation that was held; one without an apology is recorded too, but is no notice.

    Whoever talks is in touch again: an earlier wish not to be contacted no longer stands.
    """
    held = ConversationHeld(
        **after(candour, stamp),
        conversation=command.conversation,
        person=candour.person,
        channel=command.channel,
        in_person=command.channel == Channel.IN_PERSON.value,
        facts_known=command.facts_known,
        apology_given=command.apology_given,
        next_enquiries=command.next_enquiries,
        support_offered=command.support_offered,
    )
    record(candour, held)
