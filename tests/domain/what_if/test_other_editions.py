"""Which editions a case would have: one put in place of another of its family, one beside, one taken away."""

import pytest

from domain.incident.what_if.editions import ChangeImpossibleError, other_editions, read_change, regime_word
from domain.kernel.words import Code
from domain.policy.library import EditionUnknownError
from tests.domain.what_if.cases import CANDOUR, NEW, OLD, PLAN, a_change, policy
from tests.support.small_policy import LIMITS_NAME

OWN = tuple(policy().named(Code(name)).reference for name in ("psirf-2022", CANDOUR))


def names(*editions: Code, without: tuple[str, ...] = ()) -> list[str]:
    found = other_editions(OWN, a_change(*editions, without=without), policy())
    return [policy().edition(reference).name for reference in found]


def test_an_edition_stands_in_place_of_the_one_of_its_family() -> None:
    assert names(NEW) == [NEW, CANDOUR]


def test_an_edition_of_another_family_stands_beside_the_others_in_their_order() -> None:
    assert names(PLAN, LIMITS_NAME) == ["psirf-2022", CANDOUR, LIMITS_NAME, PLAN]


def test_a_reference_names_an_edition_as_well_as_its_name() -> None:
    assert names(policy().named(NEW).reference) == [NEW, CANDOUR]


@pytest.mark.parametrize("word", ["candour", CANDOUR, policy().named(CANDOUR).reference])
def test_a_family_or_an_edition_can_be_done_without(word: str) -> None:
    assert names(without=(word,)) == ["psirf-2022"]


def test_to_do_without_what_a_case_does_not_have_changes_nothing() -> None:
    assert names(without=("contract",)) == ["psirf-2022", CANDOUR]


def test_the_regime_may_be_done_without_only_where_another_stands_in_its_place() -> None:
    assert names(NEW, without=("regime",)) == [NEW, CANDOUR]


@pytest.mark.parametrize(
    ("editions", "without", "pointer", "code"),
    [
        (["no-such"], [], "/editions/0", "edition-unknown"),
        ([NEW, OLD], [], "/editions/1", "family-repeated"),
        ([NEW], ["no-such"], "/without/0", "edition-unknown"),
        ([], ["regime"], "/without/0", "regime-missing"),
        ([CANDOUR], ["psirf-2022"], "/without/0", "regime-missing"),
        ([], [], "/editions", "nothing-asked"),
    ],
)
def test_a_change_that_cannot_be_is_refused_with_the_place(
    editions: list[str], without: list[str], pointer: str, code: str
) -> None:
    with pytest.raises(ChangeImpossibleError) as refused:
        read_change(policy(), [Code(name) for name in editions], [Code(word) for word in without])

    assert (refused.value.pointer, refused.value.code) == (pointer, code)


def test_the_regime_of_a_case_keeps_its_word_and_another_brings_its_own() -> None:
    other = other_editions(OWN, a_change(OLD), policy())

    assert regime_word(OWN, OWN, regime=Code("as-recorded"), policy=policy()) == "as-recorded"
    assert regime_word(OWN, other, regime=Code("as-recorded"), policy=policy()) == "sif-2015"


def test_an_edition_of_a_case_that_this_build_does_not_carry_is_said() -> None:
    with pytest.raises(EditionUnknownError):
        other_editions([Code("gone@1")], a_change(NEW), policy())
