"""How commands on learning responses are handled."""

from typing import Final

from domain.kernel.streams import Kind
from domain.learning_response.commands.appoint_lead import AppointLead, appoint_lead
from domain.learning_response.commands.approve_response import ApproveResponse, approve_response
from domain.learning_response.commands.commission_response import CommissionResponse, commission_response
from domain.learning_response.commands.leave_finding_without_action import (
    LeaveFindingWithoutAction,
    leave_finding_without_action,
)
from domain.learning_response.commands.make_finding import MakeFinding, make_finding
from domain.learning_response.commands.name_area import NameArea, name_area
from domain.learning_response.commands.put_forward_draft import PutForwardDraft, put_forward_draft
from domain.learning_response.commands.receive_response import ReceiveResponse, receive_response
from domain.learning_response.commands.return_draft import ReturnDraft, return_draft
from domain.learning_response.commands.submit_response import SubmitResponse, submit_response
from domain.learning_response.commands.waive_sharing import WaiveSharing, waive_sharing
from service.handling.contexts import with_commissioners, with_evidence
from service.handling.desk import Desk
from service.handling.specification import Begin, Change, Context, Situation

_KIND: Final = Kind.LEARNING_RESPONSE


async def _with_regimes(_desk: Desk, situation: Situation) -> Context:
    """The regimes of the incidents that the response answers; a case keeps its own for good."""
    return Context({"regimes": frozenset(parent.aggregate.regime for parent in situation.parents)})


COMMISSION_RESPONSE: Final = Begin(
    CommissionResponse,
    _KIND,
    commission_response,
    parents=lambda command: command.incidents,
    context=_with_regimes,
)
APPOINT_LEAD: Final = Change(AppointLead, _KIND, appoint_lead)
MAKE_FINDING: Final = Change(MakeFinding, _KIND, make_finding, context=with_evidence)
NAME_AREA: Final = Change(NameArea, _KIND, name_area)
LEAVE_FINDING_WITHOUT_ACTION: Final = Change(LeaveFindingWithoutAction, _KIND, leave_finding_without_action)
PUT_FORWARD_DRAFT: Final = Change(PutForwardDraft, _KIND, put_forward_draft)
RETURN_DRAFT: Final = Change(ReturnDraft, _KIND, return_draft)
APPROVE_RESPONSE: Final = Change(ApproveResponse, _KIND, approve_response)
SUBMIT_RESPONSE: Final = Change(SubmitResponse, _KIND, submit_response, context=with_commissioners)
RECEIVE_RESPONSE: Final = Change(ReceiveResponse, _KIND, receive_response)
WAIVE_SHARING: Final = Change(WaiveSharing, _KIND, waive_sharing)

TASKS: Final = (
    COMMISSION_RESPONSE,
    APPOINT_LEAD,
    MAKE_FINDING,
    NAME_AREA,
    LEAVE_FINDING_WITHOUT_ACTION,
    PUT_FORWARD_DRAFT,
    RETURN_DRAFT,
    APPROVE_RESPONSE,
    SUBMIT_RESPONSE,
    RECEIVE_RESPONSE,
    WAIVE_SHARING,
)
