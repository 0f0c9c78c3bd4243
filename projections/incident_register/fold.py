"""A case as the register shows it: what was reported, what is decided, who is told, and what is still open."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from domain.candour.events import ContactDeclined, QuestionAnswered, QuestionAsked, RelevantPersonIdentified
from domain.evidence.events import EvidencePreserved
from domain.incident.events import (
    FactsAdded,
    IncidentAssigned,
    IncidentClosed,
    IncidentEnteredInError,
    IncidentReopened,
    IncidentReported,
    RedecisionPrompted,
    SafetySecured,
    ThresholdDecided,
)
from domain.kernel.harm import Harm, HarmKind, HarmLevel, level_of
from domain.kernel.personal import Narrative
from domain.kernel.words import OdsCode
from domain.learning_response.events import ResponseApproved, ResponseCommissioned
from domain.policy.facts import FactName
from projections.engine.feed import Told
from projections.incident_register.actions import ActionMark, mark_action

_KINDS = {FactName.PHYSICAL_HARM: HarmKind.PHYSICAL, FactName.PSYCHOLOGICAL_HARM: HarmKind.PSYCHOLOGICAL}


@dataclass(frozen=True, slots=True)
class Report:
    """What the register shows of the report itself; what people wrote stays sealed."""

    record_type: str
    source_system: str
    local_reference: str
    regime: str
    site: str | None
    division: str | None
    specialty: str | None
    discovered_at: datetime
    occurred_from: datetime | None
    occurred_to: datetime | None
    what_happened: Narrative
    patients: int | None


@dataclass(frozen=True, slots=True)
class Case:
    """One case; tuples of ids hold what is open, so that a count can be explained."""

    case: UUID
    organisation: OdsCode
    report: Report
    reported_at: datetime
    recorded_at: datetime
    version: int
    harms: dict[str, int] = field(default_factory=dict)
    decisions: dict[str, str] = field(default_factory=dict)
    prompts: tuple[str, ...] = ()
    assigned: tuple[str, ...] = ()
    safety_secured_at: datetime | None = None
    evidence: int = 0
    relevant_persons: int = 0
    declined: int = 0
    questions_open: tuple[UUID, ...] = ()
    questions: int = 0
    methods: dict[str, str] = field(default_factory=dict)
    approved: tuple[str, ...] = ()
    actions: dict[str, ActionMark] = field(default_factory=dict)
    closed_at: datetime | None = None
    ending: str | None = None
    reopened: int = 0
    entered_in_error: bool = False


def keys(event: Told) -> Iterable[UUID]:
    """Whatever happens in a case may change its row."""
    return event.cases


def fold(case: Case | None, event: Told) -> Case | None:
    """Apply one event of the case."""
    if isinstance(event.fact, IncidentReported):
        return _begin(event, event.fact)
    if case is None:
        return None
    if event.stream == case.case:
        case = replace(case, version=event.version)
    if event.kind == "action":
        return replace(case, actions=mark_action(case.actions, event))
    return _decided(_followed(case, event), event)


def _begin(event: Told, report: IncidentReported) -> Case:
    harms = {}
    for patient in report.patients or ():
        for kind, harm in (("physical", patient.physical_harm), ("psychological", patient.psychological_harm)):
            if harm is not None:
                harms[f"{kind}:{patient.sequence}"] = int(level_of(harm, HarmKind(kind)))
    return Case(
        case=event.stream,
        organisation=event.organisation,
        report=_shown(report),
        reported_at=event.effective_at,
        recorded_at=event.recorded_at,
        version=event.version,
        harms=harms,
    )


def _shown(report: IncidentReported) -> Report:
    location, occurred = report.location, report.occurred
    return Report(
        record_type=report.record_type,
        source_system=report.source_system,
        local_reference=report.local_reference,
        regime=report.regime,
        site=location.site if location else None,
        division=location.division if location else None,
        specialty=location.specialty if location else None,
        discovered_at=report.discovered_at,
        occurred_from=occurred.earliest if occurred else None,
        occurred_to=occurred.latest if occurred else None,
        what_happened=report.what_happened,
        patients=None if report.patients is None else len(report.patients),
    )


def _decided(case: Case, event: Told) -> Case:
    """What people found out and decided about the incident itself."""
    match event.fact:
        case FactsAdded() as fact:
            return replace(case, harms=_harms(case.harms, fact))
        case ThresholdDecided(question=question, outcome=outcome):
            prompts = tuple(prompt for prompt in case.prompts if prompt != question)
            return replace(case, decisions={**case.decisions, question: outcome}, prompts=prompts)
        case RedecisionPrompted(question=question):
            return replace(case, prompts=tuple(sorted({*case.prompts, question})))
        case IncidentAssigned(assignment=assignment):
            return replace(case, assigned=tuple(sorted({*case.assigned, assignment})))
        case SafetySecured():
            return replace(case, safety_secured_at=case.safety_secured_at or event.effective_at)
        case IncidentClosed(ending=ending):
            return replace(case, closed_at=event.effective_at, ending=ending)
        case IncidentReopened():
            return replace(case, closed_at=None, ending=None, reopened=case.reopened + 1)
        case IncidentEnteredInError():
            return replace(case, entered_in_error=True)
    return case


def _harms(harms: dict[str, int], fact: FactsAdded) -> dict[str, int]:
    """The harms as these facts leave them: the last word about a patient counts, and may take an earlier one back."""
    known = dict(harms)
    for added in fact.facts:
        name = "died" if added.name is FactName.DIED else _KINDS.get(added.name)
        if name is None:
            continue
        place = f"{name}:{added.patient or 1}"
        known.pop(place, None)
        if added.value is True:
            known[place] = int(HarmLevel.FATAL)
        elif isinstance(added.value, Harm):
            known[place] = int(level_of(added.value, _KINDS[added.name]))
    return known


def _followed(case: Case, event: Told) -> Case:
    """What happened around the incident: evidence, candour, learning responses."""
    match event.fact:
        case EvidencePreserved():
            return replace(case, evidence=case.evidence + 1)
        case RelevantPersonIdentified():
            return replace(case, relevant_persons=case.relevant_persons + 1)
        case ContactDeclined():
            return replace(case, declined=case.declined + 1)
        case QuestionAsked(question=question):
            return replace(case, questions=case.questions + 1, questions_open=(*case.questions_open, question))
        case QuestionAnswered(question=question):
            return replace(case, questions_open=tuple(asked for asked in case.questions_open if asked != question))
        case ResponseCommissioned(method=method):
            return replace(case, methods={**case.methods, str(event.stream): method})
        case ResponseApproved():
            return replace(case, approved=(*case.approved, str(event.stream)))
    return case
