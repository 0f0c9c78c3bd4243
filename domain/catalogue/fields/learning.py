"""The fields of the facts about learning responses and improvement actions."""

from typing import Final

from domain.action import events as actions
from domain.catalogue.fields.described import (
    Fields,
    composite,
    kept,
    narrative,
    organisation,
    personal,
    pseudonym,
    working,
)
from domain.kernel.actor import Role
from domain.learning_response import events as responses

_LEAD: Final = Role.LEARNING_RESPONSE_LEAD
_OWNER: Final = Role.ACTION_OWNER
_METHOD: Final = working("by which method it is made: some duties are owed for one method only")

FIELDS: Final[Fields] = {
    responses.ResponseCommissioned: kept(
        Role.PATIENT_SAFETY_MANAGER,
        incidents=pseudonym("from which cases it is to learn"),
        method=_METHOD,
        reason=narrative("why this method is proportionate"),
        alternatives=composite("which methods were weighed and refused"),
    ),
    responses.Alternative: kept(
        Role.PATIENT_SAFETY_MANAGER,
        method=working("which method was refused"),
        reason=narrative("why it was refused"),
    ),
    responses.LeadAppointed: kept(
        Role.PATIENT_SAFETY_MANAGER,
        lead=personal("who answers for the response"),
        role=working("in what post they lead it"),
        independent_of_service=working("whether they stand outside the service concerned"),
    ),
    responses.FindingMade: kept(
        _LEAD,
        finding=pseudonym("lets areas and actions answer this finding"),
        words=narrative("what was found"),
        evidence=pseudonym("which evidence it rests on"),
        factors=composite("which parts of the system led to it"),
    ),
    responses.Factor: kept(
        _LEAD,
        code=working("which factor of the system it is"),
        seen=narrative("what was seen of it"),
    ),
    responses.AreaForImprovementNamed: kept(
        _LEAD,
        area=pseudonym("lets actions answer this area"),
        words=narrative("what is to become better"),
        findings=pseudonym("which findings it follows from"),
    ),
    responses.FindingLeftWithoutAction: kept(
        _LEAD,
        finding=pseudonym("which finding it is"),
        reason=narrative("why nothing will be done about it"),
    ),
    responses.DraftPutForward: kept(
        _LEAD,
        draft=pseudonym("which draft is with the approver"),
        summary=narrative("what the draft says, in short"),
    ),
    responses.DraftReturned: kept(
        Role.APPROVER,
        draft=pseudonym("which draft came back"),
        reason=narrative("what has to change"),
    ),
    responses.ResponseApproved: kept(
        Role.APPROVER,
        method=_METHOD,
        approver=personal("who signed it off for the board"),
    ),
    responses.ResponseSubmitted: kept(_LEAD, method=_METHOD, to=organisation("to whom it was sent")),
    responses.ResponseReceived: kept(
        Role.COMMISSIONER,
        method=_METHOD,
        by=organisation("who has it"),
        receipt=working("their reference, to prove that they have it"),
    ),
    responses.SharingWaived: kept(Role.ENGAGEMENT_LEAD, reason=narrative("why its findings are shared with nobody")),
    actions.ActionAgreed: kept(
        _LEAD,
        incidents=pseudonym("which cases it answers"),
        response=pseudonym("which learning response it follows from"),
        findings=pseudonym("which findings it answers"),
        areas=pseudonym("which areas for improvement it answers"),
        change=narrative("what is to change"),
        owner=pseudonym("who owns it, without naming them"),
        owner_name=personal("who owns it"),
        owner_role=working("in what post they own it"),
        due_on=working("by which day it is to be done"),
        strength=working("how strongly such a change holds"),
        measure=narrative("by what its effect will be seen"),
        expected_effect=narrative("what is expected of it"),
    ),
    actions.ActionAccepted: kept(_OWNER, accepted_by=pseudonym("who took it on")),
    actions.ActionExtended: kept(
        _OWNER,
        previous_due_on=working("by which day it was due before: no earlier date is lost", Role.SYSTEM),
        due_on=working("by which day it is due now"),
        reason=narrative("why more time was agreed"),
        agreed_by=personal("who agreed to it"),
    ),
    actions.ActionHandedOver: kept(
        _OWNER,
        owner=pseudonym("who owns it now, without naming them"),
        owner_name=personal("who owns it now"),
        owner_role=working("in what post they own it"),
        reason=narrative("why it was handed over"),
    ),
    actions.ActionMonitored: kept(_OWNER, group=organisation("which group looks after its progress")),
    actions.ActionCompleted: kept(
        _OWNER,
        evidence=pseudonym("what shows that it was done"),
        summary=narrative("what was done"),
        completed_by=pseudonym("who says that it was done"),
    ),
    actions.ActionVerified: kept(
        Role.PATIENT_SAFETY_MANAGER,
        seen=narrative("what was seen of it"),
        verified_by=pseudonym("who looked, and is not its owner"),
    ),
    actions.ActionRejected: kept(
        Role.PATIENT_SAFETY_MANAGER,
        reason=narrative("why it does not count as done"),
        rejected_by=pseudonym("who looked, and is not its owner"),
    ),
    actions.ActionWithdrawn: kept(_LEAD, reason=narrative("why it will not be done")),
}
