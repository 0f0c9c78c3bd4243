"""The editions that are shipped: their text is frozen, and they say what the field's rules say."""

from dataclasses import replace
from datetime import date

import pytest

from domain.kernel.words import Code
from domain.policy.edition import SINCE_START, Criterion, Edition, Family, Force, Rule, Unit
from domain.policy.fact_codes import NEVER_EVENT_EXCLUSIONS, NEVER_EVENT_TYPES
from domain.policy.questions import Question
from service.policy import read_policy

RELEASED = {
    "blood-tissue-and-fertility": "5cb956073b4f4ccf11e52db4afd58ae6db3697894297cd04fe3d7e316ae3f03a",
    "candour-contract": "fee58e1dc32dbc50653773412ffbf8a1d41277789b6ad33779bc3185ec47e188",
    "candour-regulation-20": "f67557bdba5e0643a5df9a8fd32493f9f1bf3e3519cbbeef3bd80018a89b3857",
    "candour-regulation-20-r2": "e86d148dc843c186734ec825afa2d2fefe5d47d23a1138d9b4258c1d0f4fd449",
    "coroner-and-prevention-2013": "325bfb5577e10d0c612fa507287a6c15989bbabf9610a776970e7f97881c7aa4",
    "coroner-and-prevention-2019": "20e042ee0228c9024dc7960d06ef775f5aa9d4be3a3e6895aaf02bb5f22f601b",
    "coroner-and-prevention-2024": "214ad1c49fb36d6e5e60445a197dc25300136e5beb98442afbb9308a13c38e23",
    "cqc-notifications": "dc8e6f9424dc89f486623f1a0b69e8a142a288a3be4bee63d9531f4f9eabc38a",
    "custody-and-homicide": "1bef17d8501df029b729a0052f572c92973eea186b4c6de60ef527271f207e86",
    "irmer-2017": "f9977ac4e3108bcd3be3eb48fc1f0c11d75d1e1a81aa2deebe33da1dace1c8a7",
    "leder-2017": "6ef1568f8c8ea23702c5a9637f1d2825dcc7d363ec9825d8e08fb2ba320cacb2",
    "leder-2022": "34242e1b685b1c8910d761c2f8ebee1d37d303cfc61add9211db962fb9e9a0df",
    "maternity-2023": "8dd5f1bbe9f9a2e66f4e995f003bd5567918834b0475360a65dc196eb13d9aed",
    "medicines-and-devices": "50ffa98441a6cb65db8e9e5f6c7741f52f1b74fce2cc17a1890deb0e3ea7a53b",
    "never-events-2018": "4492f7da3b457fbfa429829127247d0c7262416d6b7dcaaaad6ce28731fd40f9",
    "psirf-2022": "dfc375cc32798680b00d5339fe9b6d4953e60120fcb73274f6e6491356095626",
    "psirf-2022-r2": "277b0f610b1ed7e2e0f86c02e7beef1481728d58de4774a2b8ed6d5e6660cb6f",
    "recording-lfpse-steis": "3f5fae3633c898386e70c4092626121a8b5ed2d7954e1107b904a90d70cbc6d9",
    "retention-records-code": "a01eb86d921d60344d7548f868791adc2c481098886a9c2f05007bcf53450c4d",
    "retention-records-code-r2": "d7fce687bbae03d1e40a1738e977c4bd892a4c099876fb137d79a91c3d1edf65",
    "riddor-2013": "75c06fe19e71893d3257f66d8bff3bea4ee8cecb178626b890ec8b9562c338e3",
    "safeguarding-adults": "3823692aba9bcff3ff0455f659a5efa083e3cc32c74f99a33fa346e82452f09f",
    "safeguarding-children": "c3da34d570aabcf99ac9ea7d943236ab25551041e8d0f70fbf2c33665ce51f77",
    "screening": "576c1a2c3fd17e24e2bfedc3dcba937e41f72705bc7217ce7396f275ec42c9ac",
    "sif-2015": "357bf84f4d9e6d35c857d4fcb315162465cf23398aac093833399fed83dc08c0",
    "sif-2015-r2": "c9de13483a0a3fbe45eb56ef175ed85c17353c45ab7274ce52df0762fc224056",
    "uk-gdpr-breach": "f360b39d590f533ff5b21083c35aedb909fe581aea80d6c274a33e740ba1dfe4",
    "zz1-plan-2026": "055c4eb53e2af84a15b078165eac63ab61f1c43968f1cc99a16d085865361dec",
    "zzq-limits-2026": "9ae503609502f3b82a757dcc3922a9d58d3d358e9e45a0b0e455c9d35d5423d9",
}
"""A released edition is never changed: a change of the rules is another edition with a name of its own."""

