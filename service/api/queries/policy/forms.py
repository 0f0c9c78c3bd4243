"""How answers about policy read in OpenAPI: what `domain/policy/explaining` and `service/reading/assessments.py` make."""

from typing import Any

from pydantic import BaseModel

from domain.policy.edition import Family, Force, Unit
from domain.policy.facts import FactName
from domain.policy.questions import Outcome, Question
from service.api.fields import Day, Instant


class EditionHead(BaseModel):
    """What an edition is."""

    name: str
    reference: str
    title: str
    family: Family
    in_force_from: Day
    in_force_until: Day | None
    organisation: str | None
    digest: str
    replaces: str | None
    replaced: bool
    note: str | None


class EditionItem(EditionHead):
    """One edition, without its text: how many rules, criteria and terms it has."""

    rules: int
    criteria: int
    terms: int


class LimitShown(BaseModel):
    """A time limit; `length` null: the source gives no number."""

    unit: Unit
    length: int | None


class RuleShown(BaseModel):
    """One rule, with its plain sentence; `standing` is its force, saying whether the text was checked."""

    id: str
    title: str
    applies_when: list[str]
    unless: list[str]
    started_by: list[str]
    met_by: list[str]
    set_aside_by: list[str]
    revived_by: list[str]
    recipients: list[str]
    unit: Unit
    length: int | None
    options: list[LimitShown]
    actor: str
    owed_to_each_person: bool
    owed_for_each_response: bool
    pausable: bool
    extendable: bool
    force: Force
    standing: str
    source: str
    verified: bool
    opens_clock: bool
    switched_off: bool
    carries: list[str]
    note: str | None
    consequence: str | None
    sentence: str


class CriterionShown(BaseModel):
    """One criterion of a question, with its plain sentence."""

    id: str
    question: Question
    title: str
    when: list[str]
    unless: list[str]
    response: str | None
    from_on: Day | None
    until_on: Day | None
    suspended_from: Day | None
    force: Force
    standing: str
    verified: bool
    source: str
    note: str | None
    sentence: str


class PriorityShown(BaseModel):
    """What a local plan gives priority to."""

    code: str
    title: str
    response: str


class TermShown(BaseModel):
    """A defined term, and what people also call it."""

    id: str
    title: str
    words: str
    also_called: list[str]
    source: str
    verified: bool


class ChoiceShown(BaseModel):
    """Which option of a national rule an overlay chooses."""

    rule: str
    unit: Unit
    length: int | None
    sentence: str


class EditionShown(EditionHead):
    """One edition, whole."""

    rules: list[RuleShown]
    criteria: list[CriterionShown]
    terms: list[TermShown]
    priorities: list[PriorityShown]
    choices: list[ChoiceShown]


class PolicyHit(BaseModel):
    """What answers a search."""

    edition: str
    kind: str
    id: str
    title: str
    sentence: str


class FactNamed(BaseModel):
    """A fact, and the number of the patient whom it is about."""

    fact: FactName
    patient: int | None


class FactKnown(FactNamed):
    """A fact with its value."""

    value: Any


class CriterionAssessedShown(BaseModel):
    """How a criterion came out: by which facts, for want of which, and on what nobody said."""

    id: str
    edition: str
    title: str
    outcome: Outcome
    patient: int | None
    decided_by: list[FactKnown]
    missing: list[FactNamed]
    presumed: list[FactNamed]
    suspended: bool
    proposed_response: str | None
    force: Force
    standing: str
    source: str
    note: str | None
    sentence: str


class CounterfactualShown(FactKnown):
    """If this fact had this value, the answer would be another."""

    outcome: Outcome
    sentence: str


class QuestionAssessed(BaseModel):
    """The assessment of one question. It advises: people decide."""

    question: Question
    outcome: Outcome
    criteria_met: list[str]
    proposed_responses: list[str]
    missing: list[FactNamed]
    presumed: list[FactNamed]
    criteria: list[CriterionAssessedShown]
    counterfactuals: list[CounterfactualShown]


class DecisionExplained(QuestionAssessed):
    """The assessment that a decision kept, made again; `reproduced`: it is the same."""

    reproduced: bool


class ObligationSupposed(BaseModel):
    """A duty that would be owed if people decided as assessed."""

    rule: str
    title: str
    edition: str
    force: Force
    standing: str
    source: str
    owed_by: str
    recipients: list[str]
    unit: Unit
    length: int | None
    started_by: str
    started_at: Instant
    due_at: Instant | None
    calendar: str


class AssessmentAnswer(BaseModel):
    """The dry run: every question that the editions ask, and what would follow."""

    day: Day
    regime: str
    editions: list[str]
    answers: list[QuestionAssessed]
    obligations: list[ObligationSupposed]
