"""Who may report an incident and what they may then add to it."""

from typing import Any, Final

from domain.access.permission import Permission, Relation, may
from domain.incident.commands.add_facts import AddFacts
from domain.incident.commands.bring_duties_up_to_date import BringDutiesUpToDate
from domain.incident.commands.decide_threshold import DecideThreshold
from domain.incident.commands.report_incident import ReportIncident
from domain.kernel.actor import Role

TABLE: Final[dict[type[Any], Permission]] = {
    ReportIncident: may(Role.REPORTER, Role.PATIENT_SAFETY_MANAGER) | may(Role.REPORTER_SYSTEM, relation=Relation.ANY),
    AddFacts: may(Role.PATIENT_SAFETY_MANAGER, Role.LEARNING_RESPONSE_LEAD),
    DecideThreshold: may(Role.PATIENT_SAFETY_MANAGER, Role.APPROVER)
    | may(Role.COMMISSIONER, relation=Relation.COMMISSIONS),
    BringDutiesUpToDate: may(),
}
