"""What is known of an incident, as an assessment starts from it; and what it said, as a decision keeps it."""

from collections.abc import Sequence

from domain.incident.state import Incident
from domain.kernel.words import Code
from domain.policy.assessing.asking import editions_asked, facts_asked
from domain.policy.assessing.assessed import Assessed, KnownFact
from domain.policy.assessing.assessment import assess_question
from domain.policy.assessing.knowing import Known
from domain.policy.clocks import local_day
from domain.policy.library import Policy
from domain.policy.questions import Question


def known_of(incident: Incident) -> Known:
    """The facts as they are known now; the day is that on which it occurred (the last, of several), else was discovered."""
    occurred = incident.occurred
    return Known(
        day=local_day(occurred.latest if occurred else incident.discovered_at),
        regime=incident.regime,
        record_type=Code(incident.record_type),
        provider_type=incident.provider_type,
        patients=incident.patients,
        facts={key: fact.value for key, fact in incident.facts.items() if fact.value is not None},
    )


def assess_now(incident: Incident, question: Question, policy: Policy) -> Assessed | None:
    """What the editions of the case say of a question from the facts as they are known now; None: they do not ask it."""
    return _assessed(known_of(incident), question, policy, incident.editions)


def assess_again(assessed: Assessed, question: Question, policy: Policy) -> Assessed | None:
    """The same assessment from its own record alone: equal to it, as long as this build carries its editions.

    Raises:
        EditionUnknownError: it does not carry one of them.
    """
    return _assessed(known_then(assessed), question, policy, assessed.editions)


def _assessed(known: Known, question: Question, policy: Policy, editions: Sequence[Code]) -> Assessed | None:
    answer = assess_question(policy, editions, known, question)
    if answer is None:
        return None
    asked = facts_asked(policy, editions, question)
    facts = [KnownFact(name, patient, value) for (name, patient), value in known.facts.items() if name in asked]
    return Assessed(
        outcome=answer.outcome,
        criteria=answer.met,
        missing=tuple(dict.fromkeys(name for name, _ in answer.missing)),
        editions=editions_asked(policy, editions, question),
        day=known.day,
        regime=known.regime,
        record_type=known.record_type,
        provider_type=known.provider_type,
        patients=None if known.patients is None else tuple(sorted(known.patients)),
        facts=tuple(sorted(facts, key=lambda fact: (fact.name, fact.patient or 0))),
    )


def known_then(assessed: Assessed) -> Known:
    """What an assessment was made from, out of its own record."""
    return Known(
        day=assessed.day,
        regime=assessed.regime,
        record_type=assessed.record_type,
        provider_type=assessed.provider_type,
        patients=None if assessed.patients is None else frozenset(assessed.patients),
        facts={(fact.name, fact.patient): fact.value for fact in assessed.facts},
    )
