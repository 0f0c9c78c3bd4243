"""Every command over HTTP: its path, its body, its task."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter

from domain.kernel.streams import LEDGER_STREAM, Kind, organisation_stream
from domain.kernel.words import OdsCode
from service.api.commands import (
    action,
    audit_sample,
    candour,
    clocks,
    erasure,
    evidence,
    facts,
    ground,
    incident,
    learning_response,
    report,
)
from service.api.commands.route import CommandRoute, Path, new_stream, of_path
from service.handling.desk import Desk
from service.handling.refusals import RecordNotFound
from service.handling.tasks import action as actions
from service.handling.tasks import audit_sample as samples
from service.handling.tasks import candour as candours
from service.handling.tasks import erasure as erasures
from service.handling.tasks import evidence as evidences
from service.handling.tasks import ground as grounds
from service.handling.tasks import incident as incidents
from service.handling.tasks import learning_response as responses


async def of_relevant_person(_desk: Desk, body: Any, _path: Path) -> UUID:
    """Candour with each person is a stream of its own, named in the body."""
    person: UUID = body.relevant_person
    return person


async def of_question(desk: Desk, _body: Any, path: Path) -> UUID:
    """The stream in which the question of the path was asked."""
    for loaded in await desk.load_case(path["incident"]):
        if loaded.kind is Kind.CANDOUR and path["question"] in loaded.aggregate.questions:
            return loaded.stream
    raise RecordNotFound


async def of_ledger(_desk: Desk, _body: Any, _path: Path) -> UUID:
    """The ledger's own stream."""
    return LEDGER_STREAM


async def of_ods(_desk: Desk, body: Any, _path: Path) -> UUID:
    """An organisation's stream follows from its code."""
    return organisation_stream(OdsCode(body.ods))


_INCIDENT: Final = "/v1/incidents/{incident}"
_CANDOUR: Final = f"{_INCIDENT}/candour"
_RESPONSE: Final = "/v1/learning-responses/{learning_response}"
_ACTION: Final = "/v1/actions/{action}"
_of_incident: Final = of_path("incident")
_of_response: Final = of_path("learning_response")
_of_action: Final = of_path("action")


def _route(path: str, body: Any, *tasks: Any, find: Any, tag: str) -> CommandRoute:
    return CommandRoute(path, body, tasks, find, tag)


