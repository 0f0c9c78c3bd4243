"""How commands on erasures are handled: on any case, also one that is closed or was entered in error."""

from dataclasses import replace
from typing import Final

from domain.erasure.commands.approve_erasure import ApproveErasure, approve_erasure
from domain.erasure.commands.carry_out_erasure import CarryOutErasure, carry_out_erasure
from domain.erasure.commands.refuse_erasure import RefuseErasure, refuse_erasure
from domain.erasure.commands.request_erasure import RequestErasure, request_erasure
from domain.erasure.commands.withdraw_erasure import WithdrawErasure, withdraw_erasure
from domain.kernel.streams import Kind
from service.handling.desk import Desk
from service.handling.erasing import checked, contents_of, holds_on, with_contents
from service.handling.refusals import RecordNotFound
from service.handling.specification import Begin, Change, Context, Situation


async def _with_contents(desk: Desk, situation: Situation) -> Context:
    """The cases that name the person, all of which the erasure joins; in the case of the request they must be named."""
    command = situation.command
    context = await contents_of(desk, (command.incident,), command.person)
    contents = context.values["contents"]
    if not any(value.person == command.person for value in contents.values):
        raise RecordNotFound
    return replace(context, joins=contents.incidents)


async def _with_holds(desk: Desk, situation: Situation) -> Context:
    """The legal holds that stand; whether they do when it is due is asked again then."""
    look = await desk.ledger.look(None, [(incident, 0) for incident in checked(situation).incidents])
    incidents = [await desk.load(events, Kind.INCIDENT) for events in look.events.values()]
    return Context({"holds": holds_on(incidents)})


async def _of_person(_desk: Desk, situation: Situation) -> Context:
    checked(situation)
    return Context()


REQUEST_ERASURE: Final = Begin(
    RequestErasure,
    Kind.ERASURE,
    request_erasure,
    parents=lambda command: (command.incident,),
    context=_with_contents,
    case_in_error_takes_it=True,
)
APPROVE_ERASURE: Final = Change(
    ApproveErasure, Kind.ERASURE, approve_erasure, context=_with_holds, case_in_error_takes_it=True
)
REFUSE_ERASURE: Final = Change(
    RefuseErasure, Kind.ERASURE, refuse_erasure, context=_of_person, case_in_error_takes_it=True
)
WITHDRAW_ERASURE: Final = Change(
    WithdrawErasure, Kind.ERASURE, withdraw_erasure, context=_of_person, case_in_error_takes_it=True
)
CARRY_OUT_ERASURE: Final = Change(
    CarryOutErasure, Kind.ERASURE, carry_out_erasure, context=with_contents, case_in_error_takes_it=True
)

TASKS: Final = (REQUEST_ERASURE, APPROVE_ERASURE, REFUSE_ERASURE, WITHDRAW_ERASURE, CARRY_OUT_ERASURE)
