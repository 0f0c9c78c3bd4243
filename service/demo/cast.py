"""Who acts in the demonstration: each with a subject of their own, as separation of duties asks."""

from typing import Final

from domain.kernel.actor import Role
from service.demo.client import Voice

ADMINISTRATOR: Final = Voice("The administrator", "demo-administrator", (Role.ADMINISTRATOR,))
REPORTER: Final = Voice("The reporter", "demo-reporter", (Role.REPORTER,))
SAFETY_MANAGER: Final = Voice(
    "The patient safety manager", "demo-patient-safety-manager", (Role.PATIENT_SAFETY_MANAGER,)
)
RESPONSE_LEAD: Final = Voice("The learning response lead", "demo-response-lead", (Role.LEARNING_RESPONSE_LEAD,))
ENGAGEMENT_LEAD: Final = Voice("The engagement lead", "demo-engagement-lead", (Role.ENGAGEMENT_LEAD,))
APPROVER: Final = Voice("The medical director", "demo-medical-director", (Role.APPROVER,))
THEATRE_MANAGER: Final = Voice("The theatre manager", "demo-theatre-manager", (Role.ACTION_OWNER,))
WARD_MANAGER: Final = Voice("The ward manager", "demo-ward-manager", (Role.ACTION_OWNER,))
COMMISSIONER: Final = Voice("The ICB", "demo-commissioner", (Role.COMMISSIONER,), "ZZQ")
AUDITOR: Final = Voice("The auditor", "demo-auditor", (Role.AUDITOR,))

WARD_NURSE: Final = Voice("The ward nurse", "demo-othertown-ward-nurse", (Role.REPORTER,), "ZZ2")
RISK_MANAGER: Final = Voice("The risk manager", "demo-othertown-risk-manager", (Role.PATIENT_SAFETY_MANAGER,), "ZZ2")
INVESTIGATOR: Final = Voice("The investigator", "demo-othertown-investigator", (Role.LEARNING_RESPONSE_LEAD,), "ZZ2")
LIAISON_NURSE: Final = Voice("The liaison nurse", "demo-othertown-liaison-nurse", (Role.ENGAGEMENT_LEAD,), "ZZ2")
NURSE_DIRECTOR: Final = Voice("The director of nursing", "demo-othertown-nurse-director", (Role.APPROVER,), "ZZ2")
MATRON: Final = Voice("The matron", "demo-othertown-matron", (Role.ACTION_OWNER,), "ZZ2")
