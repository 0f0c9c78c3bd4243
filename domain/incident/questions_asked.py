"""Which threshold questions a case must have answered, and who decides its end, from its regime and its answers alone.

By regime, for a record of type incident (others: none):

- SIF 2015: serious incident (4.1) and Never Event, which each asks for an investigation of its own.
- PSIRF: Never Event, then any other event with a nationally set response, then a priority of the plan (4.3). The first
  that is met settles the response, and the later ones need no answer.
- Both: notifiable safety incident (regulation 20).

Where it is known that no patient was involved, the questions about patients fall away: what is left is serious incident
(an SI may be a loss of service) under SIF, and the priority of the plan under PSIRF.
"""

from collections.abc import Mapping
from typing import Final

from domain.incident.words import RecordType
from domain.policy.library import SERIOUS_INCIDENT_FRAMEWORK
from domain.policy.questions import Outcome, Question

SERIOUS: Final = (Question.SERIOUS_INCIDENT, Question.NEVER_EVENT)
"""The questions that each ask for an investigation under SIF 2015; once one is met, the commissioner closes the case."""

_PSIRF_IN_TURN: Final = (Question.NEVER_EVENT, Question.NATIONAL_RESPONSE, Question.PLAN_PRIORITY)


def questions_asked(
    regime: str, record_type: str, *, may_involve_patient: bool, outcomes: Mapping[Question, Outcome]
) -> tuple[Question, ...]:
    """Which questions must have a clear answer before the case closes; `outcomes` are the answers so far."""
    if record_type != RecordType.INCIDENT:
        return ()
    candour = (Question.NOTIFIABLE_SAFETY_INCIDENT,) if may_involve_patient else ()
    if regime == SERIOUS_INCIDENT_FRAMEWORK:
        return (*(SERIOUS if may_involve_patient else SERIOUS[:1]), *candour)
    asked: list[Question] = []
    for question in _PSIRF_IN_TURN if may_involve_patient else _PSIRF_IN_TURN[-1:]:
        asked.append(question)
        if outcomes.get(question) is Outcome.MET:
            break
    return (*asked, *candour)
