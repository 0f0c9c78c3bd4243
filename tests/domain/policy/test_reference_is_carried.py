"""Every rule of the field's reference (its section 2) stands in some edition, with its own limit, and owed by its own."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from domain.policy.edition import Edition, Force, Rule, Unit
from service.policy import read_policy

REFERENCE: Final[list[dict[str, Any]]] = json.loads(
    (Path(__file__).parents[2] / "vectors" / "reference-rules.json").read_text(encoding="utf-8")
)
"""Its rules: the section, the limits that its table gives (none: no number), whose clock it is where it is not the
provider's or its commissioner's, and why it is withheld where it is too uncertain, or too local, to be asked of anybody."""

NATIONAL: Final = [edition for edition in read_policy().current() if not edition.family.is_overlay]
RULES: Final = [(edition, rule) for edition in NATIONAL for rule in edition.rules]
CLOCKS: Final = [(edition, rule) for edition, rule in RULES if rule.opens_clock]

OWES: Final = {
    "provider",
    "commissioner",
    "independent_investigator",
    "registered_medical_practitioner",
    "attending_practitioner",
}
"""Whose clocks a case runs; the local authority, MNSI, a coroner, an ombudsman and the like have their own."""


def is_of(rule: Rule, reference_id: str) -> bool:
    """Whether it is that rule of the reference, or a part of it."""
    return rule.id == reference_id or rule.id.startswith(f"{reference_id}-")


def named(value: object) -> str:
    match value:
        case Edition() as edition:
            return edition.name
        case Rule() as rule:
            return rule.id
        case dict():
            return str(value["id"])
    return str(value)


def test_the_list_holds_every_section_of_clocks_of_the_reference() -> None:
    assert {each["section"] for each in REFERENCE} == {f"2.{number}" for number in range(1, 14)}
    assert len({each["id"] for each in REFERENCE}) == len(REFERENCE) == 117


@pytest.mark.parametrize("reference", REFERENCE, ids=named)
def test_a_rule_of_the_reference_is_carried_by_an_edition(reference: dict[str, Any]) -> None:
    assert [rule.id for _, rule in RULES if is_of(rule, reference["id"]) or reference["id"] in rule.carries], (
        f"no edition carries {reference['id']}"
    )


@pytest.mark.parametrize(("edition", "rule"), CLOCKS, ids=named)
def test_a_clock_has_the_limit_of_the_reference_and_never_a_number_where_that_gives_none(
    edition: Edition, rule: Rule
) -> None:
    del edition
    limits = {limit for each in REFERENCE if is_of(rule, each["id"]) for limit in each["limits"]}
    given = [] if rule.unit is Unit.WITHOUT_NUMBER else [f"{rule.length} {rule.unit}"]
    assert limits.issuperset([*given, *(f"{option.length} {option.unit}" for option in rule.options)])


@pytest.mark.parametrize(("edition", "rule"), CLOCKS, ids=named)
def test_only_clocks_of_the_provider_its_doctors_and_its_commissioner_open(edition: Edition, rule: Rule) -> None:
    del edition
    assert rule.actor in OWES


@pytest.mark.parametrize("reference", [each for each in REFERENCE if "owed_by" in each], ids=named)
def test_a_clock_that_is_somebody_elses_never_opens(reference: dict[str, Any]) -> None:
    found = [rule for _, rule in RULES if rule.id == reference["id"]]
    assert found
    assert [rule.id for rule in found if rule.opens_clock] == []


def test_what_is_switched_off_is_what_the_reference_holds_too_uncertain_or_too_local() -> None:
    off = {each["id"] for each in REFERENCE for _, rule in RULES if rule.switched_off and is_of(rule, each["id"])}
    assert off == {each["id"] for each in REFERENCE if "withheld" in each}


def test_law_has_a_number_only_where_its_text_or_its_enforcing_authority_gives_one() -> None:
    numbered = {rule.id for _, rule in CLOCKS if rule.force is Force.LAW and rule.length and not rule.switched_off}
    assert {rule_id for rule_id in numbered if not rule_id.startswith(("RID-02", "RID-06"))} == {
        *("RID-03", "IG-01", "COR-04", "RAD-01", "RAD-02"),
    }


@pytest.mark.parametrize(("edition", "rule"), RULES, ids=named)
def test_a_rule_that_is_not_checked_or_is_switched_off_says_so(edition: Edition, rule: Rule) -> None:
    del edition
    assert not (rule.switched_off and rule.verified)
    assert rule.note or not rule.switched_off
