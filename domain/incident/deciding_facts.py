"""Which facts decide a question whatever its decision says it rests on: when one changes, somebody decides again."""

from collections.abc import Mapping
from typing import Final

from domain.incident.state import Incident
from domain.policy.assessing.asking import facts_asked
from domain.policy.facts import FactName
from domain.policy.library import Policy
from domain.policy.questions import Question

_HARMS: Final = (FactName.PHYSICAL_HARM, FactName.PSYCHOLOGICAL_HARM, FactName.DIED)

_UNDER_EARLIER_EDITIONS: Final[Mapping[Question, frozenset[FactName]]] = {
    Question.SERIOUS_INCIDENT: frozenset(
        {
            *_HARMS,
            FactName.NEVER_EVENT_TYPE,
            FactName.ABUSE_ALLEGED,
            FactName.SERVICE_STOPPED,
            FactName.DATA_BREACH,
            FactName.PUBLIC_CONCERN,
        }
    ),
    Question.NEVER_EVENT: frozenset({FactName.NEVER_EVENT_TYPE}),
    Question.NATIONAL_RESPONSE: frozenset({FactName.DIED, FactName.DETAINED, FactName.MATERNITY_CRITERION}),
    Question.PLAN_PRIORITY: frozenset(),
    Question.NOTIFIABLE_SAFETY_INCIDENT: frozenset(
        {*_HARMS, FactName.CANDOUR_HARM, FactName.RETURN_TO_THEATRE, FactName.UNINTENDED_OR_UNEXPECTED}
    ),
    Question.CQC_NOTIFICATION: frozenset(
        {*_HARMS, FactName.DETAINED, FactName.ABUSE_ALLEGED, FactName.POLICE_INFORMED, FactName.SERVICE_STOPPED}
    ),
    Question.SAFEGUARDING: frozenset({FactName.SAFEGUARDING_CONCERN, FactName.ABUSE_ALLEGED}),
    Question.MNSI: frozenset({FactName.MATERNITY_CRITERION}),
    Question.SYSTEMIC_FAILURE: frozenset({FactName.SYSTEMIC_FAILURE}),
}
"""The circumstances of a serious incident are SI-1 to SI-7; those of a notifiable one are regulation 20(8) and 20(9)."""


def deciding_facts(incident: Incident, question: Question, policy: Policy) -> frozenset[FactName]:
    """The facts that the criteria of the case's editions look at; a case under editions without criteria has a list.

    Raises:
        EditionUnknownError: an edition of the case is not known.
    """
    return facts_asked(policy, incident.editions, question) or _UNDER_EARLIER_EDITIONS[question]
