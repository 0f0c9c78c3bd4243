"""The case of a report entered in error takes nothing more, on any of its streams."""

import pytest

from domain.evidence.commands.preserve_evidence import PreserveEvidence
from domain.evidence.commands.transfer_custody import TransferCustody
from domain.incident.commands.enter_in_error import EnterInError
from domain.incident.standing import CaseEnteredInError
from domain.kernel.actor import Role
from domain.kernel.words import EvidenceId, IncidentId
from service.handling.identifiers import new_id
from service.handling.pen import Pen
from service.handling.refusals import OrganisationUnknown
from service.handling.tasks.evidence import PRESERVE_EVIDENCE, TRANSFER_CUSTODY
from service.handling.tasks.incident import ENTER_IN_ERROR
from tests.support.desks import a_desk, an_order, report


def transferred(pen: Pen) -> TransferCustody:
    return TransferCustody(
        custodian=pen.personal(pen.new_person(), "Fictitious Keeper"), place=None, reason=pen.narrative("End of shift.")
    )


async def test_custody_does_not_pass_any_more_once_the_report_is_entered_in_error() -> None:
    desk = await a_desk()
    incident = (await report(desk, an_order())).stream

    def preserved(pen: Pen) -> PreserveEvidence:
        return PreserveEvidence(
            evidence=EvidenceId(pen.stream),
            incident=IncidentId(incident),
            item=pen.narrative("The count sheet."),
            sha256=None,
            custodian=pen.personal(pen.new_person(), "Fictitious Nurse"),
            place=None,
        )

    evidence = (await desk.begin(an_order(), PRESERVE_EVIDENCE, preserved, stream=new_id())).stream
    await desk.change(an_order(), TRANSFER_CUSTODY, transferred, stream=evidence)

    def in_error(pen: Pen) -> EnterInError:
        return EnterInError(reason=pen.narrative("A test."))

    await desk.change(an_order(), ENTER_IN_ERROR, in_error, stream=incident)

    with pytest.raises(CaseEnteredInError):
        await desk.change(an_order(), TRANSFER_CUSTODY, transferred, stream=evidence)


@pytest.mark.parametrize("role", [Role.REPORTER, Role.REPORTER_SYSTEM])
async def test_whoever_reports_about_an_unknown_organisation_is_told_that_it_is_unknown(role: Role) -> None:
    desk = await a_desk()

    with pytest.raises(OrganisationUnknown):
        await report(desk, an_order(role), provider="ZZ9")