EDITIONS = {edition.name: edition for edition in read_policy().editions}
SIF = EDITIONS[Code("sif-2015-r2")]
PSIRF = EDITIONS[Code("psirf-2022-r2")]
NEVER_EVENTS = EDITIONS[Code("never-events-2018")]
CANDOUR = EDITIONS[Code("candour-regulation-20")]
PLAN = EDITIONS[Code("zz1-plan-2026")]
LIMITS = EDITIONS[Code("zzq-limits-2026")]

SERIOUS, UNCLEAR = Code("serious_incident:met"), Code("serious_incident:unclear")
NEVER = Code("never_event:met")
TWIN = "-never-event"


def rule(edition: Edition, rule_id: str) -> Rule:
    (found,) = [each for each in edition.rules if each.id == rule_id]
    return found


def criteria(edition: Edition, question: Question) -> list[Criterion]:
    return [each for each in edition.criteria if each.question is question]


def test_the_text_of_every_released_edition_is_what_it_was_when_it_was_released() -> None:
    assert {name: edition.digest for name, edition in EDITIONS.items()} == RELEASED


def test_the_serious_incident_framework_is_complete() -> None:
    assert [each.id for each in SIF.rules if not each.id.endswith(TWIN)] == [
        *("SIF-01", "SIF-01-unclear", "SIF-01a", "SIF-01a-engage", "SIF-02", "SIF-02-major-incident", "SIF-03"),
        *("SIF-04", "SIF-05", "SIF-06", "SIF-07", "SIF-08", "SIF-09", "SIF-10", "SIF-11", "SIF-12", "SIF-13"),
    ]


@pytest.mark.parametrize(
    ("rule_id", "length", "unit", "started_by"),
    [
        ("SIF-01", 2, Unit.WORKING_DAYS, "incident.identified:serious_incident"),
        ("SIF-01-unclear", 2, Unit.WORKING_DAYS, "incident.possibly_identified:serious_incident"),
        ("SIF-01-unclear-never-event", 2, Unit.WORKING_DAYS, "incident.possibly_identified:never_event"),
        ("SIF-01a", 2, Unit.WORKING_DAYS, "incident.identified:serious_incident"),
        ("SIF-01a-engage", 2, Unit.WORKING_DAYS, "incident.identified:serious_incident"),
        ("SIF-02", None, Unit.WITHOUT_NUMBER, "incident.identified:serious_incident"),
        ("SIF-02-major-incident", None, Unit.WITHOUT_NUMBER, "incident.identified:serious_incident"),
        ("SIF-03", 3, Unit.WORKING_DAYS, "incident.identified:serious_incident"),
        ("SIF-04", 60, Unit.WORKING_DAYS, "incident.submitted_externally:steis"),
        ("SIF-05", 60, Unit.WORKING_DAYS, "incident.submitted_externally:steis"),
        ("SIF-06", 6, Unit.MONTHS, "learning_response.commissioned:independent"),
        ("SIF-07", 20, Unit.CALENDAR_DAYS, "learning_response.received:commissioner"),
        ("SIF-11", 10, Unit.WORKING_DAYS, "learning_response.approved"),
        ("SIF-12", None, Unit.WITHOUT_NUMBER, "incident.identified:serious_incident"),
    ],
)
def test_each_clock_of_the_framework_has_its_length_unit_and_start(
    rule_id: str, length: int | None, unit: Unit, started_by: str
) -> None:
    found = rule(SIF, rule_id)
    assert (found.length, found.unit) == (length, unit)
    assert started_by in found.started_by


@pytest.mark.parametrize("rule_id", ["SIF-08", "SIF-09", "SIF-10", "SIF-13"])
def test_rules_of_the_framework_that_say_how_things_go_open_no_clock(rule_id: str) -> None:
    assert not rule(SIF, rule_id).opens_clock


@pytest.mark.parametrize("step", [each for each in SIF.rules if each.opens_clock and SERIOUS in each.applies_when])
def test_each_step_has_the_same_clock_for_a_never_event_that_nobody_decided_to_be_a_serious_incident(
    step: Rule,
) -> None:
    twin = rule(SIF, f"{step.id}{TWIN}")
    applies_when = tuple(NEVER if word == SERIOUS else word for word in step.applies_when)
    same = replace(step, id=twin.id, title=twin.title, carries=twin.carries, applies_when=applies_when)
    assert twin == replace(same, unless=(SERIOUS, *step.unless))


@pytest.mark.parametrize("rule_id", ["SIF-01", "SIF-01a", "SIF-01a-engage", "SIF-03", "SIF-12"])
def test_a_step_runs_from_a_never_event_as_from_a_serious_incident(rule_id: str) -> None:
    starts = rule(SIF, rule_id).started_by
    assert {"incident.identified:serious_incident", "incident.identified:never_event"} <= set(starts)


