"""The words in which editions speak are words that events say and that an incident knows: a misspelt one opens nothing."""

from pathlib import Path

import pytest

import domain
from domain.candour.events import LetterKind, SharedStage
from domain.candour.words import Channel
from domain.incident.words import Ending, ExternalSystem, NotificationChannel, Recipient, RecordType
from domain.learning_response.events import Method
from domain.organisation.events import ProviderType
from domain.policy.conditions import fact_condition
from domain.policy.edition import Family, Rule
from domain.policy.facts import FACT_TYPES, FactName
from domain.policy.questions import Outcome, Question
from service.policy import read_policy

EDITIONS = read_policy().editions
RULES = [(edition.name, rule) for edition in EDITIONS for rule in edition.rules]
REGIMES = [edition.name for edition in EDITIONS if edition.family is Family.REGIME]
SAID = "".join(path.read_text(encoding="utf-8") for path in Path(domain.__path__[0]).glob("*/events.py"))

CIRCUMSTANCES = {
    *(f"record:{kind}" for kind in RecordType),
    *(f"regime:{name}" for name in REGIMES),
    *(f"{question}:{outcome}" for question in Question for outcome in Outcome),
    *(f"response:{method}" for method in Method),
    *(f"provider:{kind}" for kind in ProviderType),
    *(f"criterion:{criterion.id}" for edition in EDITIONS for criterion in edition.criteria),
    "involves:patient",
}
"""The words about the case; those about a fact are read by `conditions.py` itself."""

QUALIFIERS: dict[str, set[str]] = {
    "incident.fact": {*FactName, *(f"{name}:{code}" for name in FactName for code in FACT_TYPES[name].codes)},
    "incident.identified": {*Question},
    "incident.possibly_identified": {*Question},
    "incident.threshold_decided": {*Question},
    "incident.notified": {*Recipient, *(f"{who}:{channel}" for who in Recipient for channel in NotificationChannel)},
    "incident.closed": {*Ending},
    "incident.submitted_externally": {*ExternalSystem},
    "candour.letter_sent": {*LetterKind},
    "candour.findings_shared": {*SharedStage},
    "candour.notice_given": {Channel.IN_PERSON},
    "learning_response.commissioned": {*Method},
    "learning_response.approved": {*Method},
    "learning_response.submitted": {"commissioner", *(f"commissioner:{method}" for method in Method)},
    "learning_response.received": {"commissioner", *(f"commissioner:{method}" for method in Method)},
}


@pytest.mark.parametrize(("edition", "rule"), RULES, ids=lambda value: getattr(value, "id", value))
def test_a_rule_applies_in_circumstances_that_an_incident_knows(edition: str, rule: Rule) -> None:
    unknown = [word for word in (*rule.applies_when, *rule.unless) if word not in CIRCUMSTANCES]
    assert [word for word in unknown if fact_condition(word) is None] == []


@pytest.mark.parametrize(("edition", "rule"), RULES, ids=lambda value: getattr(value, "id", value))
def test_a_rule_is_moved_by_what_some_event_says(edition: str, rule: Rule) -> None:
    named = (*rule.started_by, *rule.met_by, *rule.set_aside_by, *rule.revived_by)
    assert [code for code in named if not _is_said(code)] == []


@pytest.mark.parametrize(
    "code",
    [
        "incident.notfied:commissioner",
        "incident.notified:comissioner",
        "incident.notified:commissioner:telephon",
        "incident.submitted_externally:steiss",
        "candour.contact_declined:twice",
        "incident.fact:dyed",
        "incident.fact:coroner_trigger:posioning",
    ],
)
def test_a_misspelt_code_is_said_by_nothing(code: str) -> None:
    assert not _is_said(code)


def _is_said(code: str) -> bool:
    """Whether an event says it, with a qualifier from the closed list that the command takes."""
    fact, _, qualifier = code.partition(":")
    return (f'"{fact}"' in SAID or f'"{fact}:' in SAID) and (not qualifier or qualifier in QUALIFIERS.get(fact, ()))


@pytest.mark.parametrize("edition", [edition for edition in EDITIONS if edition.priorities], ids=lambda each: each.name)
def test_a_plan_gives_its_priorities_a_method_that_exists(edition: object) -> None:
    planned = {priority.response for each in EDITIONS if each is edition for priority in each.priorities}
    assert planned <= {*Method}
