"""Which duties follow: circumstances, the fact that starts each clock, and one for each person it is owed to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.done import Done
from domain.kernel.words import Code, PersonId, ResponseId
from domain.policy.clocks import local_day
from domain.policy.duties import DutyTerms, applies, duties_owed
from domain.policy.edition import Force, Rule, Unit
from domain.policy.library import EditionUnknownError
from service.policy import read_policy

POLICY = read_policy()
MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
ANN, BEN = PersonId(UUID(int=1)), PersonId(UUID(int=2))
RESPONSE, OTHER_RESPONSE = ResponseId(UUID(int=11)), ResponseId(UUID(int=12))
PSIRF = POLICY.editions_for(identified_on=date(2026, 3, 2), psirf_adopted_on=None, overlays=[Code("zz1-plan-2026")])
SIF = POLICY.editions_for(identified_on=date(2019, 3, 4), psirf_adopted_on=date(2023, 10, 1))
INCIDENT = ["record:incident", "involves:patient", "provider:health_service_body"]


def done(code: str, *, days: float = 0, person: PersonId | None = None) -> Done:
    response = RESPONSE if code.startswith("learning_response.") else None
    return Done(Code(code), MONDAY + timedelta(days=days), person, response)


def owed(
    references: Sequence[Code], circumstances: Sequence[str], *starts: Done, persons: Sequence[PersonId] = ()
) -> list[DutyTerms]:
    known = frozenset(map(Code, [*INCIDENT, *circumstances]))
    return duties_owed(POLICY, references, circumstances=[known], starts=starts, persons=persons)


def rules(terms: Sequence[DutyTerms]) -> list[str]:
    return [each.rule for each in terms]


def test_a_report_under_psirf_opens_duties_without_any_number() -> None:
    reported = owed(PSIRF, ["regime:psirf-2022"], done("incident.discovered", days=-1), done("incident.reported"))
    assert rules(reported) == ["PSIRF-01", "PSIRF-02", "PSIRF-03"]
    assert {each.due_at for each in reported} == {None}
    assert [each.started_by for each in reported] == ["incident.discovered", "incident.discovered", "incident.reported"]


def test_good_care_opens_no_duty() -> None:
    known = frozenset({Code("record:good_care"), Code("regime:psirf-2022"), Code("involves:patient")})
    starts = [done("incident.reported"), done("incident.identified:notifiable_safety_incident")]
    assert duties_owed(POLICY, PSIRF, circumstances=[known], starts=starts, persons=[]) == []


def test_a_never_event_under_psirf_is_told_to_the_icb_in_two_working_days_by_the_local_plan() -> None:
    duties = owed(PSIRF, ["regime:psirf-2022", "never_event:met"], done("incident.identified:never_event"))
    assert {each.rule for each in duties if each.due_at is not None} == {"ZZ1-01"}
    (told,) = [each for each in duties if each.rule == "ZZ1-01"]
    assert (told.rule, told.force, told.verified) == ("ZZ1-01", Force.LOCAL, True)
    assert told.due_at == datetime(2026, 3, 4, 23, 59, 59, 999999, tzinfo=UTC)
    assert told.edition == PSIRF[-1]
    assert told.calendar == POLICY.calendar.version


def test_a_decision_of_not_met_opens_nothing() -> None:
    decided = done("incident.threshold_decided:serious_incident")
    assert owed(SIF, ["regime:sif-2015", "serious_incident:not_met"], decided) == []


def test_an_unclear_serious_incident_is_discussed_with_the_commissioner_in_the_same_two_working_days() -> None:
    start = done("incident.possibly_identified:serious_incident")
    (discussed,) = owed(SIF, ["regime:sif-2015", "serious_incident:unclear"], start)
    assert (discussed.rule, discussed.length, discussed.unit) == ("SIF-01-unclear", 2, Unit.WORKING_DAYS)


def test_a_serious_incident_runs_from_when_it_was_identified_as_possibly_one() -> None:
    starts = [
        done("incident.identified:serious_incident", days=2),
        done("incident.possibly_identified:serious_incident", days=0),
    ]
    duties = {each.rule: each for each in owed(SIF, ["regime:sif-2015", "serious_incident:met"], *starts)}
    assert duties[Code("SIF-01")].started_by == "incident.possibly_identified:serious_incident"
    assert local_day(duties[Code("SIF-01")].due_at or MONDAY) == date(2026, 3, 4)
    assert local_day(duties[Code("SIF-03")].due_at or MONDAY) == date(2026, 3, 9)


def test_a_never_event_under_the_framework_has_its_clocks_and_hands_them_on_to_the_serious_incident() -> None:
    """A Never Event is a serious incident: deciding the latter afterwards gains no time, and doubles no step."""
    never = done("incident.identified:never_event")
    alone = owed(SIF, ["regime:sif-2015", "never_event:met"], never)
    serious = done("incident.identified:serious_incident", days=3)
    both = owed(SIF, ["regime:sif-2015", "never_event:met", "serious_incident:met"], never, serious)
    steps = [f"{rule}-never-event" for rule in rules(both)]
    assert rules(alone) == steps == [f"SIF-{step}-never-event" for step in ("01", "01a", "01a-engage", "03", "12")]
    assert [each.due_at for each in both] == [each.due_at for each in alone]


def test_a_telephone_call_is_owed_only_where_there_is_public_concern() -> None:
    start = done("incident.identified:serious_incident")
    quiet = owed(SIF, ["regime:sif-2015", "serious_incident:met"], start)
    loud = owed(SIF, ["regime:sif-2015", "serious_incident:met", "public_concern"], start)
    assert set(rules(loud)) - set(rules(quiet)) == {"SIF-02"}


@pytest.mark.parametrize(("method", "rule"), [("concise", "SIF-04"), ("comprehensive", "SIF-05")])
def test_an_investigation_under_the_framework_has_sixty_working_days_from_the_report_on_steis(
    method: str, rule: str
) -> None:
    known = ["regime:sif-2015", "serious_incident:met", f"response:{method}"]
    (report,) = owed(SIF, known, done("incident.submitted_externally:steis"))
    assert report.rule == rule
    assert local_day(report.due_at or MONDAY) == date(2026, 5, 29)


def test_an_independent_investigation_has_six_months_from_commissioning() -> None:
    known = ["regime:sif-2015", "serious_incident:met", "response:independent"]
    (report,) = owed(SIF, known, done("learning_response.commissioned:independent"))
    assert (report.rule, local_day(report.due_at or MONDAY)) == ("SIF-06", date(2026, 9, 2))


def test_candour_is_owed_to_each_person_and_to_nobody_yet_known_until_one_is_identified() -> None:
    known = ["regime:psirf-2022", "notifiable_safety_incident:met"]
    start = done("incident.identified:notifiable_safety_incident")
    unknown = owed(PSIRF, known, start)
    assert [(each.rule, each.person) for each in unknown] == [("DOC-01", None), ("DOC-02", None), ("DOC-03", None)]
    both = owed(PSIRF, known, start, persons=[ANN, BEN])
    assert [each.person for each in both if each.rule == "DOC-01"] == [ANN, BEN]
    assert {(each.force, each.due_at) for each in both} == {(Force.LAW, None)}


def test_what_was_done_for_one_person_starts_no_clock_of_another() -> None:
    known = ["regime:psirf-2022", "notifiable_safety_incident:met"]
    notice = done("candour.notice_given", person=ANN)
    assert [(each.rule, each.person) for each in owed(PSIRF, known, notice, persons=[ANN, BEN])] == [("DOC-04", ANN)]


def test_no_candour_is_owed_by_law_while_the_incident_is_not_notifiable() -> None:
    known = ["regime:psirf-2022", "notifiable_safety_incident:unclear"]
    assert owed(PSIRF, known, done("incident.identified:notifiable_safety_incident"), persons=[ANN]) == []


def test_a_psii_has_its_own_outer_limit_beside_the_ordinary_expectation() -> None:
    starts = [done("learning_response.commissioned"), done("learning_response.commissioned:psii")]
    duties = {each.rule: each for each in owed(PSIRF, ["regime:psirf-2022", "response:psii"], *starts)}
    assert list(duties) == ["PSIRF-04", "PSIRF-05", "PSIRF-06", "PSIRF-07", "ZZ1-02"]
    assert local_day(duties[Code("PSIRF-05")].due_at or MONDAY) == date(2026, 6, 2)
    assert local_day(duties[Code("PSIRF-06")].due_at or MONDAY) == date(2026, 9, 2)
    assert not duties[Code("PSIRF-06")].verified


def test_each_response_has_duties_of_its_own() -> None:
    known = ["regime:psirf-2022", "response:psii"]
    first = done("learning_response.commissioned:psii")
    second = replace(first, at=first.at + timedelta(days=30), response=OTHER_RESPONSE)
    limits = [each for each in owed(PSIRF, known, first, second, first) if each.rule == "PSIRF-06"]
    assert [(each.response, each.started_at) for each in limits] == [
        (RESPONSE, first.at),
        (OTHER_RESPONSE, second.at),
    ]


def test_a_reference_that_this_build_does_not_carry_is_an_error() -> None:
    with pytest.raises(EditionUnknownError):
        owed([Code("psirf-2022@000000000000")], [], done("incident.reported"))


STARTING = sorted({code for edition in POLICY.editions for rule in edition.rules for code in rule.started_by})
KNOWN = sorted({code for edition in POLICY.editions for rule in edition.rules for code in rule.applies_when})
STARTS = st.lists(
    st.builds(Done, st.sampled_from(STARTING), st.integers(0, 3).map(lambda hours: MONDAY + timedelta(hours=hours))),
    max_size=12,
)


@given(STARTS)
def test_the_order_in_which_starts_are_told_says_nothing(starts: list[Done]) -> None:
    known = frozenset(KNOWN)
    one, other = (
        duties_owed(POLICY, [*PSIRF, SIF[0]], circumstances=[known], starts=order, persons=[ANN])
        for order in (starts, starts[::-1])
    )
    assert one == other


def test_of_two_starts_at_one_instant_the_one_that_the_rule_names_first_counts() -> None:
    possibly, surely = (done(f"incident.{word}:serious_incident") for word in ("possibly_identified", "identified"))
    for starts in ((possibly, surely), (surely, possibly)):
        duties = owed(SIF, ["regime:sif-2015", "serious_incident:met"], *starts)
        assert {each.started_by for each in duties} == {surely.code}


@given(st.frozensets(st.sampled_from(KNOWN)), STARTS)
def test_every_duty_has_its_circumstances_its_earliest_start_and_a_number_only_where_its_rule_has(
    known: frozenset[Code], starts: list[Done]
) -> None:
    catalogue = {(edition.reference, rule.id): rule for edition in POLICY.editions for rule in edition.rules}
    for duty in duties_owed(POLICY, [*PSIRF, SIF[0]], circumstances=[known], starts=starts, persons=[]):
        rule = catalogue[duty.edition, duty.rule]
        assert known.issuperset(rule.applies_when)
        assert known.isdisjoint(rule.unless)
        assert duty.started_at == min(start.at for start in starts if start.code in rule.started_by)
        assert (duty.due_at is None) == (rule.unit is Unit.WITHOUT_NUMBER)


def an_odd_rule(applies_when: Sequence[str], unless: Sequence[str]) -> Rule:
    rule = next(rule for rule in POLICY.edition(PSIRF[0]).rules if rule.opens_clock)
    return replace(rule, applies_when=tuple(map(Code, applies_when)), unless=tuple(map(Code, unless)))


NOBODY, FIRST, SECOND = (
    frozenset(map(Code, words))
    for words in (["record:incident"], ["record:incident", "died"], ["record:incident", "died", "natural_course"])
)


def test_an_exception_takes_a_rule_about_a_patient_away_for_that_patient_alone() -> None:
    rule = an_odd_rule(["died"], ["natural_course"])
    assert applies(rule, [NOBODY, FIRST, SECOND])
    assert not applies(rule, [NOBODY, SECOND])


def test_an_exception_about_any_patient_takes_a_rule_about_the_whole_case_away() -> None:
    rule = an_odd_rule(["record:incident"], ["natural_course"])
    assert applies(rule, [NOBODY, FIRST])
    assert not applies(rule, [NOBODY, FIRST, SECOND])


def test_a_rule_that_is_switched_off_is_asked_of_nobody() -> None:
    rule = an_odd_rule(["record:incident"], [])
    assert applies(rule, [NOBODY])
    assert not applies(replace(rule, switched_off=True), [NOBODY])
