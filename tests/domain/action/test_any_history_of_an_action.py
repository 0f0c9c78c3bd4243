"""Whatever is ordered, in whatever order and by whomever: what must hold for every action."""

from datetime import timedelta
from typing import Any

from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.action.commands.accept_action import AcceptAction, accept_action
from domain.action.commands.complete_action import CompleteAction, complete_action
from domain.action.commands.extend_action import ExtendAction, extend_action
from domain.action.commands.hand_over_action import HandOverAction, hand_over_action
from domain.action.commands.reject_completion import RejectCompletion, reject_completion
from domain.action.commands.verify_action import VerifyAction, verify_action
from domain.action.commands.withdraw_action import WithdrawAction, withdraw_action
from domain.action.events import ActionAccepted, ActionCompleted, ActionVerified
from domain.action.state import Status
from domain.kernel.words import Label, PersonId
from tests.domain.action.facts import DUE, EVIDENCE, agreed, named, text
from tests.support.decisions import a_stamp, an_actor, an_id, given

NUMBERS = st.integers(min_value=1, max_value=3)
KNOWN: dict[str, Any] = {"known_evidence": frozenset({EVIDENCE})}


def _hand_over(number: int) -> HandOverAction:
    return HandOverAction(
        owner=PersonId(an_id(number)), owner_name=named("N"), owner_role=Label("Matron"), reason=text("Left")
    )


def _extend(days: int) -> ExtendAction:
    return ExtendAction(due_on=DUE + timedelta(days=days), reason=text("Late"), agreed_by=named("D"))


ORDERS = st.one_of(
    st.just((accept_action, AcceptAction(), {})),
    st.just((complete_action, CompleteAction(evidence=(EVIDENCE,), summary=text("Done")), KNOWN)),
    st.just((verify_action, VerifyAction(seen=text("Seen")), {})),
    st.just((reject_completion, RejectCompletion(reason=text("Not so")), {})),
    st.just((withdraw_action, WithdrawAction(reason=text("No need")), {})),
    NUMBERS.map(lambda number: (hand_over_action, _hand_over(number), {})),
    st.integers(-30, 90).map(lambda days: (extend_action, _extend(days), {})),
)


@for_all(st.lists(st.tuples(ORDERS, NUMBERS), max_size=20))
def test_no_owner_verifies_and_no_day_is_lost(orders: list[tuple[Any, int]]) -> None:
    """That a refusal records nothing is held by `when` itself, at every step."""
    history: list[Any] = [agreed()]
    for (decide, command, context), number in orders:
        history += given(*history).when(decide, command, a_stamp(days=1, by=an_actor(number=number)), **context).events

    action = given(*history).aggregate()
    hands = {event.accepted_by for event in history if isinstance(event, ActionAccepted)}
    hands |= {event.completed_by for event in history if isinstance(event, ActionCompleted)}
    assert [event for event in history if isinstance(event, ActionVerified) and event.verified_by in hands] == []
    assert action.original_due_on == DUE
    assert action.due_on >= DUE
    assert (action.status in {Status.COMPLETED, Status.VERIFIED}) <= bool(action.evidence)
