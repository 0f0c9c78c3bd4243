"""How commands on the ledger itself and on organisations are handled."""

from typing import Final

from domain.kernel.streams import Kind, organisation_stream
from domain.kernel.words import OdsCode
from domain.ledger.commands.move_clock import MoveClock, move_clock
from domain.ledger.commands.open_ledger import OpenLedger, open_ledger
from domain.ledger.commands.resume_ledger import ResumeLedger, resume_ledger
from domain.organisation.commands.adopt_local_plan import AdoptLocalPlan, adopt_local_plan
from domain.organisation.commands.commission_provider import CommissionProvider, commission_provider
from domain.organisation.commands.end_commissioning import EndCommissioning, end_commissioning
from domain.organisation.commands.register_organisation import RegisterOrganisation, register_organisation
from service.handling.contexts import with_policy
from service.handling.desk import Desk
from service.handling.specification import Begin, Change, Context, Situation

LEDGER_OWNER: Final = OdsCode("LEDGER")
"""Whose record the ledger's own stream is: nobody's that can be registered."""

OPEN_LEDGER: Final = Begin(
    OpenLedger,
    Kind.LEDGER,
    open_ledger,
    organisation=lambda _command: LEDGER_OWNER,
)
MOVE_CLOCK: Final = Change(MoveClock, Kind.LEDGER, move_clock)
RESUME_LEDGER: Final = Change(ResumeLedger, Kind.LEDGER, resume_ledger)

REGISTER_ORGANISATION: Final = Begin(
    RegisterOrganisation,
    Kind.ORGANISATION,
    register_organisation,
    organisation=lambda command: command.ods,
)


async def _with_commissioner(desk: Desk, situation: Situation) -> Context:
    named = await desk.organisations.get(organisation_stream(situation.command.commissioner))
    return Context({"commissioner_kind": named.aggregate.kind if named else None})


COMMISSION_PROVIDER: Final = Change(
    CommissionProvider, Kind.ORGANISATION, commission_provider, context=_with_commissioner
)
END_COMMISSIONING: Final = Change(EndCommissioning, Kind.ORGANISATION, end_commissioning)
ADOPT_LOCAL_PLAN: Final = Change(AdoptLocalPlan, Kind.ORGANISATION, adopt_local_plan, context=with_policy)

TASKS: Final = (
    OPEN_LEDGER,
    MOVE_CLOCK,
    RESUME_LEDGER,
    REGISTER_ORGANISATION,
    COMMISSION_PROVIDER,
    END_COMMISSIONING,
    ADOPT_LOCAL_PLAN,
)