ORGANISATIONS: Final = (
    _route("/v1/organisations", ground.Registration, grounds.REGISTER_ORGANISATION, find=of_ods, tag="organisations"),
    _route(
        "/v1/organisations/{ods}/commissioners",
        ground.Commissioning,
        grounds.COMMISSION_PROVIDER,
        find=of_path("ods"),
        tag="organisations",
    ),
    _route(
        "/v1/organisations/{ods}/commissioners/ended",
        ground.CommissioningEnd,
        grounds.END_COMMISSIONING,
        find=of_path("ods"),
        tag="organisations",
    ),
    _route(
        "/v1/organisations/{ods}/local-plans",
        ground.PlanAdoption,
        grounds.ADOPT_LOCAL_PLAN,
        find=of_path("ods"),
        tag="organisations",
    ),
)
SIMULATION: Final = _route(
    "/v1/simulation/clock", ground.ClockMove, grounds.MOVE_CLOCK, find=of_ledger, tag="simulation"
)
_ON_INCIDENT: Final = (
    ("facts", facts.Facts, incidents.ADD_FACTS),
    ("people", incident.Person, incidents.ADD_PERSON),
    ("assignments", incident.AssignmentBody, incidents.ASSIGN_INCIDENT),
    ("threshold-decisions", incident.Decision, incidents.DECIDE_THRESHOLD),
    ("safety-steps", incident.SafetyStep, incidents.SECURE_SAFETY),
    ("initial-reviews", incident.InitialReview, incidents.MAKE_INITIAL_REVIEW),
    ("notifications", incident.Notification, incidents.NOTIFY_BODY),
    ("external-submissions", incident.ExternalSubmission, incidents.SUBMIT_EXTERNALLY),
    ("clock-pauses", clocks.ClockPause, incidents.PAUSE_DUTY),
    ("clock-pauses/{pause}/resume", clocks.ClockResumption, incidents.RESUME_DUTY),
    ("clock-extensions", clocks.ClockExtension, incidents.EXTEND_DUTY),
    ("obligations/{obligation}/not-applicable", clocks.NotApplicable, incidents.SET_DUTY_ASIDE),
    ("closure", incident.Closure, incidents.CLOSE_INCIDENT),
    ("reopening", incident.Reopening, incidents.REOPEN_INCIDENT),
    ("entered-in-error", incident.EnteredInError, incidents.ENTER_IN_ERROR),
    ("legal-holds", erasure.LegalHold, incidents.PLACE_LEGAL_HOLD),
    ("legal-holds/{hold}/release", erasure.LegalHoldRelease, incidents.RELEASE_LEGAL_HOLD),
)
INCIDENTS: Final = (
    _route("/v1/incidents", report.Report, incidents.REPORT_INCIDENT, find=new_stream, tag="incidents"),
    *(_route(f"{_INCIDENT}/{end}", body, task, find=_of_incident, tag="incidents") for end, body, task in _ON_INCIDENT),
)
EVIDENCE: Final = (
    _route(
        f"{_INCIDENT}/evidence", evidence.Preservation, evidences.PRESERVE_EVIDENCE, find=new_stream, tag="evidence"
    ),
    _route(
        f"{_INCIDENT}/evidence/{{evidence}}/transfers",
        evidence.Transfer,
        evidences.TRANSFER_CUSTODY,
        find=of_path("evidence"),
        tag="evidence",
    ),
)
_TOWARDS_PERSON: Final = (
    ("agreements", candour.AgreementWithPerson, candours.AGREE_TIMEFRAME),
    ("conversations", candour.Conversation, candours.HOLD_CONVERSATION),
    ("letters", candour.Letter, candours.SEND_LETTER),
    ("questions", candour.QuestionBody, candours.ASK_QUESTION),
    ("shares", candour.Share, candours.SHARE_FINDINGS),
)
CANDOUR: Final = (
    _route(
        f"{_CANDOUR}/relevant-persons",
        candour.RelevantPerson,
        candours.IDENTIFY_RELEVANT_PERSON,
        find=new_stream,
        tag="candour",
    ),
    *(
        _route(f"{_CANDOUR}/{end}", body, task, find=of_relevant_person, tag="candour")
        for end, body, task in _TOWARDS_PERSON
    ),
    _route(
        f"{_CANDOUR}/contact-attempts",
        candour.Contact,
        candours.RECORD_CONTACT_ATTEMPT,
        candours.RECORD_DECLINED_CONTACT,
        find=of_relevant_person,
        tag="candour",
    ),
    _route(
        f"{_CANDOUR}/questions/{{question}}/answers",
        candour.Answer,
        candours.ANSWER_QUESTION,
        find=of_question,
        tag="candour",
    ),
)
_ON_RESPONSE: Final = (
    ("leads", learning_response.Lead, responses.APPOINT_LEAD),
    ("findings", learning_response.Finding, responses.MAKE_FINDING),
    ("findings/{finding}/no-action", learning_response.NoAction, responses.LEAVE_FINDING_WITHOUT_ACTION),
    ("areas-for-improvement", learning_response.Area, responses.NAME_AREA),
    ("approval", learning_response.Approval, responses.APPROVE_RESPONSE),
    ("submission", learning_response.Submission, responses.SUBMIT_RESPONSE),
    ("receipt", learning_response.Receipt, responses.RECEIVE_RESPONSE),
    ("drafts", learning_response.Draft, responses.PUT_FORWARD_DRAFT),
    ("return", learning_response.Return, responses.RETURN_DRAFT),
    ("sharing-waiver", learning_response.Waiver, responses.WAIVE_SHARING),
)
LEARNING_RESPONSES: Final = (
    _route(
        f"{_INCIDENT}/learning-responses",
        learning_response.Commission,
        responses.COMMISSION_RESPONSE,
        find=new_stream,
        tag="learning responses",
    ),
    *(
        _route(f"{_RESPONSE}/{end}", body, task, find=_of_response, tag="learning responses")
        for end, body, task in _ON_RESPONSE
    ),
)
_ON_ACTION: Final = (
    ("acceptance", action.Acceptance, actions.ACCEPT_ACTION),
    ("extensions", action.Extension, actions.EXTEND_ACTION),
    ("handover", action.Handover, actions.HAND_OVER_ACTION),
    ("monitoring", action.Monitoring, actions.MONITOR_ACTION),
    ("completion", action.Completion, actions.COMPLETE_ACTION),
    ("verification", action.Verification, actions.VERIFY_ACTION),
    ("rejection", action.Rejection, actions.REJECT_COMPLETION),
    ("withdrawal", action.Withdrawal, actions.WITHDRAW_ACTION),
)
ACTIONS: Final = (
    _route("/v1/actions", action.Agreement, actions.AGREE_ACTION, find=new_stream, tag="actions"),
    *(_route(f"{_ACTION}/{end}", body, task, find=_of_action, tag="actions") for end, body, task in _ON_ACTION),
)
AUDIT: Final = (
    _route("/v1/audit/samples", audit_sample.SampleCommitment, samples.COMMIT_SAMPLE, find=new_stream, tag="audit"),
    _route(
        "/v1/audit/samples/{sample}/draw",
        audit_sample.SampleDraw,
        samples.DRAW_SAMPLE,
        find=of_path("sample"),
        tag="audit",
    ),
)
_PERSON: Final = "/v1/people/{person}/erasures"
_ON_ERASURE: Final = (
    ("approval", erasure.ErasureApproval, erasures.APPROVE_ERASURE),
    ("refusal", erasure.ErasureRefusal, erasures.REFUSE_ERASURE),
    ("withdrawal", erasure.ErasureWithdrawal, erasures.WITHDRAW_ERASURE),
)
ERASURES: Final = (
    _route(_PERSON, erasure.ErasureRequest, erasures.REQUEST_ERASURE, find=new_stream, tag="data protection"),
    *(
        _route(f"{_PERSON}/{{erasure}}/{end}", body, task, find=of_path("erasure"), tag="data protection")
        for end, body, task in _ON_ERASURE
    ),
)
ROUTES: Final = (*ORGANISATIONS, *INCIDENTS, *EVIDENCE, *CANDOUR, *LEARNING_RESPONSES, *ACTIONS, *AUDIT, *ERASURES)


def command_router(*, simulated: bool) -> APIRouter:
    """The router of every command; the clock can be moved only on a ledger that was born simulated."""
    router = APIRouter()
    for route in (*ROUTES, *((SIMULATION,) if simulated else ())):
        route.add_to(router)
    return router