def test_a_possible_serious_incident_is_discussed_once_and_not_where_it_is_a_never_event() -> None:
    assert rule(SIF, "SIF-01-unclear").unless == (NEVER,)
    assert rule(SIF, "SIF-01-unclear-never-event").unless == (SERIOUS, UNCLEAR)


def test_what_local_policies_read_otherwise_is_an_option_and_no_rule() -> None:
    options = {each.id: [(limit.length, limit.unit) for limit in each.options] for each in SIF.rules if each.options}
    in_hours, in_working_days = [(72, Unit.HOURS)], [(20, Unit.WORKING_DAYS)]
    assert options == {
        "SIF-03": in_hours,
        "SIF-03-never-event": in_hours,
        "SIF-07": in_working_days,
        "SIF-07-never-event": in_working_days,
    }


def test_every_circumstance_of_the_framework_is_a_criterion() -> None:
    circumstances = [each.id for each in criteria(SIF, Question.SERIOUS_INCIDENT)]
    assert list(dict.fromkeys(circumstances)) == [f"SI-{number}" for number in range(1, 8)]
    assert [each.when for each in SIF.criteria if each.id == "SI-5"] == [(NEVER,)]
    assert "no definitive list" in (SIF.note or "")


def test_the_framework_proposes_its_three_levels() -> None:
    assert {each.response for each in criteria(SIF, Question.SERIOUS_INCIDENT)} == {
        *("concise", "comprehensive", "independent")
    }


def test_under_psirf_there_is_no_question_of_a_serious_incident_and_none_of_a_plan() -> None:
    assert {each.question for each in PSIRF.criteria} == {Question.NATIONAL_RESPONSE, Question.SYSTEMIC_FAILURE}


def test_every_event_with_a_nationally_set_response_has_it() -> None:
    assert {(each.id, each.response) for each in criteria(PSIRF, Question.NATIONAL_RESPONSE)} == {
        ("psirf-never-event", "psii"),
        ("psirf-learning-from-deaths", "psii"),
        ("psirf-detained-death", "psii"),
        ("psirf-mental-capacity-death", "psii"),
        ("psirf-maternity", "refer:mnsi"),
        ("psirf-mental-health-homicide", "refer:riit"),
        ("psirf-child-death", "refer:cdop"),
        ("psirf-learning-disability-death", "refer:leder"),
        ("psirf-autism-death", "refer:leder"),
        ("psirf-safeguarding", "refer:safeguarding"),
        ("psirf-screening", "refer:sqas"),
        ("psirf-custody-death", "refer:ppo"),
        ("psirf-domestic-homicide", "contribute:csp"),
    }


@pytest.mark.parametrize("rule_id", ["PSIRF-08", "PSIRF-09", "PSIRF-10", "PSIRF-11", "PSIRF-12", "PSIRF-13"])
def test_rules_about_the_plan_and_the_way_of_working_open_no_clock_in_a_case(rule_id: str) -> None:
    assert not rule(PSIRF, rule_id).opens_clock


def test_psirf_has_no_clock_in_days_of_its_own() -> None:
    clocks = {each.id: (each.length, each.unit) for each in PSIRF.rules if each.length is not None}
    assert clocks == {"PSIRF-05": (3, Unit.MONTHS), "PSIRF-06": (6, Unit.MONTHS)}


def test_only_the_reports_of_investigations_may_be_paused_or_extended() -> None:
    movable = {each.id.removesuffix(TWIN) for each in _of_cases() if each.pausable or each.extendable}
    assert movable == {"PSIRF-05", "PSIRF-06", "SIF-04", "SIF-05", "SIF-06", "ZZQ-03"}


def _of_cases() -> list[Rule]:
    return [each for edition in (SIF, PSIRF, NEVER_EVENTS, CANDOUR, PLAN, LIMITS) for each in edition.rules]


@pytest.mark.parametrize(("regime", "response"), [("psirf-2022", "psii"), ("sif-2015", "comprehensive")])
def test_every_never_event_of_the_list_is_a_criterion_of_each_regime_whatever_the_harm(
    regime: str, response: str
) -> None:
    """A PSII under PSIRF, a full investigation under the framework, which knows no PSII."""
    items = [each for each in criteria(NEVER_EVENTS, Question.NEVER_EVENT) if f"regime:{regime}" in each.when]
    assert list(dict.fromkeys(each.id for each in items)) == [each for each in NEVER_EVENT_TYPES if each != "none"]
    for each in items:
        assert each.when == (f"regime:{regime}", "record:incident", f"never_event_type:{each.id}")
        assert each.response == response
    assert "not checked" in (NEVER_EVENTS.note or "")


def test_every_item_has_an_exclusion_and_every_exclusion_an_item() -> None:
    items = criteria(NEVER_EVENTS, Question.NEVER_EVENT)
    assert all(each.unless for each in items)
    named = {word.removeprefix("never_event_exclusion:") for each in items for word in each.unless}
    assert named == {*NEVER_EVENT_EXCLUSIONS} - {"none"}


