"""What is due, worked out by hand from the events of a history: no state, no row and no SQL of the worklist is used."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from domain.action import events as action
from domain.incident import events as incident
from domain.incident.questions_asked import questions_asked
from domain.kernel.actor import Actor, Role
from domain.learning_response import events as response
from domain.policy.clocks import end_of_day, local_day
from domain.policy.questions import Outcome, Question
from projections.engine.feed import Told
from projections.timeliness.model import MODEL as TIMELINESS
from projections.timeliness.queries import status_of
from tests.support.read_models.projections import shown

DECIDE: Final = (
    "assessed_met",
    "undecided",
    "unclear",
    "decide_again",
    "response_without_lead",
    "response_to_approve",
    "response_to_submit",
    "response_to_receive",
    "action_to_accept",
    "action_to_verify",
)
SERIOUS: Final = {Question.SERIOUS_INCIDENT, Question.NEVER_EVENT}
CLOSED_BY_COMMISSIONER: Final = "sif-2015"


@dataclass(frozen=True, kw_only=True)
class Due:
    """An item: everything that its place in the list, and whose it is, hang on."""

    key: str
    provider: str
    section: str
    kind: str
    since: datetime
    due_at: datetime | None = None
    regime: str = ""
    owed_by: str = ""
    for_person: bool = False
    of_response: bool = False
    submitted_to: str | None = None
    accepted_by: UUID | None = None
    hands: frozenset[UUID] = frozenset()

    @property
    def place(self) -> tuple[Any, ...]:
        if self.section == "decide":
            return (0, DECIDE.index(self.kind), self.since, self.key)
        if self.due_at is None:
            return (1, 1, self.since, self.key)
        return (2 if self.section == "late" else 1, 0, self.due_at, self.key)

    def is_near(self, as_of: datetime, within_days: int) -> bool:
        if self.section != "running_out" or self.due_at is None:
            return True
        return (local_day(self.due_at) - local_day(as_of)).days <= within_days

    def is_work_of(self, actor: Actor) -> bool:
        own = self.provider == actor.organisation
        return any(_OWN[role](self, actor) for role in actor.roles if role in _OWN and own) or (
            Role.COMMISSIONER in actor.roles and not own and _commissioners(self, actor)
        )


def _managers(due: Due, actor: Actor) -> bool:
    if due.kind == "clock":
        return due.owed_by in ("provider", "independent_investigator")
    if due.kind == "action_to_verify":
        return actor.id not in due.hands
    return due.kind not in ("response_to_approve", "response_to_receive")


def _commissioners(due: Due, actor: Actor) -> bool:
    if due.kind == "clock":
        return due.owed_by == "commissioner"
    if due.kind == "response_to_receive":
        return due.submitted_to == actor.organisation
    return due.kind in DECIDE[:4] and due.regime == CLOSED_BY_COMMISSIONER


def _approvers(due: Due, actor: Actor) -> bool:
    return due.kind == "response_to_approve" or (due.kind == "action_to_verify" and actor.id not in due.hands)


_OWN: Final[dict[Role, Any]] = {
    Role.PATIENT_SAFETY_MANAGER: _managers,
    Role.APPROVER: _approvers,
    Role.LEARNING_RESPONSE_LEAD: lambda due, _: due.kind == "clock" and due.owed_by == "provider" and due.of_response,
    Role.ENGAGEMENT_LEAD: lambda due, _: due.kind == "clock" and due.owed_by == "provider" and due.for_person,
    Role.ACTION_OWNER: lambda due, actor: (
        due.kind == "action_to_accept" or (due.kind == "action" and due.accepted_by == actor.id)
    ),
}


def due_by_hand(events: Sequence[Told], as_of: datetime) -> list[Due]:
    """Everything that is due to anybody, in order."""
    streams: dict[UUID, list[Told]] = {}
    for event in events:
        streams.setdefault(event.stream, []).append(event)
    in_error = {each.stream for each in events if isinstance(each.fact, incident.IncidentEnteredInError)}
    found = [due for due in _clocks(events, as_of) if UUID(due.key.split(":")[0]) not in in_error]
    for told in streams.values():
        case = told[0].cases[0]
        if case not in in_error:
            found += _MADE_OF[told[0].kind](told, streams[case], as_of)
    return sorted(found, key=lambda due: due.place)


def _facts(told: Sequence[Told], *kinds: type[Any]) -> list[tuple[Told, Any]]:
    return [(each, each.fact) for each in told if isinstance(each.fact, kinds)]


def _questions(told: Sequence[Told], case: Sequence[Told], _as_of: datetime) -> Iterator[Due]:
    report: Any = told[0].fact
    answers = {fact.question: (each, fact.outcome) for each, fact in _facts(told, incident.ThresholdDecided)}
    asked = questions_asked(
        report.regime,
        report.record_type,
        may_involve_patient=report.patients is None or bool(report.patients),
        outcomes={question: outcome for question, (_, outcome) in answers.items()},
    )
    endings = _facts(told, incident.IncidentClosed, incident.IncidentReopened)
    is_closed = bool(endings) and isinstance(endings[-1][1], incident.IncidentClosed)
    for question in Question:
        if question not in answers:
            said = _said_met(told, question)
            unasked = ("undecided", case[0].effective_at) if question in asked else None
            waits = None if is_closed else ("assessed_met", said) if said else unasked
        else:
            answer, outcome = answers[question]
            changes = [
                each.effective_at
                for each, fact in _facts(told, incident.RedecisionPrompted)
                if fact.question is question and each.position > answer.position
            ]
            unclear = ("unclear", answer.effective_at) if outcome is Outcome.UNCLEAR else None
            waits = ("decide_again", changes[0]) if changes else unclear
        if waits:
            key, provider = f"{told[0].stream}:{question}", told[0].organisation
            kind, since = waits
            yield Due(key=key, provider=provider, section="decide", kind=kind, since=since, regime=report.regime)


def _said_met(told: Sequence[Told], question: Question) -> datetime | None:
    """Since when, without a break, the rules have said that the question is met."""
    since: datetime | None = None
    for each, fact in _facts(told, incident.ThresholdAssessed):
        if fact.question is question:
            since = (since or each.effective_at) if fact.assessed.outcome is Outcome.MET else None
    return since


def _response(told: Sequence[Told], case: Sequence[Told], _as_of: datetime) -> Iterator[Due]:
    report: Any = case[0].fact
    answers = {fact.question: fact.outcome for _, fact in _facts(case, incident.ThresholdDecided)}
    is_serious = report.regime == CLOSED_BY_COMMISSIONER and any(answers.get(each) is Outcome.MET for each in SERIOUS)
    led, found = _facts(told, response.LeadAppointed)[:1], _facts(told, response.FindingMade)[:1]
    approved, sent = _facts(told, response.ResponseApproved), _facts(told, response.ResponseSubmitted)
    received = _facts(told, response.ResponseReceived)
    drafts = _facts(told, response.DraftPutForward, response.DraftReturned)
    kind, to = None, None
    if sent:
        to = sent[-1][1].to
        is_received = bool(received) and received[-1][0].position > sent[-1][0].position
        kind = None if is_received else "response_to_receive"
    elif approved:
        kind = "response_to_submit" if is_serious else None
    elif not led:
        kind = "response_without_lead"
    elif found and not (drafts and isinstance(drafts[-1][1], response.DraftReturned)):
        kind = "response_to_approve"
    if kind:
        steps = [told[0], *(each for each, _ in (*led, *found, *drafts, *approved, *sent, *received))]
        since = max(steps, key=lambda each: each.position).effective_at
        key, provider = str(told[0].stream), told[0].organisation
        yield Due(key=key, provider=provider, section="decide", kind=kind, since=since, submitted_to=to)


def _action(told: Sequence[Told], _case: Any, as_of: datetime) -> Iterator[Due]:
    if _facts(told, action.ActionVerified, action.ActionWithdrawn):
        return
    accepted = _facts(told, action.ActionAccepted, action.ActionHandedOver)
    owner = accepted[-1][1].accepted_by if accepted and isinstance(accepted[-1][1], action.ActionAccepted) else None
    completions = _facts(told, action.ActionCompleted, action.ActionRejected, action.ActionHandedOver)
    last = completions[-1] if completions and isinstance(completions[-1][1], action.ActionCompleted) else None
    dates = _facts(told, action.ActionAgreed, action.ActionExtended)
    due_at = end_of_day(dates[-1][1].due_on)
    steps = [each for each in told if not isinstance(each.fact, action.ActionExtended | action.ActionMonitored)]
    if last is not None:
        kind = "action_to_verify" if last[0].effective_at <= as_of else "action"
    else:
        kind = "action_to_accept" if owner is None else "action"
    section = "running_out" if kind == "action" else "decide"
    yield Due(
        key=str(told[0].stream),
        provider=told[0].organisation,
        section="late" if kind != "action_to_verify" and due_at < as_of else section,
        kind=kind,
        since=steps[-1].effective_at,
        due_at=due_at,
        accepted_by=owner,
        hands=frozenset(
            [fact.accepted_by for _, fact in _facts(told, action.ActionAccepted)]
            + [fact.completed_by for _, fact in _facts(told, action.ActionCompleted)]
        ),
    )


_MADE_OF: Final[dict[str, Any]] = {"incident": _questions, "learning_response": _response, "action": _action}


def _clocks(events: Sequence[Told], as_of: datetime) -> Iterator[Due]:
    for key, row in shown(TIMELINESS, events).rows.items():
        word = status_of(row, as_of)
        if not row.set_aside and word in ("running", "overdue", "without_number"):
            yield Due(
                key=key,
                provider=row.organisation,
                section="late" if word == "overdue" else "running_out",
                kind="clock",
                since=row.started_at,
                due_at=row.due_at,
                owed_by=row.owed_by,
                for_person=row.person is not None or "relevant_person" in row.recipients,
                of_response=row.learning_response_id is not None,
            )
