"""Every golden vignette comes out as the reference says: answers, criteria, what is missing, duties and their days."""

from typing import Any

import pytest

from domain.policy.assessing.counterfactuals import counterfactuals
from domain.policy.clocks import local_day
from domain.policy.edition import Family
from domain.policy.questions import Question
from service.policy import read_policy
from tests.domain.policy.vignettes import Played, Vignette, play, vignettes

POLICY = read_policy()
ALL = vignettes()


def named(vignette: Vignette) -> str:
    return f"{vignette.edition}: {vignette.name}"


@pytest.mark.parametrize("vignette", ALL, ids=named)
def test_a_vignette_comes_out_as_the_reference_says(vignette: Vignette) -> None:
    played = play(vignette, POLICY)
    expected = vignette.expected
    outcomes = {str(question): str(answer.outcome) for question, answer in played.answers.items()}
    assert {name: outcomes.get(name, "not_asked") for name in expected.get("outcomes", {})} == expected.get(
        "outcomes", {}
    )
    met = {criterion for answer in played.answers.values() for criterion in answer.met}
    assert met.issuperset(expected.get("criteria", ()))
    assert {response for answer in played.answers.values() for response in answer.responses}.issuperset(
        expected.get("responses", ())
    )
    for question, names in expected.get("missing", {}).items():
        assert {name.value for name, _ in played.answers[Question(question)].missing}.issuperset(names)
    _check_duties(played, expected)
    _check_counterfactuals(played, expected)


def _check_duties(played: Played, expected: Any) -> None:
    owed: dict[str, list[Any]] = {}
    for terms in played.duties:
        owed.setdefault(terms.rule, []).append(terms.due_at)
    for duty in expected.get("duties", ()):
        assert duty["rule"] in owed, f"{duty['rule']} is not owed, but {sorted(owed)}"
        due = owed[duty["rule"]][0]
        if "due_at" in duty:
            assert due == duty["due_at"]
        else:
            assert (due and local_day(due)) == duty.get("due_on")
    assert owed.keys().isdisjoint(expected.get("not_owed", ()))


def _check_counterfactuals(played: Played, expected: Any) -> None:
    for wanted in expected.get("counterfactuals", ()):
        question = Question(wanted["question"])
        offered = [
            (each.fact.value, each.value, each.outcome.value)
            for each in counterfactuals(POLICY, played.references, played.known, question)
        ]
        value = wanted["value"]
        assert any(
            (fact, outcome) == (wanted["fact"], wanted["outcome"])
            and (getattr(offer, "code", offer) == (value["code"] if isinstance(value, dict) else value))
            for fact, offer, outcome in offered
        ), offered


def test_there_are_at_least_a_hundred_each_with_a_name_of_its_own() -> None:
    assert len(ALL) >= 100
    assert len({vignette.name for vignette in ALL}) == len(ALL)
    assert all(vignette.told["rests_on"] and vignette.told["story"] for vignette in ALL)


@pytest.mark.parametrize("edition", POLICY.current(), ids=lambda edition: edition.name)
def test_every_edition_has_at_least_three(edition: Any) -> None:
    told = [vignette for vignette in ALL if vignette.edition == edition.name]
    assert len(told) >= 3
    for vignette in told:
        assert edition.reference in play(vignette, POLICY).references, vignette.name


def test_every_never_event_has_one_that_is_met_and_one_that_is_excluded() -> None:
    (edition,) = [each for each in POLICY.current() if each.family is Family.NEVER_EVENTS]
    seen: set[tuple[str, str]] = set()
    for vignette in ALL:
        answer = play(vignette, POLICY).answers.get(Question.NEVER_EVENT)
        facts = {fact["name"]: fact["value"] for fact in vignette.told.get("facts", ())}
        if answer is not None and "never_event_type" in facts:
            seen.add((facts["never_event_type"], answer.outcome.value))
    items = {criterion.id for criterion in edition.criteria if criterion.suspended_from is None}
    assert {(item, outcome) for item in items for outcome in ("met", "not_met")} <= seen
    suspended = {criterion.id for criterion in edition.criteria if criterion.suspended_from is not None}
    assert {(item, "not_met") for item in suspended} <= seen
