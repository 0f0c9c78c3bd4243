"""Stored names of the facts about learning responses: chosen by hand, frozen once released."""

from typing import Final

from domain.catalogue.stored import Stored
from domain.learning_response.events import (
    AreaForImprovementNamed,
    DraftPutForward,
    DraftReturned,
    FindingLeftWithoutAction,
    FindingMade,
    LeadAppointed,
    ResponseApproved,
    ResponseCommissioned,
    ResponseReceived,
    ResponseSubmitted,
    SharingWaived,
)

STORED: Final = (
    Stored("learning_response.commissioned.v1", ResponseCommissioned),
    Stored("learning_response.lead_appointed.v1", LeadAppointed),
    Stored("learning_response.finding_made.v1", FindingMade, subject="finding"),
    Stored("learning_response.area_for_improvement_named.v1", AreaForImprovementNamed, subject="area"),
    Stored("learning_response.finding_left_without_action.v1", FindingLeftWithoutAction, subject="finding"),
    Stored("learning_response.draft_put_forward.v1", DraftPutForward, subject="draft"),
    Stored("learning_response.draft_returned.v1", DraftReturned, subject="draft"),
    Stored("learning_response.approved.v1", ResponseApproved),
    Stored("learning_response.submitted.v1", ResponseSubmitted),
    Stored("learning_response.received.v1", ResponseReceived),
    Stored("learning_response.sharing_waived.v1", SharingWaived),
)
