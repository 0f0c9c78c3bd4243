"""Whether a case may be closed: every reason why not, gathered from the incident and the other streams of its case.

Which questions must have been answered is said in `questions_asked.py`.

Open, overdue and unverified actions never block: closing a case is not closing its actions (SIF-13).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from domain.incident.duties import Told, duties_now
from domain.incident.questions_asked import SERIOUS, questions_asked
from domain.incident.state import Incident
from domain.incident.words import PausingBody
from domain.kernel.done import Done
from domain.kernel.words import ActionId, Code, FindingId, PersonId, QuestionId, ResponseId
from domain.policy.duties import DutyTerms
from domain.policy.edition import Force
from domain.policy.library import SERIOUS_INCIDENT_FRAMEWORK, Policy
from domain.policy.questions import Outcome, Question
from domain.policy.status import Recorded, progress

_BLOCKING_BODIES: Final = frozenset({PausingBody.POLICE, PausingBody.CORONER})


@dataclass(frozen=True, slots=True)
class FindingAtClosing:
    """A finding, and whether it is answered.

    It is where an action that was not withdrawn answers it, or an area for improvement that follows from it, or where
    a reason stands why none does.
    """

    finding: FindingId
    is_answered: bool


@dataclass(frozen=True, slots=True)
class ResponseAtClosing:
    """A learning response of the case; `shared_final_with` are the persons with whom its final findings were shared."""

    response: ResponseId
    method: Code
    is_approved: bool
    is_submitted: bool
    is_received: bool
    shared_final_with: frozenset[PersonId]
    is_sharing_waived: bool
    findings: tuple[FindingAtClosing, ...]


@dataclass(frozen=True, slots=True)
class PersonAtClosing:
    """A relevant person; `has_declined`: their wish not to be contacted stands.

    Open questions have neither an answer nor a reason why not.
    """

    person: PersonId
    has_declined: bool
    has_notice: bool
    has_letter: bool
    has_results: bool
    open_questions: tuple[QuestionId, ...]


@dataclass(frozen=True, slots=True)
class ActionAtClosing:
    """An improvement action of the case."""

    action: ActionId
    is_accepted: bool
    has_due_day: bool
    has_monitoring_group: bool
    is_verified: bool
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class CaseAtClosing:
    """The other streams of the case as they stand; `dones` is all that the whole case did, in the order of the ledger."""

    responses: tuple[ResponseAtClosing, ...] = ()
    persons: tuple[PersonAtClosing, ...] = ()
    actions: tuple[ActionAtClosing, ...] = ()
    dones: tuple[Done, ...] = ()

    @property
    def actions_open(self) -> int:
        """How many actions stay on the board: neither verified nor withdrawn."""
        return sum(not action.is_verified and not action.is_withdrawn for action in self.actions)

    def told(self) -> Told:
        """The same, as the duties want to be told it."""
        persons = tuple(person.person for person in self.persons)
        return Told(self.dones, persons, tuple(response.method for response in self.responses))


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason why a case cannot be closed yet: a stable code for machines, a sentence for people."""

    code: Code
    sentence: str


def commissioner_closes(incident: Incident) -> bool:
    """Whether closing is the commissioner's decision: a serious incident or Never Event under SIF 2015."""
    met = {question for question, decision in incident.decisions.items() if decision.outcome is Outcome.MET}
    return incident.regime == SERIOUS_INCIDENT_FRAMEWORK and not met.isdisjoint(SERIOUS)


def find_obstacles(incident: Incident, case: CaseAtClosing, policy: Policy, *, has_reason: bool) -> list[Obstacle]:
    """Every reason why the case cannot be closed now; `has_reason`: it is said why it ends as it does."""
    return [
        Obstacle(Code(code), sentence)
        for code, sentence in (
            *_of_decisions(incident),
            *_of_duties(incident, case, policy),
            *_of_persons(incident, case),
            *_of_responses(incident, case, has_reason=has_reason),
            *_of_actions(case),
        )
    ]


def questions_to_answer(incident: Incident) -> tuple[Question, ...]:
    """Which threshold questions must have a clear answer before the case closes."""
    return questions_asked(
        incident.regime,
        incident.record_type,
        may_involve_patient=incident.may_involve_patient(),
        outcomes={question: decision.outcome for question, decision in incident.decisions.items()},
    )


