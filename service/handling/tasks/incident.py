"""How commands on incidents are handled."""

from hashlib import sha256
from typing import Final

from domain.incident.commands.add_facts import AddFacts, add_facts
from domain.incident.commands.add_person import AddPerson, add_person
from domain.incident.commands.assign_incident import AssignIncident, assign_incident
from domain.incident.commands.bring_duties_up_to_date import BringDutiesUpToDate, bring_duties_up_to_date
from domain.incident.commands.close_incident import CloseIncident, close_incident
from domain.incident.commands.decide_threshold import DecideThreshold, decide_threshold
from domain.incident.commands.enter_in_error import EnterInError, enter_in_error
from domain.incident.commands.extend_duty import ExtendDuty, extend_duty
from domain.incident.commands.make_initial_review import MakeInitialReview, make_initial_review
from domain.incident.commands.notify_body import NotifyBody, notify_body
from domain.incident.commands.pause_duty import PauseDuty, pause_duty
from domain.incident.commands.place_legal_hold import PlaceLegalHold, place_legal_hold
from domain.incident.commands.release_legal_hold import ReleaseLegalHold, release_legal_hold
from domain.incident.commands.reopen_incident import ReopenIncident, reopen_incident
from domain.incident.commands.report_incident import ProviderAtReport, ReportIncident, report_incident
from domain.incident.commands.resume_duty import ResumeDuty, resume_duty
from domain.incident.commands.secure_safety import SecureSafety, secure_safety
from domain.incident.commands.set_duty_aside import SetDutyAside, set_duty_aside
from domain.incident.commands.submit_externally import SubmitExternally, submit_externally
from domain.kernel.streams import Kind, organisation_stream
from domain.kernel.words import Code
from domain.policy.clocks import local_day
from service.handling.closing import with_case
from service.handling.contexts import with_commissioners, with_policy, with_the_rest_of_the_case
from service.handling.desk import Desk
from service.handling.refusals import OrganisationUnknown
from service.handling.specification import Begin, Change, Context, Situation


def reference_claim(command: ReportIncident) -> tuple[bytes, ...]:
    """What one report owns for ever: the local system's reference at this provider."""
    parts = (command.provider, command.source_system, command.local_reference)
    return (sha256(b"\0".join(part.encode() for part in ("report", *parts))).digest(),)


async def _with_provider(desk: Desk, situation: Situation) -> Context:
    """The provider as it is registered, with the overlays that it follows on the day of discovery."""
    command = situation.command
    loaded = desk.organisations.at_hand(organisation_stream(command.provider))
    if loaded is None or loaded.aggregate.provider_type is None:
        raise OrganisationUnknown(pointers=("/provider",))
    organisation = loaded.aggregate
    provider = ProviderAtReport(
        ods=command.provider,
        provider_type=Code(organisation.provider_type),
        psirf_adopted_on=organisation.psirf_adopted_on,
        overlays=organisation.overlays_on(local_day(command.discovered_at)),
    )
    return Context({"provider": provider, "policy": desk.policy})


REPORT_INCIDENT: Final = Begin(
    ReportIncident,
    Kind.INCIDENT,
    report_incident,
    organisation=lambda command: command.provider,
    context=_with_provider,
    claims=reference_claim,
    registered=lambda command: organisation_stream(command.provider),
)
ADD_FACTS: Final = Change(AddFacts, Kind.INCIDENT, add_facts, context=with_the_rest_of_the_case)
ADD_PERSON: Final = Change(AddPerson, Kind.INCIDENT, add_person)
ASSIGN_INCIDENT: Final = Change(AssignIncident, Kind.INCIDENT, assign_incident)
DECIDE_THRESHOLD: Final = Change(DecideThreshold, Kind.INCIDENT, decide_threshold, context=with_the_rest_of_the_case)
SECURE_SAFETY: Final = Change(SecureSafety, Kind.INCIDENT, secure_safety, context=with_policy)
MAKE_INITIAL_REVIEW: Final = Change(MakeInitialReview, Kind.INCIDENT, make_initial_review, context=with_policy)
NOTIFY_BODY: Final = Change(NotifyBody, Kind.INCIDENT, notify_body, context=with_policy)
SUBMIT_EXTERNALLY: Final = Change(SubmitExternally, Kind.INCIDENT, submit_externally, context=with_policy)
BRING_DUTIES_UP_TO_DATE: Final = Change(
    BringDutiesUpToDate, Kind.INCIDENT, bring_duties_up_to_date, context=with_policy
)
PAUSE_DUTY: Final = Change(PauseDuty, Kind.INCIDENT, pause_duty, context=with_commissioners)
RESUME_DUTY: Final = Change(ResumeDuty, Kind.INCIDENT, resume_duty, context=with_policy)
EXTEND_DUTY: Final = Change(ExtendDuty, Kind.INCIDENT, extend_duty, context=with_commissioners)
SET_DUTY_ASIDE: Final = Change(SetDutyAside, Kind.INCIDENT, set_duty_aside)
CLOSE_INCIDENT: Final = Change(CloseIncident, Kind.INCIDENT, close_incident, context=with_case)
REOPEN_INCIDENT: Final = Change(ReopenIncident, Kind.INCIDENT, reopen_incident)
ENTER_IN_ERROR: Final = Change(EnterInError, Kind.INCIDENT, enter_in_error)
PLACE_LEGAL_HOLD: Final = Change(PlaceLegalHold, Kind.INCIDENT, place_legal_hold)
RELEASE_LEGAL_HOLD: Final = Change(ReleaseLegalHold, Kind.INCIDENT, release_legal_hold)

TASKS: Final = (
    REPORT_INCIDENT,
    ADD_FACTS,
    ADD_PERSON,
    ASSIGN_INCIDENT,
    DECIDE_THRESHOLD,
    SECURE_SAFETY,
    MAKE_INITIAL_REVIEW,
    NOTIFY_BODY,
    SUBMIT_EXTERNALLY,
    BRING_DUTIES_UP_TO_DATE,
    PAUSE_DUTY,
    RESUME_DUTY,
    EXTEND_DUTY,
    SET_DUTY_ASIDE,
    CLOSE_INCIDENT,
    REOPEN_INCIDENT,
    ENTER_IN_ERROR,
    PLACE_LEGAL_HOLD,
    RELEASE_LEGAL_HOLD,
)
