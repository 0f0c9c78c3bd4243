"""The fields of the facts about incidents."""

from typing import Final

from domain.catalogue.fields.described import (
    Fields,
    composite,
    health,
    kept,
    narrative,
    organisation,
    personal,
    pseudonym,
    working,
)
from domain.incident import events
from domain.incident.words import AddedFact, Judge, Location, Occurred
from domain.kernel.actor import Role
from domain.kernel.harm import Harm, PatientHarm
from domain.policy.assessing.assessed import Assessed, KnownFact

_REPORTER: Final = Role.REPORTER
_MANAGER: Final = Role.PATIENT_SAFETY_MANAGER

FIELDS: Final[Fields] = {
    events.IncidentReported: kept(
        _REPORTER,
        provider=organisation("whose record it is, and so who owes the duties"),
        provider_type=organisation("which law binds the provider", Role.ADMINISTRATOR),
        reporting_organisation=organisation("who reported, where that is somebody else"),
        record_type=working("tells an incident, which opens duties, from a risk, an outcome and good care"),
        source_system=working("with the reference, finds the record in the system that it came from"),
        local_reference=working("with the system, finds the record where it came from; never given twice"),
        discovered_at=working("starts the clocks that run from discovery, and chooses the regime"),
        occurred=composite("when it happened, as far as anybody knows"),
        what_happened=narrative("what the reporter says happened"),
        location=composite("where it happened, for themes and comparisons"),
        patients=composite("who came to which harm: thresholds and candour rest on it"),
        extensions=narrative("the reporting system's own fields, kept and never interpreted"),
        regime=working("the regime that governs the case for good", Role.SYSTEM),
        editions=working("the policy editions that govern the case for good", Role.SYSTEM),
    ),
    events.FactsAdded: kept(_MANAGER, facts=composite("what became known, for the rules to look at")),
    events.PersonAdded: kept(
        _MANAGER,
        person=pseudonym("tells one person from another without naming them"),
        kind=working("whether it is a patient, a member of staff or a witness"),
        patient=working("which patient of the report this is"),
        name=personal("to speak with the person and about them"),
        nhs_number=personal("to find the patient's record; looked up by a blind index only"),
        born_on=personal("to be sure that it is the right person"),
    ),
    events.IncidentAssigned: kept(
        _MANAGER,
        assignment=working("which of the case's roles was given"),
        person=pseudonym("tells who holds the role without naming them"),
        name=personal("to know whom to turn to"),
        role=working("in what post they hold it"),
    ),
    events.ThresholdDecided: kept(
        _MANAGER,
        decision=pseudonym("lets samples, reviews and later decisions speak of this one"),
        question=working("which threshold was decided on"),
        outcome=working("met, not met or unclear: what follows depends on it"),
        criteria=working("which criteria were found met"),
        reasons=narrative("why it was decided so: a decision without reasons cannot be reviewed"),
        rests_on=working("which facts it rests on: when one changes, it must be decided again"),
        edition=working("by which rules it was decided"),
        identified_at=working("starts the clocks of what follows"),
        decider=personal("who answers for the decision"),
        organisation=organisation("whose decision it is"),
        assessed=composite("what the rules said then, to compare with", Role.SYSTEM),
        departure=narrative("why the decider departs from what the rules said"),
    ),
    events.ThresholdAssessed: kept(
        Role.SYSTEM,
        question=working("which threshold somebody has to decide"),
        assessed=composite("what the rules say from the facts that are known"),
    ),
    events.RedecisionPrompted: kept(
        Role.SYSTEM,
        question=working("which threshold must be decided again"),
        decision=pseudonym("which decision its facts have left behind"),
        facts=working("which facts have changed"),
    ),
    events.SafetySecured: kept(
        _MANAGER,
        step=pseudonym("lets later facts speak of this one"),
        steps_taken=narrative("how people were made safe at once"),
    ),
    events.InitiallyReviewed: kept(
        _MANAGER,
        review=pseudonym("lets later facts speak of this one"),
        summary=narrative("what the first review found"),
        submitted_to=organisation("to whom it went, which meets a duty"),
    ),
    events.IncidentNotified: kept(
        _MANAGER,
        notification=pseudonym("lets later facts speak of this one"),
        recipient=working("which kind of body was told, which meets the duties owed to it"),
        organisation=organisation("which body was told"),
        purpose=working("what it was told for"),
        channel=working("how it was told: some rules name the channel"),
        receipt=working("their reference, to prove that they were told"),
    ),
    events.SubmittedExternally: kept(
        _MANAGER,
        submission=pseudonym("lets later facts speak of this one"),
        system=working("which national or regional system has the record"),
        purpose=working("what it was sent for"),
        reference=working("finds the record in that system"),
        revision=working("which version of the record was sent"),
        status=working("what that system did with it"),
    ),
    events.IncidentClosed: kept(
        Role.APPROVER,
        ending=working("how the case ended"),
        reason=narrative("why it could be closed"),
        organisation=organisation("who closed it: the provider or its commissioner"),
        responses=pseudonym("which learning responses had been approved", Role.SYSTEM),
        actions_open=working("how many actions stay on the board", Role.SYSTEM),
    ),
    events.IncidentReopened: kept(
        Role.APPROVER,
        reason=narrative("why the case was opened again"),
        organisation=organisation("who opened it again"),
    ),
    events.IncidentEnteredInError: kept(_MANAGER, reason=narrative("why the report should never have been made")),
    Occurred: kept(
        _REPORTER,
        earliest=working("when it began, at the earliest"),
        latest=working("when it ended, at the latest"),
        precision=working("how exactly that is known"),
    ),
    Location: kept(
        _REPORTER,
        site=organisation("at which site"),
        division=organisation("in which division"),
        specialty=organisation("in which specialty"),
        place=narrative("where exactly, in the reporter's words"),
    ),
    PatientHarm: kept(
        _REPORTER,
        sequence=working("tells the patients of one report apart without naming them"),
        physical_harm=composite("how badly the body was harmed, as reported"),
        psychological_harm=composite("how badly the person was harmed otherwise, as reported"),
    ),
    Harm: kept(
        _REPORTER,
        code=health("the level of harm, as it was sent"),
        taxonomy=working("by which list the level is meant"),
    ),
    AddedFact: kept(
        _MANAGER,
        name=working("which fact it is"),
        patient=working("which patient of the report it is about"),
        value=health("what is so: it may tell of somebody's harm, death or care"),
        judge=composite("who judged it, where judgement is needed"),
    ),
    Judge: kept(
        _MANAGER,
        name=personal("who answers for the judgement"),
        profession=working("by which profession it was judged"),
        judged_at=working("when it was judged"),
    ),
    Assessed: kept(
        Role.SYSTEM,
        outcome=working("what the rules say"),
        criteria=working("which criteria they find met"),
        missing=working("which facts they miss"),
        editions=working("by which rules"),
        day=working("the day whose rules were asked"),
        regime=working("under which regime"),
        record_type=working("of which type of record"),
        provider_type=organisation("of which type of provider"),
        patients=working("for which patients of the report"),
        facts=composite("what was known, so that the rules can be asked again"),
    ),
    KnownFact: kept(
        Role.SYSTEM,
        name=working("which fact it is"),
        patient=working("which patient of the report it is about"),
        value=health("what was known to be so"),
    ),
}
