"""Editions in words: one plain sentence a rule, never claiming more force than it has, found by what people call it."""

import json

import pytest

from domain.kernel.words import Code
from domain.policy.edition import Criterion, Edition, Limit, Rule
from domain.policy.explaining.document import edition_document, edition_markdown
from domain.policy.explaining.facts import SAID
from domain.policy.explaining.phrases import event_phrase, limit_phrase
from domain.policy.explaining.searching import search
from domain.policy.explaining.sentences import criterion_sentence, rule_sentence
from domain.policy.facts import FactName
from service.policy import read_policy

POLICY = read_policy()
RULES = [(edition, rule) for edition in POLICY.editions for rule in edition.rules]
CRITERIA = [(edition, each) for edition in POLICY.editions for each in edition.criteria]


@pytest.mark.parametrize(("edition", "rule"), RULES, ids=lambda each: getattr(each, "name", getattr(each, "id", "")))
def test_a_rule_is_one_sentence_with_its_force_and_source(edition: Edition, rule: Rule) -> None:
    sentence = rule_sentence(rule)
    assert sentence.startswith(sentence[0].upper())
    assert rule.source in sentence
    assert f"Force: {rule.force.value.replace('-', ' ')}" in sentence
    assert ("text not yet checked" in sentence) is not rule.verified
    assert "_" not in sentence.replace(rule.source, "").replace(rule.title, "")


@pytest.mark.parametrize(("edition", "rule"), RULES, ids=lambda each: getattr(each, "name", getattr(each, "id", "")))
def test_a_rule_without_a_number_never_shows_one_as_its_limit(edition: Edition, rule: Rule) -> None:
    if rule.opens_clock:
        assert limit_phrase(Limit(rule.unit, rule.length)) in rule_sentence(rule)
        assert ("no number" in rule_sentence(rule)) >= (rule.length is None)


@pytest.mark.parametrize(
    ("edition", "criterion"), CRITERIA, ids=lambda each: getattr(each, "name", getattr(each, "id", ""))
)
def test_a_criterion_says_when_it_is_met(edition: Edition, criterion: Criterion) -> None:
    sentence = criterion_sentence(criterion)
    assert criterion.source in sentence
    assert ("suspended" in sentence) >= (criterion.suspended_from is not None)
    assert ("text not yet checked" in sentence) is not criterion.verified


@pytest.mark.parametrize(("edition", "rule"), RULES, ids=lambda each: getattr(each, "name", getattr(each, "id", "")))
def test_every_code_that_moves_a_rule_has_a_phrase_of_its_own(edition: Edition, rule: Rule) -> None:
    for code in (*rule.started_by, *rule.met_by, *rule.set_aside_by, *rule.revived_by):
        assert event_phrase(code) != code.replace(".", " ").replace("_", " "), code


@pytest.mark.parametrize("edition", POLICY.editions, ids=lambda edition: edition.name)
def test_an_edition_as_markdown_has_every_rule_criterion_and_term_once(edition: Edition) -> None:
    text = edition_markdown(edition, POLICY)
    assert text.startswith(f"# {edition.title}\n")
    assert edition.reference in text
    for rule in edition.rules:
        assert text.count(f"- **{rule.id}** {rule_sentence(rule)}") == 1
    for criterion in edition.criteria:
        assert criterion_sentence(criterion) in text
    for term in edition.terms:
        assert term.words in text


@pytest.mark.parametrize("edition", POLICY.editions, ids=lambda edition: edition.name)
def test_an_edition_as_json_holds_all_that_its_file_says(edition: Edition) -> None:
    document = json.loads(json.dumps(edition_document(edition, POLICY)))
    assert (document["name"], document["digest"]) == (edition.name, edition.digest)
    assert [rule["id"] for rule in document["rules"]] == [rule.id for rule in edition.rules]
    assert [each["id"] for each in document["criteria"]] == [each.id for each in edition.criteria]
    assert all(rule["sentence"] and rule["standing"] for rule in document["rules"])


@pytest.mark.parametrize("called", ["SI", "SIRI", "SUI", "serious incident", "Serious Untoward Incident", "sis"])
def test_a_serious_incident_answers_to_all_its_names(called: str) -> None:
    assert {(hit.edition, hit.id) for hit in search(POLICY, called)} == {
        (hit.edition, hit.id) for hit in search(POLICY, "siri")
    }
    assert "SIF-01" in {hit.id for hit in search(POLICY, called)}


@pytest.mark.parametrize("called", ["SI", "SIRI", "SUI", "serious incident"])
def test_what_a_thing_is_comes_before_what_is_said_of_it(called: str) -> None:
    first = search(POLICY, called)[0]
    assert (first.kind, first.title) == ("term", "Serious incident")


def test_a_search_asks_for_every_word() -> None:
    both = {hit.id for hit in search(POLICY, "SUI steis")}
    assert "SIF-01" in both
    assert "SIF-03" not in both
    assert search(POLICY, "SUI zzzz") == ()


def test_a_search_for_nothing_finds_nothing() -> None:
    assert search(POLICY, "  ,; ") == ()


def test_a_statutory_instrument_is_not_a_serious_incident() -> None:
    """ "SI 2014/2936" is a source, not a name of the thing."""
    assert Code("DOC-00") not in {hit.id for hit in search(POLICY, "SI")}


@pytest.mark.parametrize("fact", list(FactName))
def test_every_fact_has_a_clause_of_its_own(fact: FactName) -> None:
    assert len(set(SAID.values())) == len(SAID)
    assert " " in SAID[fact]
    assert "_" not in SAID[fact]


@pytest.mark.parametrize(
    ("edition", "criterion"), CRITERIA, ids=lambda each: getattr(each, "name", getattr(each, "id", ""))
)
def test_what_a_criterion_proposes_is_said_and_not_coded(edition: Edition, criterion: Criterion) -> None:
    _, _, proposed = criterion_sentence(criterion).partition("; proposed: ")
    assert bool(proposed) is (criterion.response is not None)
    assert ":" not in proposed


@pytest.mark.parametrize(("edition", "rule"), RULES, ids=lambda each: getattr(each, "name", getattr(each, "id", "")))
def test_a_rule_of_one_regime_says_so(edition: Edition, rule: Rule) -> None:
    sentence = rule_sentence(rule)
    assert ("under PSIRF 2022" in sentence) is ("regime:psirf-2022" in rule.applies_when)
    assert ("under the Serious Incident Framework 2015" in sentence) is ("regime:sif-2015" in rule.applies_when)


def test_a_local_rule_is_switched_off_because_it_is_local() -> None:
    (local,) = [rule for _, rule in RULES if rule.id == "DOC-10"]
    (uncertain,) = [rule for _, rule in RULES if rule.id == "SCR-01"]
    assert "switched off: it is local" in rule_sentence(local)
    assert "switched off: too little is known of it" in rule_sentence(uncertain)
