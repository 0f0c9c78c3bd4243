"""A case as its streams leave it, in the words that the decision to close asks for."""

from collections.abc import Iterable, Sequence
from typing import Any

from domain.action.state import Action
from domain.candour.state import Candour
from domain.incident.closing import (
    ActionAtClosing,
    CaseAtClosing,
    FindingAtClosing,
    PersonAtClosing,
    ResponseAtClosing,
)
from domain.kernel.streams import Kind
from domain.kernel.words import ActionId, Code, ResponseId
from domain.learning_response.state import LearningResponse
from service.handling.desk import Desk
from service.handling.loading import Loaded
from service.handling.refusals import RecordNotFound
from service.handling.specification import Context, Situation
from service.store.ledger import CaseGuard, Guard


async def with_case(desk: Desk, situation: Situation) -> Context:
    """The whole case, guarded: nothing in it may change, and nothing may join it, while the decision is taken."""
    target = situation.target
    if target is None:
        raise RecordNotFound
    streams = await desk.load_case(target.stream)
    others = [loaded for loaded in streams if loaded.stream != target.stream]
    return Context(
        {"case": case_of(others), "policy": desk.policy},
        guards=tuple(Guard(loaded.stream, loaded.version) for loaded in others),
        case_guards=(CaseGuard(target.stream, len(streams)),),
    )


def case_of(streams: Sequence[Loaded]) -> CaseAtClosing:
    """The other streams of a case; what they did stands in the order of the ledger within each stream."""
    actions = _aggregates(streams, Kind.ACTION)
    persons = _aggregates(streams, Kind.CANDOUR)
    responses = _aggregates(streams, Kind.LEARNING_RESPONSE)
    return CaseAtClosing(
        responses=tuple(_response(response, persons, actions) for response in responses),
        persons=tuple(_person(person) for person in persons),
        actions=tuple(_action(action) for action in actions),
        dones=tuple(done for loaded in streams for fact in loaded.facts for done in fact.done()),
    )


def _aggregates(streams: Iterable[Loaded], kind: Kind) -> list[Any]:
    return [loaded.aggregate for loaded in streams if loaded.kind is kind]


def _response(response: LearningResponse, persons: list[Candour], actions: list[Action]) -> ResponseAtClosing:
    standing = [action for action in actions if not action.is_withdrawn]
    unanswered = response.unanswered_findings(
        findings=frozenset(finding for action in standing for finding in action.findings),
        areas=frozenset(area for action in standing for area in action.areas),
    )
    return ResponseAtClosing(
        response=ResponseId(response.id),
        method=Code(response.method),
        is_approved=response.is_approved,
        is_submitted=response.is_submitted,
        is_received=response.is_received,
        shared_final_with=frozenset(
            person.person for person in persons if person.shared_final(ResponseId(response.id))
        ),
        is_sharing_waived=response.sharing_waived,
        findings=tuple(FindingAtClosing(finding, finding not in unanswered) for finding in response.findings),
    )


def _person(person: Candour) -> PersonAtClosing:
    return PersonAtClosing(
        person=person.person,
        has_declined=person.is_released,
        has_notice=person.notice_given,
        has_letter=person.notification_letter_sent,
        has_results=person.results_given,
        open_questions=person.open_questions,
    )


def _action(action: Action) -> ActionAtClosing:
    return ActionAtClosing(
        action=ActionId(action.id),
        is_accepted=action.has_accepted_owner,
        has_due_day=action.due_on is not None,
        has_monitoring_group=action.monitored_by is not None,
        is_verified=action.verified_by is not None,
        is_withdrawn=action.is_withdrawn,
    )
