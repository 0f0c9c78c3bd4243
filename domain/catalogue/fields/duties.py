"""The fields of the facts about duties and their clocks."""

from typing import Final

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
from domain.incident import duty_events as events
from domain.kernel.actor import Role
from domain.policy.duties import DutyTerms

_MANAGER: Final = Role.PATIENT_SAFETY_MANAGER
_DUTY: Final = pseudonym("which duty of the case it is", Role.SYSTEM)
_RULE: Final = working("which rule it follows from, so that the fact can be read alone", Role.SYSTEM)
_CALENDAR: Final = working("by which calendar the due moment was counted", Role.SYSTEM)

FIELDS: Final[Fields] = {
    events.DutyOpened: kept(
        Role.SYSTEM, duty=_DUTY, terms=composite("what is owed, stored whole: later editions cannot change it")
    ),
    events.DutyRedated: kept(
        Role.SYSTEM,
        duty=_DUTY,
        rule=_RULE,
        previous_started_at=working("when the clock was taken to have started"),
        previous_due_at=working("when it was due before: no earlier date is lost"),
        started_at=working("when the clock started"),
        due_at=working("when it is due now"),
        calendar=_CALENDAR,
        because=working("what moved it"),
    ),
    events.DutyPaused: kept(
        _MANAGER,
        pause=pseudonym("lets the resumption speak of this pause", Role.SYSTEM),
        duty=_DUTY,
        rule=_RULE,
        body=working("at whose request the clock was stopped"),
        reason=narrative("why it was stopped"),
        approver=personal("who answers for stopping it", Role.APPROVER),
        approver_organisation=organisation("for whom the approver spoke"),
        requested_on=working("on which day the request was made"),
        review_on=working("on which day somebody looks at it again"),
    ),
    events.DutyResumed: kept(
        _MANAGER,
        pause=pseudonym("which pause has ended", Role.SYSTEM),
        duty=_DUTY,
        rule=_RULE,
        due_at=working("when it is due now", Role.SYSTEM),
        calendar=_CALENDAR,
    ),
    events.DutyExtended: kept(
        _MANAGER,
        duty=_DUTY,
        rule=_RULE,
        previous_due_at=working("when it was due before: no earlier date is lost", Role.SYSTEM),
        due_at=working("when it is due by agreement"),
        reason=narrative("why more time was agreed"),
        agreed_by=personal("who answers for the agreement"),
        agreed_by_organisation=organisation("for whom they agreed"),
    ),
    events.DutySetAside: kept(
        _MANAGER,
        duty=_DUTY,
        rule=_RULE,
        because=working("why the duty does not apply after all"),
        reason=narrative("that reason in somebody's words"),
    ),
    DutyTerms: kept(
        Role.SYSTEM,
        rule=working("which rule it follows from"),
        title=working("what is owed, in a few words"),
        edition=working("in which edition the rule stands"),
        force=working("whether law, contract or good practice asks it"),
        source=working("where the rule is written"),
        verified=working("whether the rule was checked against its source"),
        unit=working("in what its time is counted"),
        length=working("how much time there is"),
        started_by=working("which fact starts the clock"),
        started_at=working("when that fact became true"),
        due_at=working("when it is due; absent where the rule gives no number"),
        calendar=_CALENDAR,
        actor=working("who owes it"),
        recipients=working("to whom it is owed"),
        met_by=working("which fact meets it"),
        set_aside_by=working("which fact sets it aside"),
        revived_by=working("which fact brings it back"),
        person=pseudonym("to which relevant person it is owed"),
        response=pseudonym("which learning response it is about"),
        pausable=working("whether its clock may be stopped"),
        extendable=working("whether more time may be agreed"),
    ),
}
