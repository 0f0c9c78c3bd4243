"""Share findings of a learning response with the person: a draft, an interim update, the final report."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar

from domain.candour.events import FindingsShared, SharedStage
from domain.candour.state import Candour
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.refusal import Refusal
from domain.kernel.words import Code, RecordId, ResponseId


@dataclass(frozen=True, kw_only=True, slots=True)
class ShareFindings:
    """Findings of which response, how far they were, how they were shared, and whether the person acknowledged them."""

    share: RecordId
    response: ResponseId
    stage: SharedStage
    channel: Code
    acknowledged: bool


class ResponseUnknown(Refusal):
    """The case has no such learning response."""

    code: ClassVar[str] = "candour.response-unknown"


def share_findings(
    candour: Candour, command: ShareFindings, stamp: Stamp, *, known_responses: Collection[ResponseId]
) -> None:
    """Record what was shared. Drafts and interim updates are each recorded; the final findings once a response.

    Sharing the final findings again records nothing new, unless the person acknowledges them only now.
    `known_responses` holds the learning responses of the case.

    Raises:
        ResponseUnknown: the response is not one of the case's.
    """
    if command.response not in known_responses:
        raise ResponseUnknown("The response is not one of the case's.", pointers=("/response",))
    if command.stage is SharedStage.FINAL and _stands(candour, command):
        return
    shared = FindingsShared(
        **after(candour, stamp),
        share=command.share,
        person=candour.person,
        response=command.response,
        stage=command.stage,
        channel=command.channel,
        acknowledged=command.acknowledged,
    )
    record(candour, shared)


def _stands(candour: Candour, command: ShareFindings) -> bool:
    acknowledged = candour.final_shares.get(command.response)
    return acknowledged is not None and (acknowledged or not command.acknowledged)