def test_the_extraction_of_a_wrong_tooth_counted_until_march_2021() -> None:
    wrong_site = [each for each in NEVER_EVENTS.criteria if each.id == "never-events-2018:1"]
    for until, since in zip(wrong_site[:2], wrong_site[2:], strict=True):
        assert (until.from_on, until.until_on) == (date(2018, 2, 1), date(2021, 3, 31))
        assert (since.from_on, since.until_on) == (date(2021, 4, 1), None)
        assert {*since.unless} - {*until.unless} == {"never_event_exclusion:wrong_tooth_extraction"}


def test_the_suspended_item_is_shown_as_suspended_and_as_not_checked() -> None:
    suspended = [each for each in NEVER_EVENTS.criteria if each.suspended_from is not None]
    assert {(each.id, each.verified) for each in suspended} == {("never-events-2018:16", False)}
    assert all("no source gives the day" in (each.note or "") for each in suspended)


def test_the_list_of_never_events_has_no_number_of_its_own() -> None:
    assert [each.id for each in NEVER_EVENTS.rules] == [f"NE-0{number}" for number in range(1, 7)]
    assert {each.length for each in NEVER_EVENTS.rules} == {None}
    assert [each.id for each in NEVER_EVENTS.rules if each.opens_clock] == ["NE-02", "NE-04"]


def test_telling_the_icb_under_psirf_is_local_and_nobody_elses_rule() -> None:
    telling = [
        each
        for each in (*PLAN.rules, *LIMITS.rules)
        if "incident.notified:commissioner" in {code.removeprefix(SINCE_START) for code in each.met_by}
    ]
    assert [each.id for each in telling] == ["ZZ1-01", "ZZ1-02", "ZZQ-01", "ZZQ-02"]
    assert {(each.length, each.unit, each.force) for each in telling} == {(2, Unit.WORKING_DAYS, Force.LOCAL)}
    assert not any("commissioner" in each.recipients for each in PSIRF.rules if each.opens_clock)
    assert (PLAN.organisation, LIMITS.organisation) == ("ZZ1", "ZZQ")
    assert PLAN.priorities


def test_the_limits_of_an_icb_are_local_and_tighter_than_the_national_ones() -> None:
    assert {each.force for each in LIMITS.rules} == {Force.LOCAL}
    tighter = rule(LIMITS, "ZZQ-03").length or 0
    assert tighter < (rule(PSIRF, "PSIRF-06").length or 0)
    chosen = {each.rule: (each.limit.length, each.limit.unit) for each in LIMITS.choices}
    assert chosen == {"SIF-03": (72, Unit.HOURS), "SIF-03-never-event": (72, Unit.HOURS)}
    assert all(each.limit in rule(SIF, each.rule).options for each in LIMITS.choices)


def test_the_duty_of_candour_is_law_and_has_no_number() -> None:
    assert [each.id for each in CANDOUR.rules] == [f"DOC-0{number}" for number in range(8)]
    assert {(each.force, each.length, each.unit) for each in CANDOUR.rules} == {(Force.LAW, None, Unit.WITHOUT_NUMBER)}
    assert [each.id for each in CANDOUR.rules if not each.verified] == ["DOC-06", "DOC-07"]
    assert all(each.owed_to_each_person for each in CANDOUR.rules if each.opens_clock)
    assert CANDOUR.family is Family.CANDOUR


def test_no_regime_no_list_and_nothing_local_is_shown_as_law() -> None:
    editions = (SIF, PSIRF, NEVER_EVENTS, PLAN, LIMITS)
    of_rules = {each.force for edition in editions for each in edition.rules}
    of_criteria = {each.force for edition in editions for each in edition.criteria}
    assert of_rules == {Force.NATIONAL, Force.CONTRACT, Force.LOCAL}
    assert of_criteria == {Force.NATIONAL, Force.GOOD_PRACTICE}


def test_what_is_not_sourced_is_not_shown_as_checked() -> None:
    checked = {
        each.id.removesuffix(TWIN) for edition in (SIF, PSIRF, NEVER_EVENTS) for each in edition.rules if each.verified
    }
    assert checked == {
        *("SIF-01", "SIF-01-unclear", "SIF-01a", "SIF-01a-engage", "SIF-12"),
        *("PSIRF-03", "PSIRF-09", "PSIRF-09-final", "PSIRF-12"),
        *("NE-01", "NE-03", "NE-05", "NE-06"),
    }


def test_every_rule_belongs_to_the_regime_of_its_edition_whatever_its_text_is_called() -> None:
    for edition, regime in ((SIF, "regime:sif-2015"), (PSIRF, "regime:psirf-2022")):
        assert all(regime in each.applies_when for each in edition.rules)
