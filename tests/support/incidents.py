"""Incidents that stand, told as stories: each chapter is a command that was taken."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from domain.incident.closing import CaseAtClosing, questions_to_answer
from domain.incident.commands.add_facts import AddFacts, add_facts
from domain.incident.commands.bring_duties_up_to_date import BringDutiesUpToDate, bring_duties_up_to_date
from domain.incident.commands.close_incident import CloseIncident, close_incident
from domain.incident.commands.decide_threshold import DecideThreshold, decide_threshold
from domain.incident.commands.enter_in_error import EnterInError, enter_in_error
from domain.incident.commands.report_incident import ProviderAtReport, ReportIncident, report_incident
from domain.incident.held_duties import HeldDuty
from domain.incident.state import Incident
from domain.incident.words import AddedFact, Judge, RecordType
from domain.kernel.actor import Role, Stamp
from domain.kernel.done import Done
from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.harm import Harm, PatientHarm
from domain.kernel.personal import Narrative, Personal
from domain.kernel.words import Code, DecisionId, IncidentId, KeyId, Label, OdsCode, PersonId, Reference
from domain.policy.facts import FactName, FactValue
from domain.policy.questions import Outcome, Question
from tests.support.decisions import NOON, a_stamp, an_actor, an_id, given
from tests.support.small_policy import PLAN_NAME, small_policy

POLICY = small_policy()
INCIDENT = IncidentId(an_id(100))
MARY = PersonId(an_id(201))
JOHN = PersonId(an_id(202))
COMMISSIONER = an_actor(Role.COMMISSIONER, number=9, organisation="ZZQ")
UNKNOWN = PatientHarm(1, None, None)


def words(text: str = "What was seen.") -> Narrative:
    """Text that somebody wrote about the incident."""
    return Narrative(INCIDENT, text, KeyId(an_id(300)))


def name(text: str = "Dr A. Example", about: UUID = MARY) -> Personal:
    """A value that names somebody."""
    return Personal(PersonId(about), text, KeyId(an_id(301)))


def physical(code: str) -> Harm:
    """A physical harm of the national list."""
    return Harm(Code(code), Code("lfpse-5"))


def a_fact(fact: FactName, value: FactValue | None, *, patient: int | None = None, judge: bool = False) -> AddedFact:
    """One fact, judged the day before where it is judged."""
    by = Judge(name(), Label("consultant surgeon"), NOON - timedelta(days=1)) if judge else None
    return AddedFact(fact, patient, value, by)


REPORT = ReportIncident(
    incident=INCIDENT,
    provider=OdsCode("ZZ1"),
    record_type=RecordType.INCIDENT,
    source_system=Code("datix"),
    local_reference=Reference("W-1"),
    discovered_at=NOON - timedelta(hours=2),
    occurred=None,
    what_happened=words("A swab was left behind."),
    location=None,
    patients=(UNKNOWN,),
    extensions=None,
)
PSIRF_TRUST = ProviderAtReport(OdsCode("ZZ1"), Code("health_service_body"), psirf_adopted_on=None)
SIF_TRUST = replace(PSIRF_TRUST, psirf_adopted_on=date(2030, 1, 1))
PLANNED_TRUST = replace(PSIRF_TRUST, overlays=(PLAN_NAME,))


def a_decision(question: Question, outcome: Outcome, *, number: int = 1, **changes: Any) -> DecideThreshold:
    """An answer under the regime of the case, identified when it was discovered."""
    candour = question is Question.NOTIFIABLE_SAFETY_INCIDENT
    command = DecideThreshold(
        decision=DecisionId(an_id(400 + number)),
        question=question,
        outcome=outcome,
        criteria=(Code("criterion"),) if outcome is Outcome.MET else (),
        reasons=words("Because."),
        rests_on=(),
        edition=Code("reg20") if candour else Code("psirf-2022"),
        identified_at=NOON - timedelta(hours=1),
        decider=None,
    )
    return replace(command, **changes)


class Story:
    """An incident from its report onwards; `facts` is its history, `incident` its present state."""

    def __init__(self, provider: ProviderAtReport = PSIRF_TRUST, **changes: Any) -> None:
        begun = report_incident(replace(REPORT, **changes), a_stamp(), provider=provider, policy=POLICY)
        self.facts: tuple[Fact | FirstFact, ...] = tuple(cast("list[Fact | FirstFact]", begun.collect_events()))
        self.incident: Incident = begun
        self.edition = Code("sif-2015" if begun.regime == "sif-2015" else "psirf-2022")

    def then(self, decide: Callable[..., None], command: Any, stamp: Stamp | None = None, **context: Any) -> "Story":
        """A command that was taken (the test fails where it was refused)."""
        decide(self.incident, command, stamp or a_stamp(), **context)
        self.facts = (*self.facts, *cast("list[Fact | FirstFact]", self.incident.collect_events()))
        return self

    def decided(self, question: Question, outcome: Outcome, stamp: Stamp | None = None, **changes: Any) -> "Story":
        """A threshold question was answered."""
        if question is not Question.NOTIFIABLE_SAFETY_INCIDENT:
            changes.setdefault("edition", self.edition)
        return self.then(decide_threshold, a_decision(question, outcome, **changes), stamp, policy=POLICY)

    def known(self, *facts: AddedFact, stamp: Stamp | None = None) -> "Story":
        """Facts became known."""
        return self.then(add_facts, AddFacts(facts=facts), stamp, policy=POLICY)

    def told(self, *starts: Done, persons: tuple[PersonId, ...] = (), methods: tuple[str, ...] = ()) -> "Story":
        """Other streams of the case began or moved on."""
        command = BringDutiesUpToDate(starts=starts, persons=persons, methods=tuple(map(Code, methods)))
        return self.then(bring_duties_up_to_date, command, policy=POLICY)

    def when(self, decide: Callable[..., Any], command: Any, stamp: Stamp | None = None, **context: Any) -> Any:
        """What comes of a command given now; the story itself stays as it is."""
        return given(*self.facts).when(decide, command, stamp, **context)

    def closed(self) -> "Story":
        """The case was closed without a response, as an incident that met no threshold."""
        while missing := [each for each in questions_to_answer(self.incident) if each not in self.incident.decisions]:
            self.decided(missing[0], Outcome.NOT_MET, number=50 + len(self.facts))
        return self.then(close_incident, CloseIncident(reason=words()), case=CaseAtClosing(), policy=POLICY)

    def entered_in_error(self) -> "Story":
        """The report was entered in error."""
        return self.then(enter_in_error, EnterInError(reason=words()))

    def duty(self, rule: str, person: PersonId | None = None) -> HeldDuty:
        """The duty of a rule opened last."""
        return [
            held for held in self.incident.duties.values() if (held.terms.rule, held.terms.person) == (rule, person)
        ][-1]

    def standing(self) -> set[tuple[str, PersonId | None]]:
        """Rule and person of every duty that stands."""
        return {(held.terms.rule, held.terms.person) for held in self.incident.duties.values() if held.stands}


def done(code: str, at: datetime = NOON, person: PersonId | None = None) -> Done:
    """Something that another stream of the case did."""
    return Done(Code(code), at, person)