def _of_decisions(incident: Incident) -> Iterator[tuple[str, str]]:
    for question in questions_to_answer(incident):
        if question not in incident.decisions:
            yield "decision-missing", f"The question {question} has not been decided."
    for question, decision in incident.decisions.items():
        if decision.outcome is Outcome.UNCLEAR:
            yield "decision-unclear", f"The answer to the question {question} is unclear."
    for question in incident.prompts:
        yield "decision-prompted", f"Facts under the answer to {question} have changed: decide it again."


def _of_duties(incident: Incident, case: CaseAtClosing, policy: Policy) -> Iterator[tuple[str, str]]:
    done = [Recorded(each, each.at) for each in (*case.dones, *incident.current_dones())]
    for terms in _legal_duties(incident, case, policy):
        achieved = progress(terms, done, due_at=None)
        if achieved.met_at is None and not achieved.set_aside:
            whom = f" (person {terms.person})" if terms.person else ""
            yield "legal-duty-unmet", f"{terms.rule}, {terms.title}{whom}: neither met nor recorded as not applicable."
    for duty in incident.duties.values():
        pause = duty.running_pause
        if duty.stands and pause is not None and pause.body in _BLOCKING_BODIES:
            yield "clock-paused", f"The clock of {duty.terms.rule} is stopped for the {pause.body}."


def _legal_duties(incident: Incident, case: CaseAtClosing, policy: Policy) -> Iterator[DutyTerms]:
    """Those that stand, and those that the case owes already but that no reaction has opened yet."""
    held = {duty.key for duty in incident.duties.values()}
    owed = [terms for key, terms in duties_now(incident, policy, case.told()).items() if key not in held]
    named = {(terms.edition, terms.rule) for terms in owed if terms.person is not None}
    standing = [duty.terms for duty in incident.duties.values() if duty.stands]
    # What stands for nobody in particular, and is owed to named persons by now, counts once: for each of them.
    standing = [terms for terms in standing if terms.person is not None or (terms.edition, terms.rule) not in named]
    yield from (terms for terms in (*standing, *owed) if terms.force is Force.LAW)


def _of_persons(incident: Incident, case: CaseAtClosing) -> Iterator[tuple[str, str]]:
    candour = incident.decisions.get(Question.NOTIFIABLE_SAFETY_INCIDENT)
    if candour is None:
        is_owed = Question.NOTIFIABLE_SAFETY_INCIDENT in questions_to_answer(incident)
    else:
        is_owed = candour.outcome is not Outcome.NOT_MET
    for person in case.persons:
        lacking = (
            ("notice", person.has_notice, "has not been told in a conversation with an apology"),
            ("letter", person.has_letter, "has no letter"),
            ("results", person.has_results, "has no results of the enquiries in writing"),
        )
        for what, is_there, sentence in lacking:
            if is_owed and not is_there and not person.has_declined:
                yield f"person-without-{what}", f"The relevant person {person.person} {sentence}."
        for question in person.open_questions:
            yield "question-unanswered", f"The question {question} has neither an answer nor a reason why not."


def _of_responses(incident: Incident, case: CaseAtClosing, *, has_reason: bool) -> Iterator[tuple[str, str]]:
    if not case.responses and not has_reason:
        yield "reason-missing", "There is no learning response, and no reason is given why not."
    affected = {person.person for person in case.persons if not person.has_declined}
    is_nobody_named = not case.persons and incident.may_involve_patient()
    for response in case.responses:
        which = f"The {response.method} {response.response}"
        if not response.is_approved:
            yield "response-not-approved", f"{which} is not approved."
        if commissioner_closes(incident) and not response.is_submitted:
            yield "response-not-submitted", f"{which} has not been submitted to the commissioner."
        if not response.is_sharing_waived and (is_nobody_named or not affected <= response.shared_final_with):
            yield "response-not-shared", f"{which} has not been shared with everybody affected, and no reason is given."
        for finding in response.findings:
            if not finding.is_answered:
                yield "finding-unanswered", f"The finding {finding.finding} has neither an action nor a reason why not."


def _of_actions(case: CaseAtClosing) -> Iterator[tuple[str, str]]:
    for action in case.actions:
        if action.is_withdrawn:
            continue
        if not action.is_accepted:
            yield "action-not-accepted", f"The action {action.action} has no owner who accepted it."
        if not action.has_due_day:
            yield "action-without-due-day", f"The action {action.action} has no due day."
        if not action.has_monitoring_group:
            yield "action-not-monitored", f"The action {action.action} has no group that monitors it."
