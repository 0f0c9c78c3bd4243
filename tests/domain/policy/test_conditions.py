"""The plain words of rules: a fact by its name alone is so where it is true, or has any code but `none`."""

import pytest

from domain.kernel.words import Code
from domain.policy.conditions import UnknownConditionError, fact_condition, is_so, words_said
from domain.policy.facts import FactName, FactValue

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
