"""Record that people were made safe at once (PSIRF-02), whatever response follows."""

from dataclasses import dataclass
from typing import ClassVar

from domain.incident.duties import bring_up_to_date
from domain.incident.events import SafetySecured
from domain.incident.standing import check_open, is_blank
from domain.incident.state import Incident
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative
from domain.kernel.refusal import Refusal
from domain.kernel.words import RecordId
from domain.policy.library import Policy


@dataclass(frozen=True, kw_only=True, slots=True)
class SecureSafety:
    """What was done to make people safe."""

    step: RecordId
    steps_taken: Narrative


class StepsMissing(Refusal):
    """What was done to make people safe has to be said."""

    code: ClassVar[str] = "incident.steps-missing"


def secure_safety(incident: Incident, command: SecureSafety, stamp: Stamp, *, policy: Policy) -> None:
    """Record the steps taken; the same words again record nothing.

    Raises:
        CaseClosed, CaseEnteredInError: the case takes no safety step.
        StepsMissing: nothing was written.
    """
    check_open(incident)
    if is_blank(command.steps_taken):
        raise StepsMissing(pointers=("/steps_taken",))
    if any(step.steps_taken.words == command.steps_taken.words for step in incident.safety_steps):
        return
    record(incident, SafetySecured(**after(incident, stamp), step=command.step, steps_taken=command.steps_taken))
    bring_up_to_date(incident, stamp, policy)
