"""Who may report an incident, add to it, decide about it and close it."""

from typing import Any, Final

from domain.access.permission import Permission, Relation, may
from domain.incident.commands.add_facts import AddFacts
from domain.incident.commands.add_person import AddPerson
from domain.incident.commands.assign_incident import AssignIncident
from domain.incident.commands.bring_duties_up_to_date import BringDutiesUpToDate
from domain.incident.commands.close_incident import CloseIncident
from domain.incident.commands.decide_threshold import DecideThreshold
from domain.incident.commands.enter_in_error import EnterInError
from domain.incident.commands.extend_duty import ExtendDuty
from domain.incident.commands.make_initial_review import MakeInitialReview
from domain.incident.commands.notify_body import NotifyBody
from domain.incident.commands.pause_duty import PauseDuty
from domain.incident.commands.place_legal_hold import PlaceLegalHold
from domain.incident.commands.release_legal_hold import ReleaseLegalHold
from domain.incident.commands.reopen_incident import ReopenIncident
from domain.incident.commands.report_incident import ReportIncident
from domain.incident.commands.resume_duty import ResumeDuty
from domain.incident.commands.secure_safety import SecureSafety
from domain.incident.commands.set_duty_aside import SetDutyAside
from domain.incident.commands.submit_externally import SubmitExternally
from domain.kernel.actor import Role

_TEAM: Final = (Role.PATIENT_SAFETY_MANAGER, Role.LEARNING_RESPONSE_LEAD, Role.ENGAGEMENT_LEAD)
_SIGNING_OFF: Final = (Role.PATIENT_SAFETY_MANAGER, Role.APPROVER)
_KEEPS: Final = may(Role.DATA_PROTECTION_OFFICER, *_SIGNING_OFF)
_COMMISSIONER: Final = may(Role.COMMISSIONER, relation=Relation.COMMISSIONS)

TABLE: Final[dict[type[Any], Permission]] = {
    ReportIncident: may(Role.REPORTER, Role.PATIENT_SAFETY_MANAGER) | may(Role.REPORTER_SYSTEM, relation=Relation.ANY),
    AddFacts: may(*_TEAM),
    AddPerson: may(*_TEAM),
    AssignIncident: may(Role.PATIENT_SAFETY_MANAGER),
    DecideThreshold: may(*_SIGNING_OFF) | _COMMISSIONER,
    SecureSafety: may(Role.REPORTER, *_TEAM),
    MakeInitialReview: may(Role.PATIENT_SAFETY_MANAGER, Role.LEARNING_RESPONSE_LEAD),
    NotifyBody: may(*_TEAM),
    SubmitExternally: may(Role.PATIENT_SAFETY_MANAGER),
    BringDutiesUpToDate: may(),
    PauseDuty: may(*_SIGNING_OFF),
    ResumeDuty: may(*_SIGNING_OFF),
    ExtendDuty: may(*_SIGNING_OFF) | _COMMISSIONER,
    SetDutyAside: may(*_SIGNING_OFF),
    CloseIncident: may(*_SIGNING_OFF) | _COMMISSIONER,
    ReopenIncident: may(*_SIGNING_OFF) | _COMMISSIONER,
    EnterInError: may(Role.PATIENT_SAFETY_MANAGER),
    PlaceLegalHold: _KEEPS,
    ReleaseLegalHold: _KEEPS,
}
"""Only the ledger's own reactions tell an incident what the other streams of its case did."""
