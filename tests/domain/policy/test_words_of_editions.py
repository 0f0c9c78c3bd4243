"""The words in which editions speak are words that events say and that an incident knows: a misspelt one opens nothing."""

from pathlib import Path

import pytest

import domain
from domain.candour.events import LetterKind, SharedStage
from domain.candour.words import Channel
from domain.incident.words import Ending, ExternalSystem, NotificationChannel, Recipient, RecordType
from domain.kernel.words import Code
from domain.learning_response.events import Method
from domain.organisation.events import ProviderType
from domain.policy.conditions import fact_condition
from domain.policy.edition import SINCE_START, Criterion, Family, Rule
from domain.policy.facts import FACT_TYPES, FactName
from domain.policy.questions import Outcome, Question
from service.policy import read_policy

POLICY = read_policy()
EDITIONS = POLICY.editions
RULES = [(edition.name, rule) for edition in EDITIONS for rule in edition.rules]
CRITERIA = [(edition.name, criterion) for edition in EDITIONS for criterion in edition.criteria]
REGIMES = {POLICY.first_name(edition) for edition in EDITIONS if edition.family is Family.REGIME}
"""A regime is called by its first name, however often its text was corrected."""

DOMAIN = Path(domain.__path__[0])
SAYING = [*DOMAIN.glob("*/events.py"), DOMAIN / "policy" / "starting.py"]
SAID = "".join(path.read_text(encoding="utf-8") for path in SAYING)

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

REFERRED = {
    *("refer:mnsi", "refer:riit", "refer:cdop", "refer:leder", "refer:safeguarding", "refer:sqas", "refer:ppo"),
    *("refer:local_authority", "refer:lado", "contribute:csp"),
}
"""To whom a case is sent, or who leads a review that the provider contributes to."""

QUALIFIERS: dict[str, set[str]] = {
    "incident.fact": {*FactName, *(f"{name}:{code}" for name in FactName for code in FACT_TYPES[name].codes)},
    "incident.identified": {
        *Question,
        *(f"{criterion.question}:{criterion.id}" for edition in EDITIONS for criterion in edition.criteria),
    },
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
    assert _unknown(*rule.applies_when, *rule.unless) == []


@pytest.mark.parametrize(("edition", "criterion"), CRITERIA, ids=lambda value: getattr(value, "id", value))
def test_a_criterion_is_met_in_words_that_an_incident_knows(edition: str, criterion: Criterion) -> None:
    assert _unknown(*criterion.when, *criterion.unless) == []


@pytest.mark.parametrize(("edition", "criterion"), CRITERIA, ids=lambda value: getattr(value, "id", value))
def test_a_criterion_proposes_a_method_that_exists_or_sends_the_case_to_somebody(
    edition: str, criterion: Criterion
) -> None:
    assert criterion.response is None or criterion.response in {*Method} | REFERRED


@pytest.mark.parametrize("word", ["regime:sif-2015-r2", "record:incidents", "criterion:SI-8", "response:review"])
def test_a_misspelt_circumstance_is_known_to_no_incident(word: str) -> None:
    assert _unknown(Code(word)) == [word]


def _unknown(*words: Code) -> list[Code]:
    return [word for word in words if word not in CIRCUMSTANCES and fact_condition(word) is None]


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
    fact, _, qualifier = code.removeprefix(SINCE_START).partition(":")
    return (f'"{fact}"' in SAID or f'"{fact}:' in SAID) and (not qualifier or qualifier in QUALIFIERS.get(fact, ()))


@pytest.mark.parametrize("edition", [edition for edition in EDITIONS if edition.priorities], ids=lambda each: each.name)
def test_a_plan_gives_its_priorities_a_method_that_exists(edition: object) -> None:
    planned = {priority.response for each in EDITIONS if each is edition for priority in each.priorities}
    assert planned <= {*Method}
