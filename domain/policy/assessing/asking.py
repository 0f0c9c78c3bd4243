"""Which criteria answer a question under some editions, and which facts and editions those look at."""

from collections.abc import Sequence
from datetime import date

from domain.kernel.words import Code, Label
from domain.policy.assessing.knowing import RESTS_ON
from domain.policy.conditions import fact_condition, question_condition
from domain.policy.edition import Criterion, Edition, Force
from domain.policy.facts import FactName
from domain.policy.library import Policy
from domain.policy.questions import Question


def criteria_of(edition: Edition) -> tuple[Criterion, ...]:
    """The criteria of an edition; each priority of a local plan is one, matched by the plan's own theme."""
    priorities = tuple(
        Criterion(
            id=priority.code,
            question=Question.PLAN_PRIORITY,
            title=priority.title,
            when=(Code("record:incident"), Code(f"{FactName.PLAN_THEME}:{priority.code}")),
            unless=(),
            response=priority.response,
            force=Force.LOCAL,
            source=Label(edition.title),
            verified=True,
            from_on=None,
            until_on=None,
            suspended_from=None,
            note=None,
        )
        for priority in edition.priorities
    )
    return (*edition.criteria, *priorities)


def criteria_asked(
    policy: Policy, references: Sequence[Code], question: Question, *, day: date | None = None
) -> tuple[tuple[Criterion, Edition], ...]:
    """The criteria by which these editions answer a question, of one day or of any, with the edition of each.

    Raises:
        EditionUnknownError: an edition is not known.
    """
    return tuple(
        (criterion, edition)
        for edition in map(policy.edition, references)
        for criterion in criteria_of(edition)
        if criterion.question is question and (day is None or criterion.counts_on(day))
    )


def questions_reached(policy: Policy, references: Sequence[Code], question: Question) -> tuple[Question, ...]:
    """The question, and every other that its criteria ask for, directly or through others.

    Raises:
        EditionUnknownError: an edition is not known.
    """
    reached = [question]
    for each in reached:
        asked = [question_condition(word) for word in _words(policy, references, each)]
        reached.extend(other[0] for other in asked if other is not None and other[0] not in reached)
    return tuple(dict.fromkeys(reached))


def facts_asked(policy: Policy, references: Sequence[Code], question: Question) -> frozenset[FactName]:
    """Every fact that the answer to a question looks at, through other questions too; none where it is not asked.

    Raises:
        EditionUnknownError: an edition is not known.
    """
    names: set[FactName] = set()
    for each in questions_reached(policy, references, question):
        conditions = [fact_condition(word) for word in _words(policy, references, each)]
        names.update(name for condition in conditions if condition is not None for name in condition.facts)
    return frozenset(names.union(*(RESTS_ON.get(name, ()) for name in names)))


def editions_asked(policy: Policy, references: Sequence[Code], question: Question) -> tuple[Code, ...]:
    """The editions that have a say in the answer to a question, in the order given.

    Raises:
        EditionUnknownError: an edition is not known.
    """
    reached = questions_reached(policy, references, question)
    asked = {edition.reference for each in reached for _, edition in criteria_asked(policy, references, each)}
    return tuple(reference for reference in references if reference in asked)


def _words(policy: Policy, references: Sequence[Code], question: Question) -> tuple[Code, ...]:
    asked = criteria_asked(policy, references, question)
    return tuple(dict.fromkeys(word for criterion, _ in asked for word in (*criterion.when, *criterion.unless)))
