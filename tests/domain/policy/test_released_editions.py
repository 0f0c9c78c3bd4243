"""The editions that are shipped: their text is frozen, and they say what the field's rules say."""

import pytest

from domain.kernel.words import Code
from domain.policy.edition import Edition, Family, Force, Rule, Unit
from service.policy import read_policy

RELEASED = {
    "blood-tissue-and-fertility": "5cb956073b4f4ccf11e52db4afd58ae6db3697894297cd04fe3d7e316ae3f03a",
    "candour-regulation-20": "f67557bdba5e0643a5df9a8fd32493f9f1bf3e3519cbbeef3bd80018a89b3857",
    "coroner-and-prevention-2013": "b0188f046b79512f6d4116faf40cbf8e21eeda0453f2b6e1af9723a26a313a02",
    "coroner-and-prevention-2019": "0369d54b8566924527544edccf258702037eb0ad925a8b89702c0365140de3ba",
    "coroner-and-prevention-2024": "81ae98b6aa5d291201a1524a02b74701cd796dc8e55db2a272c643f76ede7e42",
    "custody-and-homicide": "a97dfd82f869983b108253ac1fa8a473f177ff00b53f4c14a27f43c646e61eed",
    "irmer-2017": "9bed7aa027539eac8fe0ca3107735532f3c7d632722707fc108ddbf4ecc9bdfe",
    "leder-2017": "6ef1568f8c8ea23702c5a9637f1d2825dcc7d363ec9825d8e08fb2ba320cacb2",
    "leder-2022": "109f95439d88c03137802c310923c8e59f13953931baa441d8a7c9801681bfb8",
    "maternity-2023": "8dd5f1bbe9f9a2e66f4e995f003bd5567918834b0475360a65dc196eb13d9aed",
    "medicines-and-devices": "50ffa98441a6cb65db8e9e5f6c7741f52f1b74fce2cc17a1890deb0e3ea7a53b",
    "psirf-2022": "dfc375cc32798680b00d5339fe9b6d4953e60120fcb73274f6e6491356095626",
    "recording-lfpse-steis": "3f5fae3633c898386e70c4092626121a8b5ed2d7954e1107b904a90d70cbc6d9",
    "retention-records-code": "a01eb86d921d60344d7548f868791adc2c481098886a9c2f05007bcf53450c4d",
    "screening": "576c1a2c3fd17e24e2bfedc3dcba937e41f72705bc7217ce7396f275ec42c9ac",
    "sif-2015": "357bf84f4d9e6d35c857d4fcb315162465cf23398aac093833399fed83dc08c0",
    "zz1-plan-2026": "055c4eb53e2af84a15b078165eac63ab61f1c43968f1cc99a16d085865361dec",
}
"""A released edition is never changed: a change of the rules is another edition with a name of its own."""

EDITIONS = {edition.name: edition for edition in read_policy().editions}
SIF = EDITIONS[Code("sif-2015")]
PSIRF = EDITIONS[Code("psirf-2022")]
CANDOUR = EDITIONS[Code("candour-regulation-20")]
PLAN = EDITIONS[Code("zz1-plan-2026")]


def rule(edition: Edition, rule_id: str) -> Rule:
    (found,) = [each for each in edition.rules if each.id == rule_id]
    return found


def test_the_text_of_every_released_edition_is_what_it_was_when_it_was_released() -> None:
    assert {name: edition.digest for name, edition in EDITIONS.items()} == RELEASED


def test_the_serious_incident_framework_is_complete() -> None:
    assert [each.id for each in SIF.rules] == [
        *("SIF-01", "SIF-01-unclear", "SIF-01a", "SIF-01a-engage", "SIF-02", "SIF-03", "SIF-04", "SIF-05", "SIF-06"),
        *("SIF-07", "SIF-08", "SIF-09", "SIF-10", "SIF-11", "SIF-12", "SIF-13"),
    ]


@pytest.mark.parametrize(
    ("rule_id", "length", "unit", "started_by"),
    [
        ("SIF-01", 2, Unit.WORKING_DAYS, "incident.identified:serious_incident"),
        ("SIF-01-unclear", 2, Unit.WORKING_DAYS, "incident.possibly_identified:serious_incident"),
        ("SIF-01a", 2, Unit.WORKING_DAYS, "incident.identified:serious_incident"),
        ("SIF-01a-engage", 2, Unit.WORKING_DAYS, "incident.identified:serious_incident"),
        ("SIF-02", None, Unit.WITHOUT_NUMBER, "incident.identified:serious_incident"),
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


def test_only_the_reports_of_investigations_may_be_paused_or_extended() -> None:
    movable = [each.id for edition in EDITIONS.values() for each in edition.rules if each.pausable or each.extendable]
    assert sorted(movable) == ["PSIRF-05", "PSIRF-06", "SIF-04", "SIF-05", "SIF-06"]


def test_psirf_has_no_clock_in_days_of_its_own() -> None:
    clocks = {each.id: (each.length, each.unit) for each in PSIRF.rules if each.length is not None}
    assert clocks == {"PSIRF-05": (3, Unit.MONTHS), "PSIRF-06": (6, Unit.MONTHS)}


def test_telling_the_icb_under_psirf_is_local_and_nobody_elses_rule() -> None:
    assert {(each.length, each.unit, each.force) for each in PLAN.rules} == {(2, Unit.WORKING_DAYS, Force.LOCAL)}
    assert all("incident.notified:commissioner" in each.met_by for each in PLAN.rules)
    assert not any("commissioner" in each.recipients for each in PSIRF.rules)
    assert PLAN.organisation == "ZZ1"
    assert PLAN.priorities


def test_the_duty_of_candour_is_law_and_has_no_number() -> None:
    assert [each.id for each in CANDOUR.rules] == [f"DOC-0{number}" for number in range(8)]
    assert {(each.force, each.length, each.unit) for each in CANDOUR.rules} == {(Force.LAW, None, Unit.WITHOUT_NUMBER)}
    assert [each.id for each in CANDOUR.rules if not each.verified] == ["DOC-06", "DOC-07"]
    assert all(each.owed_to_each_person for each in CANDOUR.rules if each.opens_clock)
    assert CANDOUR.family is Family.CANDOUR


def test_nothing_but_regulation_20_is_shown_as_law() -> None:
    lawful = {edition.name for edition in EDITIONS.values() for each in edition.rules if each.force is Force.LAW}
    assert lawful == {CANDOUR.name}


def test_what_is_not_sourced_is_not_shown_as_checked() -> None:
    checked = [each.id for edition in (SIF, PSIRF) for each in edition.rules if each.verified]
    assert checked == [
        *("SIF-01", "SIF-01-unclear", "SIF-01a", "SIF-01a-engage", "SIF-12"),
        *("PSIRF-03", "PSIRF-09", "PSIRF-09-final"),
    ]


def test_every_clock_belongs_to_the_regime_of_its_edition() -> None:
    for edition in (SIF, PSIRF):
        assert all(f"regime:{edition.name}" in each.applies_when for each in edition.rules)
