"""How long the records of a case are kept: the rules of the retention edition that apply to it, under either regime."""

import pytest

from domain.kernel.words import Code
from domain.policy.duties import applies
from service.policy import read_policy

(CODE,) = [edition for edition in read_policy().current() if edition.name == "retention-records-code"]
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
        (("regime:sif-2015", "serious_incident:unclear"), set()),
        (("regime:psirf-2022",), {"RET-08"}),
        (("regime:psirf-2022", "never_event:unclear"), set()),
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
