"""The plain words of rules: a fact by its name alone is so where it is true, or has any code but `none`."""

import pytest

from domain.kernel.harm import Harm
from domain.kernel.words import Code
from domain.policy.conditions import UnknownConditionError, fact_condition, is_so, words_said
from domain.policy.facts import FactKey, FactName, FactValue

TRIGGER = Code("coroner_trigger")


@pytest.mark.parametrize(("value", "so"), [(Code("neglect"), True), (Code("none"), False)])
def test_a_fact_that_takes_codes_is_so_with_any_code_but_none(value: FactValue, *, so: bool) -> None:
    condition = fact_condition(TRIGGER)
    assert condition is not None
    assert is_so(condition, [value]) is so
    assert (TRIGGER in words_said({(FactName.CORONER_TRIGGER, 1): value}, 1)) is so


def test_what_is_said_of_one_patient_is_no_word_about_another() -> None:
    assert TRIGGER not in words_said({(FactName.CORONER_TRIGGER, 1): Code("neglect")}, 2)


@pytest.mark.parametrize("word", ["coroner_trigger:posioning", "died:yes", "coronor_trigger", "physical_harm"])
def test_a_word_that_no_fact_can_say_is_refused(word: str) -> None:
    with pytest.raises(UnknownConditionError, match=word):
        fact_condition(Code(word))


@pytest.mark.parametrize(
    ("facts", "died"),
    [
        ({(FactName.PHYSICAL_HARM, 1): Harm(Code("1"), Code("lfpse-5"))}, True),
        ({(FactName.PHYSICAL_HARM, 1): Harm(Code("2"), Code("lfpse-5"))}, False),
        ({(FactName.PHYSICAL_HARM, 1): Harm(Code("1"), Code("lfpse-5")), (FactName.DIED, 1): False}, False),
        ({(FactName.PHYSICAL_HARM, 2): Harm(Code("1"), Code("lfpse-5"))}, False),
    ],
)
def test_a_fatal_harm_says_that_the_patient_died_unless_somebody_says_that_they_did_not(
    facts: dict[FactKey, FactValue], *, died: bool
) -> None:
    assert (Code("died") in words_said(facts, 1)) is died
