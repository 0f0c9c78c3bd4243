"""What the events of an incident say."""

from collections.abc import Callable
from typing import Any, Final

from domain.incident.events import (
    FactsAdded,
    IncidentAssigned,
    IncidentClosed,
    IncidentEnteredInError,
    IncidentNotified,
    IncidentReopened,
    IncidentReported,
    InitiallyReviewed,
    PersonAdded,
    RedecisionPrompted,
    SafetySecured,
    SubmittedExternally,
    ThresholdAssessed,
    ThresholdDecided,
)
from domain.incident.words import AddedFact, Assignment, Ending
from domain.kernel.harm import Harm, HarmKind, level_of
from domain.policy.facts import FactName
from domain.policy.questions import Outcome
from projections.incident_timeline.sentences.wording import by_channel, count, listed, moment, words


def reported(fact: IncidentReported) -> str:
    """Who reported what about whom, discovered when."""
    kind = {"incident": "An incident", "risk": "A risk", "outcome": "An outcome", "good_care": "Good care"}[
        fact.record_type
    ]
    about = "" if fact.reporting_organisation == fact.provider else f" about {fact.provider}"
    return f"{kind} was reported by {fact.reporting_organisation}{about}, discovered on {moment(fact.discovered_at)}."


_NEVER_EVENTS: Final = "never-events-2018:"
_KINDS: Final = {FactName.PHYSICAL_HARM: HarmKind.PHYSICAL, FactName.PSYCHOLOGICAL_HARM: HarmKind.PSYCHOLOGICAL}


def _level(name: FactName, harm: Harm) -> str:
    """The level, and the code as it was sent."""
    sent = f"code {harm.code} of {harm.taxonomy}"
    return f"{level_of(harm, _KINDS[name]).name.lower()} ({sent})" if name in _KINDS else sent


def _known(added: AddedFact) -> str:
    about = f" of patient {added.patient}" if added.patient is not None else ""
    match added.value:
        case None:
            said = "not known after all"
        case str(code) if code.startswith(_NEVER_EVENTS):
            said = f"number {code.removeprefix(_NEVER_EVENTS)} of the list of 2018"
        case True:
            said = "yes"
        case False:
            said = "no"
        case Harm() as harm:
            said = _level(added.name, harm)
        case code:
            said = words(code)
    return f"{words(added.name)}{about}: {said}"


def facts_added(fact: FactsAdded) -> str:
    """Which facts became known."""
    return f"It became known: {'; '.join(map(_known, fact.facts))}."


def person_added(fact: PersonAdded) -> str:
    """That somebody was named, never who."""
    number = f" {fact.patient}" if fact.patient is not None else ""
    kind = {"patient": f"Patient{number}", "staff": "A member of staff", "witness": "A witness"}[fact.kind]
    return f"{kind} was named."


_ASSIGNMENTS: Final = {
    Assignment.HANDLER: "A handler",
    Assignment.LEARNING_RESPONSE_LEAD: "A learning response lead",
    Assignment.ENGAGEMENT_LEAD: "An engagement lead",
}


def assigned(fact: IncidentAssigned) -> str:
    """What somebody was asked to do."""
    role = f" ({fact.role})" if fact.role else ""
    return f"{_ASSIGNMENTS[fact.assignment]} was assigned{role}."


_OUTCOMES: Final = {Outcome.MET: "met", Outcome.NOT_MET: "not met", Outcome.UNCLEAR: "unclear"}


def threshold_decided(fact: ThresholdDecided) -> str:
    """The answer to the question, and whose decision it is."""
    return f"{fact.organisation} decided the question of {words(fact.question)}: {_OUTCOMES[fact.outcome]}."


def threshold_assessed(fact: ThresholdAssessed) -> str:
    """What the rules say of a question that nobody has decided."""
    criteria = f" by {listed(list(fact.assessed.criteria))}" if fact.assessed.criteria else ""
    outcome = words(fact.assessed.outcome)
    return f"From the facts, the rules say {outcome} to the question of {words(fact.question)}{criteria}; nobody has decided it."


def redecision_prompted(fact: RedecisionPrompted) -> str:
    """Which question must be decided again, and why."""
    changed = listed([words(name) for name in fact.facts])
    return f"The question of {words(fact.question)} must be decided again, because this changed: {changed}."


def safety_secured(_fact: SafetySecured) -> str:
    """That people were made safe."""
    return "Immediate safety was secured."


def initially_reviewed(fact: InitiallyReviewed) -> str:
    """That the first review was made."""
    sent = f" and sent to {fact.submitted_to}" if fact.submitted_to else ""
    return f"The initial review was made{sent}."


def notified(fact: IncidentNotified) -> str:
    """Who was told, how and with what receipt."""
    who = words(fact.recipient) + (f" ({fact.organisation})" if fact.organisation else "")
    receipt = ", and a receipt was given" if fact.receipt else ""
    return f"Notice was given {by_channel(fact.channel)} to {who}{receipt}."


def submitted_externally(fact: SubmittedExternally) -> str:
    """Which system has the record."""
    return f"The record was sent to {words(fact.system)} (revision {fact.revision}): {words(fact.status)}."


def closed(fact: IncidentClosed) -> str:
    """Closed, and what stays open."""
    how = (
        "the learning response is complete"
        if fact.ending is Ending.RESPONSE_COMPLETE
        else "without a learning response"
    )
    return f"The case was closed by {fact.organisation}: {how}; {count(fact.actions_open, 'action')} open."


def reopened(fact: IncidentReopened) -> str:
    """That it is open again."""
    return f"The case was reopened by {fact.organisation}."


def entered_in_error(_fact: IncidentEnteredInError) -> str:
    """That the report should not stand."""
    return "The report was marked as entered in error."


SENTENCES: Final[dict[type[Any], Callable[[Any], str]]] = {
    IncidentReported: reported,
    FactsAdded: facts_added,
    PersonAdded: person_added,
    IncidentAssigned: assigned,
    ThresholdDecided: threshold_decided,
    ThresholdAssessed: threshold_assessed,
    RedecisionPrompted: redecision_prompted,
    SafetySecured: safety_secured,
    InitiallyReviewed: initially_reviewed,
    IncidentNotified: notified,
    SubmittedExternally: submitted_externally,
    IncidentClosed: closed,
    IncidentReopened: reopened,
    IncidentEnteredInError: entered_in_error,
}
