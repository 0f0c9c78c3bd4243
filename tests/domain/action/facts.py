"""Facts about one improvement action, the histories that lead to each of its states, and who acts in them."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from domain.action.events import (
    ActionAccepted,
    ActionAgreed,
    ActionCompleted,
    ActionExtended,
    ActionHandedOver,
    ActionMonitored,
    ActionRejected,
    ActionVerified,
    ActionWithdrawn,
    Strength,
)
from domain.action.state import Action
from domain.kernel.actor import Actor, Role, Stamp
from domain.kernel.envelope import Envelope, first
from domain.kernel.personal import Narrative, Personal, Words
from domain.kernel.words import ActionId, AreaId, EvidenceId, FindingId, IncidentId, KeyId, Label, PersonId, ResponseId
from tests.support.decisions import a_stamp, an_actor, an_id

ACTION = ActionId(an_id(0xA1))
INCIDENT = IncidentId(an_id(0x11))
RESPONSE = ResponseId(an_id(0x21))
FINDING = FindingId(an_id(0x31))
AREA = AreaId(an_id(0x41))
EVIDENCE = EvidenceId(an_id(0xE1))
OWNER_PERSON = PersonId(an_id(0xF1))
OTHER_PERSON = PersonId(an_id(0xF2))
GROUP = Label("Theatre Safety Group")
DUE = date(2026, 3, 31)

OWNER: Final[Actor] = an_actor(Role.ACTION_OWNER, number=2)
OTHER_OWNER: Final[Actor] = an_actor(Role.ACTION_OWNER, number=3)
VERIFIER: Final[Actor] = an_actor(Role.APPROVER, number=4)


def text(words: Words) -> Narrative:
    return Narrative(ACTION, words, KeyId(UUID(int=7)))


def named(words: Words) -> Personal:
    return Personal(OWNER_PERSON, words, KeyId(an_id(8)))


def _then(stamp: Stamp | None = None) -> Envelope:
    return {"originator_id": ACTION, "originator_version": 2, "timestamp": (stamp or a_stamp()).at}


def agreed(**changes: Any) -> ActionAgreed:
    values: dict[str, Any] = {
        "incidents": (INCIDENT,),
        "response": RESPONSE,
        "findings": (FINDING,),
        "areas": (AREA,),
        "change": text("Count boards in every theatre"),
        "owner": OWNER_PERSON,
        "owner_name": named("An Owner"),
        "owner_role": Label("Theatre matron"),
        "due_on": DUE,
        "strength": Strength.INTERMEDIATE,
        "measure": None,
        "expected_effect": None,
    }
    return ActionAgreed(**first(Action, ACTION, a_stamp()), **(values | changes))


def accepted(by: Actor = OWNER) -> ActionAccepted:
    return ActionAccepted(**_then(), accepted_by=by.id)


def extended(due_on: date = date(2026, 4, 30)) -> ActionExtended:
    return ActionExtended(
        **_then(), previous_due_on=DUE, due_on=due_on, reason=text("Boards late"), agreed_by=named("A Director")
    )


def handed_over(to: PersonId = OTHER_PERSON) -> ActionHandedOver:
    return ActionHandedOver(
        **_then(), owner=to, owner_name=named("Next Owner"), owner_role=Label("Matron"), reason=text("Left the trust")
    )


def monitored(group: Label = GROUP) -> ActionMonitored:
    return ActionMonitored(**_then(), group=group)


def completed(by: Actor = OWNER, stamp: Stamp | None = None) -> ActionCompleted:
    return ActionCompleted(
        **_then(stamp), evidence=(EVIDENCE,), summary=text("Boards are up in all six"), completed_by=by.id
    )


def verified(by: Actor = VERIFIER) -> ActionVerified:
    return ActionVerified(**_then(), seen=text("Saw six boards in use"), verified_by=by.id)


def rejected(by: Actor = VERIFIER) -> ActionRejected:
    return ActionRejected(**_then(), reason=text("Two theatres have none"), rejected_by=by.id)


def withdrawn() -> ActionWithdrawn:
    return ActionWithdrawn(**_then(), reason=text("The theatre is closed for good"))


STATES: Final[dict[str, tuple[Any, ...]]] = {
    "agreed": (agreed(),),
    "accepted": (agreed(), accepted()),
    "extended": (agreed(), accepted(), extended()),
    "handed over": (agreed(), accepted(), handed_over()),
    "monitored": (agreed(), accepted(), monitored()),
    "completed": (agreed(), accepted(), completed()),
    "rejected": (agreed(), accepted(), completed(), rejected()),
    "verified": (agreed(), accepted(), completed(), verified()),
    "withdrawn": (agreed(), accepted(), withdrawn()),
    "withdrawn after completion": (agreed(), accepted(), completed(), withdrawn()),
}
"""Every state that an action can be in, by the shortest history that leads there."""
