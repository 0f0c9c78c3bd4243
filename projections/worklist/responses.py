"""A learning response on its way: commissioned, led, with findings, approved, submitted, received."""

from dataclasses import replace

from domain.learning_response.events import (
    DraftPutForward,
    DraftReturned,
    FindingMade,
    LeadAppointed,
    ResponseApproved,
    ResponseCommissioned,
    ResponseReceived,
    ResponseSubmitted,
)
from projections.engine.feed import Told
from projections.worklist.waiting import Response


def follow_response(response: Response | None, event: Told) -> Response | None:
    """The learning response after one of its own events."""
    if isinstance(event.fact, ResponseCommissioned):
        first = event.fact.incidents[0]
        return Response(event.organisation, event.stream, incident=first, step_at=event.effective_at)
    return response and _moved(response, event)


def _moved(response: Response, event: Told) -> Response:
    at = event.effective_at
    match event.fact:
        case LeadAppointed() if not response.has_lead:
            return replace(response, has_lead=True, step_at=at)
        case FindingMade() if not response.has_finding:
            return replace(response, has_finding=True, step_at=at)
        case DraftPutForward():
            return replace(response, is_returned=False, step_at=at)
        case DraftReturned():
            return replace(response, is_returned=True, step_at=at)
        case ResponseApproved():
            return replace(response, is_approved=True, step_at=at)
        case ResponseSubmitted(to=to):
            return replace(response, submitted_to=to, is_received=False, step_at=at)
        case ResponseReceived():
            return replace(response, is_received=True, step_at=at)
    return response
