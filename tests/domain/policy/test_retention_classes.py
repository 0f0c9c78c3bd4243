"""How long the records of a case are kept: the rules of the retention edition that apply to it, under either regime."""

from datetime import UTC, date, datetime

import pytest

from domain.kernel.words import Code
from domain.policy.duties import applies
from domain.policy.library import Policy
from domain.policy.retention import Retention, retention_edition, retention_of
from service.policy import read_policy

(CODE,) = [edition for edition in read_policy().current() if edition.name == "retention-records-code-r2"]
ALWAYS = {"RET-03", "RET-04", "RET-05", "RET-06"}


def classes(*words: str) -> set[str]:
    """The rules, of those that tell one class from the other, that apply where these words hold."""
    said = frozenset(map(Code, ("record:incident", *words)))
    return {str(rule.id) for rule in CODE.rules if applies(rule, [said])} - ALWAYS


@pytest.mark.parametrize(
    ("words", "rules"),
    [
        (("regime:sif-2015", "serious_incident:met"), {"RET-01"}),
        (("regime:sif-2015", "serious_incident:not_met"), {"RET-02"}),
        (("regime:sif-2015",), {"RET-02"}),
        (("regime:sif-2015", "serious_incident:unclear"), {"RET-09-serious-incident"}),
        (("regime:sif-2015", "serious_incident:not_met", "never_event:met"), {"RET-01-never-event"}),
        (("regime:sif-2015", "never_event:unclear"), {"RET-09-never-event"}),
        (("regime:psirf-2022",), {"RET-08"}),
        (("regime:psirf-2022", "never_event:unclear"), {"RET-09-never-event"}),
        (("regime:psirf-2022", "national_response:unclear"), {"RET-09-national-response"}),
        (("regime:psirf-2022", "national_response:met"), {"RET-07-national-response"}),
        (("regime:psirf-2022", "response:psii"), {"RET-07-psii"}),
        (("regime:psirf-2022", "harm:at_least:severe"), {"RET-07-severe-harm"}),
        (("regime:psirf-2022", "never_event:met"), {"RET-07-never-event"}),
    ],
)
def test_a_case_is_kept_twenty_years_or_ten_by_what_it_is(words: tuple[str, ...], rules: set[str]) -> None:
    assert classes(*words) == rules


def test_retention_is_no_clock_that_anybody_runs_against() -> None:
    assert [rule.id for rule in CODE.rules if rule.opens_clock] == []
    assert {rule.id for rule in CODE.rules} >= ALWAYS


def kept(*words: str, happened_on: date = date(2020, 2, 29)) -> Retention | None:
    said = [Code(word) for word in ("record:incident", *words)]
    return retention_of(CODE, said, happened_on=happened_on, calendar=read_policy().calendar)


@pytest.mark.parametrize(
    ("words", "rule", "kept_as", "until"),
    [
        (("regime:psirf-2022",), "RET-08", "other_incident", datetime(2030, 2, 28, 23, 59, 59, 999999, UTC)),
        (
            ("regime:psirf-2022", "response:psii"),
            "RET-07-psii",
            "serious_incident",
            datetime(2040, 2, 29, 23, 59, 59, 999999, UTC),
        ),
        (
            ("regime:sif-2015", "serious_incident:met"),
            "RET-01",
            "serious_incident",
            datetime(2040, 2, 29, 23, 59, 59, 999999, UTC),
        ),
        (
            ("regime:psirf-2022", "never_event:unclear"),
            "RET-09-never-event",
            "undecided",
            datetime(2040, 2, 29, 23, 59, 59, 999999, UTC),
        ),
    ],
)
def test_the_time_ends_with_the_last_day_of_its_years(
    words: tuple[str, ...], rule: str, kept_as: str, until: datetime
) -> None:
    found = kept(*words)

    assert found is not None
    assert (found.rule.id, found.keeping.kept_as, found.until) == (rule, kept_as, until)
    assert found.edition == CODE.reference


def test_of_several_rules_the_longest_time_holds() -> None:
    found = kept("regime:psirf-2022", "never_event:unclear", "response:psii", happened_on=date(2021, 7, 1))

    assert found is not None
    assert found.until == datetime(2041, 7, 1, 22, 59, 59, 999999, UTC)


def test_of_what_is_no_incident_no_rule_says_how_long_it_is_kept() -> None:
    said = [Code("record:good_care"), Code("regime:psirf-2022")]

    assert retention_of(CODE, said, happened_on=date(2020, 1, 1), calendar=read_policy().calendar) is None


def test_how_long_is_asked_of_the_edition_in_use_and_not_of_the_one_that_the_case_began_under() -> None:
    policy = read_policy()

    assert retention_edition(policy) == CODE
    assert retention_edition(Policy((), policy.calendar)) is None


def test_the_times_are_numbers_of_the_edition() -> None:
    lengths = {rule.keeping.limit.length for rule in CODE.rules if rule.keeping is not None}

    assert lengths == {120, 240}
