"""Reporting an incident, a risk, an outcome, or good care."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.incident.commands.report_incident import (
    DiscoveredInFuture,
    HarmContradictory,
    HarmUnknown,
    OccurredAfterDiscovered,
    OccurrenceBackwards,
    PatientNumberInvalid,
    ProviderAtReport,
    ReportedBeforeDiscovered,
    report_incident,
)
from domain.incident.duties import circumstances
from domain.incident.duty_events import DutyOpened
from domain.incident.events import IncidentReported
from domain.incident.words import Occurred, Precision, RecordType
from domain.kernel.actor import Role, Stamp
from domain.kernel.harm import Harm, PatientHarm
from domain.kernel.words import Code
from domain.policy.facts import FactName
from tests.support.decisions import NOON, Outcome, a_stamp, an_actor, given
from tests.support.incidents import PLANNED_TRUST, POLICY, PSIRF_TRUST, REPORT, SIF_TRUST, Story, physical

HOUR = timedelta(hours=1)


def report(provider: ProviderAtReport = PSIRF_TRUST, stamp: Stamp | None = None, **changes: Any) -> Outcome:
    command = replace(REPORT, **changes)
    return given().when(report_incident, command, stamp or a_stamp(), provider=provider, policy=POLICY)


def test_a_report_begins_the_case_and_opens_the_first_duty() -> None:
    outcome = report().then(IncidentReported, DutyOpened)
    opened = outcome.events[-1]
    assert isinstance(opened, DutyOpened)
    assert (opened.terms.rule, opened.terms.started_at) == ("P-SAFE", REPORT.discovered_at)


def test_the_reporting_organisation_is_that_of_whoever_reports() -> None:
    """Another system may report about a provider that is not its own."""
    stamp = a_stamp(by=an_actor(Role.REPORTER_SYSTEM, organisation="ZZ3"))
    reported = report(stamp=stamp).events[0]
    assert isinstance(reported, IncidentReported)
    assert (reported.reporting_organisation, reported.provider) == ("ZZ3", "ZZ1")


def test_the_editions_are_those_of_the_day_of_discovery() -> None:
    """The day counts in London: half past eleven in the evening in UTC is the next day in summer."""
    trust = replace(PSIRF_TRUST, psirf_adopted_on=date(2025, 6, 2))
    eve = NOON.replace(year=2025, month=6, day=1, hour=22, minute=30)
    before = report(trust, discovered_at=eve).events[0]
    after = report(trust, discovered_at=eve + HOUR).events[0]
    assert isinstance(before, IncidentReported)
    assert isinstance(after, IncidentReported)
    assert (before.regime, after.regime) == ("sif-2015", "psirf-2022")


def test_a_local_plan_is_among_the_editions() -> None:
    story = Story(PLANNED_TRUST)
    assert [edition.partition("@")[0] for edition in story.incident.editions] == ["psirf-2022", "reg20", "zz1-plan"]
    assert ("L-PANEL", None) in story.standing()


def test_discovery_in_the_future_is_refused() -> None:
    report(discovered_at=NOON + HOUR).then_refused(DiscoveredInFuture)


def test_discovery_now_is_taken() -> None:
    report(discovered_at=NOON).then(IncidentReported, DutyOpened)


def test_a_report_that_takes_effect_before_discovery_is_refused() -> None:
    stamp = replace(a_stamp(), at=REPORT.discovered_at - HOUR)
    outcome = report(stamp=stamp).then_refused(ReportedBeforeDiscovered)
    assert outcome.refusal is not None
    assert outcome.refusal.pointers == ("/effective_at",)


def occurred(start: float, end: float, precision: Precision = Precision.SPAN) -> Occurred:
    return Occurred(REPORT.discovered_at + HOUR * start, REPORT.discovered_at + HOUR * end, precision)


@pytest.mark.parametrize(
    ("when", "refusal"),
    [
        (occurred(0, 0, Precision.INSTANT), None),
        (occurred(-1, -1, Precision.INSTANT), None),
        (occurred(0.1, 0.1, Precision.INSTANT), OccurredAfterDiscovered),
        (occurred(-10, 14, Precision.DAY), None),
        (occurred(14, 38, Precision.DAY), OccurredAfterDiscovered),
        (occurred(-3, 1), None),
        (occurred(-1, -3), OccurrenceBackwards),
    ],
)
def test_an_incident_occurs_before_it_is_discovered(when: Occurred, refusal: type | None) -> None:
    """A day that is not over, and an outage that goes on, may end after discovery."""
    outcome = report(occurred=when)
    if refusal:
        outcome.then_refused(refusal)
        assert outcome.refusal is not None
        assert outcome.refusal.pointers == ("/occurred_at",)
    else:
        outcome.then(IncidentReported, DutyOpened)


@pytest.mark.parametrize(
    ("numbers", "pointer"), [((1, 2, 1), "/patients/0/sequence"), ((1, 0), "/patients/1/sequence")]
)
def test_each_patient_has_a_number_of_their_own(numbers: tuple[int, ...], pointer: str) -> None:
    outcome = report(patients=tuple(PatientHarm(number, None, None) for number in numbers))
    outcome.then_refused(PatientNumberInvalid)
    assert outcome.refusal is not None
    assert outcome.refusal.pointers == (pointer,)


@pytest.mark.parametrize(
    ("patient", "pointer"),
    [
        (PatientHarm(1, physical("6"), None), "/patients/0/physical_harm"),
        (PatientHarm(1, None, physical("5")), "/patients/0/psychological_harm"),
        (PatientHarm(1, Harm(Code("3"), Code("nrls")), None), "/patients/0/physical_harm"),
    ],
)
def test_a_harm_that_no_list_has_is_refused(patient: PatientHarm, pointer: str) -> None:
    outcome = report(patients=(patient,)).then_refused(HarmUnknown)
    assert outcome.refusal is not None
    assert outcome.refusal.pointers == (pointer,)


def test_psychological_harm_is_not_graded_beside_fatal_physical_harm() -> None:
    report(patients=(PatientHarm(1, physical("1"), physical("3")),)).then_refused(HarmContradictory)


@pytest.mark.parametrize("psychological", [None, "4"])
def test_fatal_harm_stands_alone_or_with_none(psychological: str | None) -> None:
    harm = physical(psychological) if psychological else None
    report(patients=(PatientHarm(1, physical("1"), harm),)).then(IncidentReported, DutyOpened)


def test_harm_in_the_report_is_a_fact_of_the_case() -> None:
    story = Story(patients=(PatientHarm(1, physical("3"), None),))
    known = story.incident.fact(FactName.PHYSICAL_HARM, 1)
    assert known is not None
    assert known.value == physical("3")
    assert story.incident.fact(FactName.PSYCHOLOGICAL_HARM, 1) is None


@pytest.mark.parametrize("kind", [RecordType.RISK, RecordType.OUTCOME, RecordType.GOOD_CARE])
def test_a_record_that_is_no_incident_opens_no_duty_here(kind: RecordType) -> None:
    report(record_type=kind).then(IncidentReported, record_type=kind)


@pytest.mark.parametrize(
    ("patients", "involved"),
    [(None, True), ((), False), ((PatientHarm(1, None, None),), True)],
)
def test_a_patient_counts_as_involved_until_it_is_known_that_none_was(patients: Any, *, involved: bool) -> None:
    assert ("involves:patient" in circumstances(Story(patients=patients).incident)[0]) is involved


def test_circumstances_name_record_regime_and_provider() -> None:
    assert circumstances(Story(SIF_TRUST).incident)[0] == {
        "record:incident",
        "regime:sif-2015",
        "provider:health_service_body",
        "involves:patient",
    }
