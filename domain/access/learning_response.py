"""Who commissions, leads, signs off and receives learning responses."""

from typing import Any, Final

from domain.access.permission import Permission, Relation, may
from domain.kernel.actor import Role
from domain.learning_response.commands.appoint_lead import AppointLead
from domain.learning_response.commands.approve_response import ApproveResponse
from domain.learning_response.commands.commission_response import CommissionResponse
from domain.learning_response.commands.leave_finding_without_action import LeaveFindingWithoutAction
from domain.learning_response.commands.make_finding import MakeFinding
from domain.learning_response.commands.name_area import NameArea
from domain.learning_response.commands.put_forward_draft import PutForwardDraft
from domain.learning_response.commands.receive_response import ReceiveResponse
from domain.learning_response.commands.return_draft import ReturnDraft
from domain.learning_response.commands.submit_response import SubmitResponse
from domain.learning_response.commands.waive_sharing import WaiveSharing

_INVESTIGATES: Final = may(Role.LEARNING_RESPONSE_LEAD, Role.PATIENT_SAFETY_MANAGER)
_DECIDES: Final = may(Role.PATIENT_SAFETY_MANAGER, Role.APPROVER)

TABLE: Final[dict[type[Any], Permission]] = {
    CommissionResponse: _DECIDES,
    AppointLead: _DECIDES,
    MakeFinding: _INVESTIGATES,
    NameArea: _INVESTIGATES,
    LeaveFindingWithoutAction: may(Role.LEARNING_RESPONSE_LEAD, Role.PATIENT_SAFETY_MANAGER, Role.APPROVER),
    PutForwardDraft: _INVESTIGATES,
    ReturnDraft: may(Role.APPROVER),
    ApproveResponse: may(Role.APPROVER),
    SubmitResponse: _DECIDES,
    ReceiveResponse: may(Role.COMMISSIONER, relation=Relation.COMMISSIONS),
    WaiveSharing: _DECIDES,
}
