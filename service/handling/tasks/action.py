"""How commands on improvement actions are handled."""

from typing import Final

from domain.action.commands.accept_action import AcceptAction, accept_action
from domain.action.commands.agree_action import AgreeAction, agree_action
from domain.action.commands.complete_action import CompleteAction, complete_action
from domain.action.commands.extend_action import ExtendAction, extend_action
from domain.action.commands.hand_over_action import HandOverAction, hand_over_action
from domain.action.commands.monitor_action import MonitorAction, monitor_action
from domain.action.commands.reject_completion import RejectCompletion, reject_completion
from domain.action.commands.verify_action import VerifyAction, verify_action
from domain.action.commands.withdraw_action import WithdrawAction, withdraw_action
from domain.kernel.streams import Kind
from service.handling.contexts import with_evidence
from service.handling.desk import Desk
from service.handling.refusals import RecordNotFound
from service.handling.specification import Begin, Change, Context, Situation


async def _with_response(desk: Desk, situation: Situation) -> Context:
    """Findings and areas only ever grow: no guard is needed."""
    response = situation.command.response
    if response is None:
        return Context({"known_findings": frozenset(), "known_areas": frozenset()})
    look = await desk.ledger.look(None, [(response, 0)])
    loaded = await desk.load(look.events.get(response, []), Kind.LEARNING_RESPONSE)
    if not set(loaded.cases) & set(situation.command.incidents):
        raise RecordNotFound(pointers=("/response",))
    known = loaded.aggregate
    return Context({"known_findings": frozenset(known.findings), "known_areas": frozenset(known.areas)})


AGREE_ACTION: Final = Begin(
    AgreeAction,
    Kind.ACTION,
    agree_action,
    parents=lambda command: command.incidents,
    context=_with_response,
    closed_case_takes_it=True,
)
ACCEPT_ACTION: Final = Change(AcceptAction, Kind.ACTION, accept_action)
EXTEND_ACTION: Final = Change(ExtendAction, Kind.ACTION, extend_action)
HAND_OVER_ACTION: Final = Change(HandOverAction, Kind.ACTION, hand_over_action)
MONITOR_ACTION: Final = Change(MonitorAction, Kind.ACTION, monitor_action)
COMPLETE_ACTION: Final = Change(CompleteAction, Kind.ACTION, complete_action, context=with_evidence)
VERIFY_ACTION: Final = Change(VerifyAction, Kind.ACTION, verify_action)
REJECT_COMPLETION: Final = Change(RejectCompletion, Kind.ACTION, reject_completion)
WITHDRAW_ACTION: Final = Change(WithdrawAction, Kind.ACTION, withdraw_action)

TASKS: Final = (
    AGREE_ACTION,
    ACCEPT_ACTION,
    EXTEND_ACTION,
    HAND_OVER_ACTION,
    MONITOR_ACTION,
    COMPLETE_ACTION,
    VERIFY_ACTION,
    REJECT_COMPLETION,
    WITHDRAW_ACTION,
)
