"""Who may agree actions, do them, and see that they were done."""

from typing import Any, Final

from domain.access.permission import Permission, may
from domain.action.commands.accept_action import AcceptAction
from domain.action.commands.agree_action import AgreeAction
from domain.action.commands.complete_action import CompleteAction
from domain.action.commands.extend_action import ExtendAction
from domain.action.commands.hand_over_action import HandOverAction
from domain.action.commands.monitor_action import MonitorAction
from domain.action.commands.reject_completion import RejectCompletion
from domain.action.commands.verify_action import VerifyAction
from domain.action.commands.withdraw_action import WithdrawAction
from domain.kernel.actor import Role

_OWNERS: Final = may(Role.ACTION_OWNER, Role.PATIENT_SAFETY_MANAGER)
_VERIFIERS: Final = may(Role.APPROVER, Role.PATIENT_SAFETY_MANAGER)
"""Separation of duties is the decision's own: nobody who accepted or completed an action verifies it."""

TABLE: Final[dict[type[Any], Permission]] = {
    AgreeAction: may(Role.PATIENT_SAFETY_MANAGER, Role.LEARNING_RESPONSE_LEAD),
    AcceptAction: _OWNERS,
    HandOverAction: _OWNERS,
    CompleteAction: _OWNERS,
    ExtendAction: _VERIFIERS,
    MonitorAction: may(Role.PATIENT_SAFETY_MANAGER, Role.LEARNING_RESPONSE_LEAD),
    VerifyAction: _VERIFIERS,
    RejectCompletion: _VERIFIERS,
    WithdrawAction: _VERIFIERS,
}
