"""Who may have a person erased: a data protection officer asks, somebody else agrees, the ledger itself does it."""

from typing import Any, Final

from domain.access.permission import Permission, may
from domain.erasure.commands.approve_erasure import ApproveErasure
from domain.erasure.commands.carry_out_erasure import CarryOutErasure
from domain.erasure.commands.refuse_erasure import RefuseErasure
from domain.erasure.commands.request_erasure import RequestErasure
from domain.erasure.commands.withdraw_erasure import WithdrawErasure
from domain.kernel.actor import Role

_DECIDES: Final = may(Role.DATA_PROTECTION_OFFICER, Role.APPROVER)

TABLE: Final[dict[type[Any], Permission]] = {
    RequestErasure: may(Role.DATA_PROTECTION_OFFICER),
    ApproveErasure: _DECIDES,
    RefuseErasure: _DECIDES,
    WithdrawErasure: _DECIDES,
    CarryOutErasure: may(),
}
