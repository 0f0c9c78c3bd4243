"""Decide a threshold question: met, not met or unclear, on which criteria and facts, and why (SIF-01, SIF-10)."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from domain.incident.duties import NOTHING_TOLD, Told, bring_up_to_date, keys_in_force, set_lapsed_aside
from domain.incident.events import ThresholdDecided
from domain.incident.known import assess_now
from domain.incident.standing import check_open, check_reason, is_blank
from domain.incident.state import Incident
from domain.incident.words import RecordType, SetAside
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative, Personal
from domain.kernel.refusal import Refusal
from domain.kernel.words import Code, DecisionId
from domain.policy.assessing.assessed import Assessed
from domain.policy.facts import FactName
from domain.policy.library import SERIOUS_INCIDENT_FRAMEWORK, Policy
from domain.policy.questions import Outcome, Question


@dataclass(frozen=True, kw_only=True, slots=True)
class DecideThreshold:
    """The answer to one question.

    `edition` names one of the case's editions, by name, by the first name of its line, or by reference; `departure` says
    why the answer is another than the rules give from the known facts.
    """

    decision: DecisionId
    question: Question
    outcome: Outcome
    criteria: tuple[Code, ...]
    reasons: Narrative
    rests_on: tuple[FactName, ...]
    edition: Code
    identified_at: datetime
    decider: Personal | None
    departure: Narrative | None = None


class QuestionNotAsked(Refusal):
    """The question is not asked about a record of this kind."""

    code: ClassVar[str] = "incident.question-not-asked"


class CriteriaMissing(Refusal):
    """A threshold is met by criteria, and they have to be named."""

    code: ClassVar[str] = "incident.criteria-missing"


class EditionNotOfCase(Refusal):
    """The edition is not one of those that govern this case."""

    code: ClassVar[str] = "incident.edition-not-of-case"


class IdentifiedInFuture(Refusal):
    """What is decided now was identified before now."""

    code: ClassVar[str] = "incident.identified-in-future"


class IdentifiedBeforeOccurred(Refusal):
    """An incident cannot be identified before it occurred."""

    code: ClassVar[str] = "incident.identified-before-occurred"


class DepartureUnexplained(Refusal):
    """The answer departs from what the rules say of the known facts, and why it does has to stand on record."""

    code: ClassVar[str] = "incident.departure-unexplained"


class DelogIsTheCommissioners(Refusal):
    """Under the Serious Incident Framework only the commissioner decides that a serious incident is none after all."""

    code: ClassVar[str] = "incident.delog-is-the-commissioners"


def decide_threshold(
    incident: Incident, command: DecideThreshold, stamp: Stamp, *, policy: Policy, told: Told = NOTHING_TOLD
) -> None:
    """Record the answer, whose it is (the organisation of whoever decides), and bring the duties up to date with it.

    A question may be decided again at any time before closure: duties that rested on the earlier answer are set aside,
    and clocks whose start was corrected are re-dated, the earlier dates staying on record. Repeating an answer records
    nothing, unless a new decision was asked for.

    Raises:
        CaseClosed, CaseEnteredInError: the case takes no decision.
        QuestionNotAsked: candour for a record that opens no duty of candour.
        ReasonMissing, CriteriaMissing: an answer without its reasons, a threshold met by nothing.
        EditionNotOfCase: held against rules that do not govern the case.
        IdentifiedInFuture, IdentifiedBeforeOccurred: an impossible time.
        DelogIsTheCommissioners: the provider took back its own serious incident (SIF-10).
        DepartureUnexplained: the assessment is clear, the answer is another, and nobody says why.
    """
    check_open(incident)
    _check_question(incident, command)
    check_reason(command.reasons, "/reasons")
    if command.outcome is Outcome.MET and not command.criteria:
        raise CriteriaMissing(pointers=("/criteria",))
    edition = _find_edition(incident, command.edition, policy)
    _check_identified(incident, command, stamp)
    _check_delog(incident, command, stamp)
    assessed = assess_now(incident, command.question, policy)
    _check_departure(command, assessed)
    decided = _answer_given(incident, command, stamp, edition=edition, assessed=assessed)
    current = incident.decisions.get(command.question)
    if current is not None and command.question not in incident.prompts and _answer(current) == _answer(decided):
        return
    supported = keys_in_force(incident, policy)
    record(incident, decided)
    set_lapsed_aside(incident, stamp, policy, supported=supported, because=SetAside.DECISION_CHANGED)
    bring_up_to_date(incident, stamp, policy, told)


def _answer_given(
    incident: Incident, command: DecideThreshold, stamp: Stamp, *, edition: Code, assessed: Assessed | None
) -> ThresholdDecided:
    return ThresholdDecided(
        **after(incident, stamp),
        decision=command.decision,
        question=command.question,
        outcome=command.outcome,
        criteria=command.criteria,
        reasons=command.reasons,
        rests_on=command.rests_on,
        edition=edition,
        identified_at=command.identified_at,
        decider=command.decider,
        organisation=stamp.by.organisation,
        assessed=assessed,
        departure=command.departure,
    )


def _check_departure(command: DecideThreshold, assessed: Assessed | None) -> None:
    if assessed is not None and assessed.is_departed_from(command.outcome) and is_blank(command.departure):
        raise DepartureUnexplained(f"From the known facts the rules say: {assessed.outcome}.", pointers=("/departure",))


def _check_question(incident: Incident, command: DecideThreshold) -> None:
    if command.question is not Question.NOTIFIABLE_SAFETY_INCIDENT:
        return
    if incident.record_type in (RecordType.RISK, RecordType.GOOD_CARE):
        raise QuestionNotAsked(
            f"A record of type {incident.record_type} opens no duty of candour.", pointers=("/question",)
        )
    if not incident.may_involve_patient():
        raise QuestionNotAsked("Nobody was involved to whom candour could be owed.", pointers=("/question",))


def _find_edition(incident: Incident, edition: Code, policy: Policy) -> Code:
    for reference in incident.editions:
        known = policy.edition(reference)
        if edition in (reference, known.name, policy.first_name(known)):
            return reference
    raise EditionNotOfCase(f"The case is governed by {', '.join(incident.editions)}.", pointers=("/edition",))


def _check_identified(incident: Incident, command: DecideThreshold, stamp: Stamp) -> None:
    if command.identified_at > stamp.at:
        raise IdentifiedInFuture(pointers=("/identified_at",))
    if incident.occurred is not None and command.identified_at < incident.occurred.earliest:
        raise IdentifiedBeforeOccurred(pointers=("/identified_at",))


def _check_delog(incident: Incident, command: DecideThreshold, stamp: Stamp) -> None:
    current = incident.decisions.get(Question.SERIOUS_INCIDENT)
    if (
        incident.regime == SERIOUS_INCIDENT_FRAMEWORK
        and command.question is Question.SERIOUS_INCIDENT
        and current is not None
        and current.outcome is Outcome.MET
        and command.outcome is not Outcome.MET
        and stamp.by.organisation == incident.provider
    ):
        raise DelogIsTheCommissioners(pointers=("/outcome",))


def _answer(decided: ThresholdDecided) -> tuple[object, ...]:
    """What an answer says, whoever's keys its words are sealed under."""
    return (
        decided.outcome,
        decided.criteria,
        decided.reasons.words,
        decided.rests_on,
        decided.edition,
        decided.identified_at,
        decided.decider and decided.decider.words,
        decided.organisation,
        decided.departure and decided.departure.words,
    )
