"""The rows of the worklist that are kept: one for each question, learning response and action that waits for somebody."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.incident.questions_asked import questions_asked
from domain.policy.clocks import end_of_day
from domain.policy.facts import FactName
from domain.policy.questions import Outcome, Question
from projections.worklist.waiting import Action, Case, Kind, Response, Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRow:
    """What waits. `waiting_since` is when it began to; `hands` may not verify the action.

    `outcome` is the answer that stands, or (`assessed_met`) what the rules say where nobody has answered.
    """

    organisation: str
    incident_id: UUID
    kind: str
    waiting_since: datetime
    question: str | None = None
    decision_id: UUID | None = None
    outcome: str | None = None
    changed_facts: tuple[FactName, ...] = ()
    learning_response_id: UUID | None = None
    submitted_to: str | None = None
    action_id: UUID | None = None
    owner_role: str | None = None
    due_at: datetime | None = None
    accepted_by: UUID | None = None
    completed_at: datetime | None = None
    hands: tuple[UUID, ...] = ()


def rows(waiting: Waiting) -> Mapping[str, WaitingRow]:
    """What this stream waits for."""
    if waiting.case is not None:
        return dict(_of_case(waiting.case))
    if waiting.response is not None:
        return dict(_of_response(waiting.response))
    return {} if waiting.action is None else dict(_of_action(waiting.action))


def _of_case(case: Case) -> Iterator[tuple[str, WaitingRow]]:
    """An answer that is closed over may have to be given again; a question without any is asked of open cases only."""
    if case.is_entered_in_error:
        return
    outcomes = {question: answer.outcome for question, answer in case.answers.items()}
    asked = questions_asked(
        case.regime, case.record_type, may_involve_patient=case.may_involve_patient, outcomes=outcomes
    )
    for question in Question:
        row = _of_question(case, question, is_asked=question in asked and not case.is_closed)
        if row is not None:
            yield f"{case.incident}:{question}", row


def _of_question(case: Case, question: Question, *, is_asked: bool) -> WaitingRow | None:
    answer, prompt = case.answers.get(question), case.prompts.get(question)
    if answer is None and question in case.assessed_met and not case.is_closed:
        return _row_of_question(case, question, Kind.ASSESSED_MET, case.assessed_met[question])
    if answer is None:
        return _row_of_question(case, question, Kind.UNDECIDED, case.reported_at) if is_asked else None
    if prompt is not None:
        return _row_of_question(case, question, Kind.DECIDE_AGAIN, prompt.at)
    if answer.outcome is Outcome.UNCLEAR:
        return _row_of_question(case, question, Kind.UNCLEAR, answer.at)
    return None


def _row_of_question(case: Case, question: Question, kind: Kind, since: datetime) -> WaitingRow:
    answer, prompt = case.answers.get(question), case.prompts.get(question)
    return WaitingRow(
        organisation=case.organisation,
        incident_id=case.incident,
        kind=kind,
        waiting_since=since,
        question=question,
        decision_id=answer.decision if answer else None,
        outcome=answer.outcome if answer else Outcome.MET if kind is Kind.ASSESSED_MET else None,
        changed_facts=prompt.facts if prompt else (),
    )


def _of_response(response: Response) -> Iterator[tuple[str, WaitingRow]]:
    kind = _step_of(response)
    if kind is not None:
        yield (
            str(response.response),
            WaitingRow(
                organisation=response.organisation,
                incident_id=response.incident,
                kind=kind,
                waiting_since=response.step_at,
                learning_response_id=response.response,
                submitted_to=response.submitted_to,
            ),
        )


def _step_of(response: Response) -> Kind | None:
    """What it waits for a person to do; None while it is under way, or received."""
    if response.submitted_to is not None:
        return None if response.is_received else Kind.RESPONSE_TO_RECEIVE
    if response.is_approved:
        return Kind.RESPONSE_TO_SUBMIT
    if not response.has_lead:
        return Kind.RESPONSE_WITHOUT_LEAD
    return Kind.RESPONSE_TO_APPROVE if response.has_finding and not response.is_returned else None


def _of_action(action: Action) -> Iterator[tuple[str, WaitingRow]]:
    if action.completed_at is not None:
        kind = Kind.ACTION_TO_VERIFY
    else:
        kind = Kind.ACTION_TO_ACCEPT if action.accepted_by is None else Kind.ACTION
    yield (
        str(action.action),
        WaitingRow(
            organisation=action.organisation,
            incident_id=action.incident,
            kind=kind,
            waiting_since=action.step_at,
            action_id=action.action,
            owner_role=action.owner_role,
            due_at=end_of_day(action.due_on),
            accepted_by=action.accepted_by,
            completed_at=action.completed_at,
            hands=action.hands,
        ),
    )
