"""Add typed facts as they become known; a decision that rests on one that changed must be made again."""

from dataclasses import dataclass, replace
from typing import ClassVar

from domain.incident.deciding_facts import deciding_facts
from domain.incident.duties import NOTHING_TOLD, Told, bring_up_to_date, keys_in_force, set_lapsed_aside
from domain.incident.events import FactsAdded, RedecisionPrompted, ThresholdAssessed
from domain.incident.facts import check_judge, check_patient, check_value
from domain.incident.known import assess_now, known_of
from domain.incident.standing import check_stands
from domain.incident.state import Incident
from domain.incident.words import AddedFact, SetAside
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.harm import Harm, HarmKind, HarmLevel, level_of
from domain.kernel.refusal import Refusal
from domain.policy.assessing.asking import facts_asked
from domain.policy.assessing.knowing import POINTS_TO
from domain.policy.clocks import local_day
from domain.policy.conditions import NOTHING
from domain.policy.facts import FACT_TYPES, FactKey, FactName, FactValue
from domain.policy.library import Policy
from domain.policy.questions import Outcome, Question


@dataclass(frozen=True, kw_only=True, slots=True)
class AddFacts:
    """What is known now; a value of None takes a fact back."""

    facts: tuple[AddedFact, ...]


class FactsMissing(Refusal):
    """At least one fact has to be given."""

    code: ClassVar[str] = "incident.facts-missing"


class FactGivenTwice(Refusal):
    """The same fact was given twice in one command."""

    code: ClassVar[str] = "incident.fact-given-twice"


class FactContradictory(Refusal):
    """Psychological harm is not graded for a patient whose physical harm is fatal."""

    code: ClassVar[str] = "incident.fact-contradictory"


class JudgedInFuture(Refusal):
    """A fact cannot have been judged in the future."""

    code: ClassVar[str] = "incident.judged-in-future"


def add_facts(
    incident: Incident, command: AddFacts, stamp: Stamp, *, policy: Policy, told: Told = NOTHING_TOLD
) -> None:
    """Record the facts that differ from what is known, and whatever follows from them, on an open or closed case.

    Raises:
        CaseEnteredInError: the case takes nothing more.
        FactsMissing, FactGivenTwice: nothing, or the same twice.
        FactPatientInvalid, FactValueInvalid, JudgeMissing, JudgedInFuture: a fact that does not fit its type.
        FactContradictory: psychological harm of a patient who died of the incident.
    """
    check_stands(incident)
    _check(incident, command, stamp)
    new = tuple(fact for fact in command.facts if _differs(incident, fact))
    if not new:
        return
    changed = {fact.name for fact in new if _says_something_new(incident, fact)}
    supported = keys_in_force(incident, policy)
    record(incident, FactsAdded(**after(incident, stamp), facts=new))
    _prompt(incident, stamp, policy, changed=changed)
    _assess(incident, stamp, policy, changed=changed)
    set_lapsed_aside(incident, stamp, policy, supported=supported, because=SetAside.FACTS_CHANGED)
    bring_up_to_date(incident, stamp, policy, told)


def _check(incident: Incident, command: AddFacts, stamp: Stamp) -> None:
    if not command.facts:
        raise FactsMissing(pointers=("/facts",))
    occurred_on = local_day(incident.occurred.latest if incident.occurred else incident.discovered_at)
    given: dict[FactKey, AddedFact] = {}
    for index, fact in enumerate(command.facts):
        pointer = f"/facts/{index}"
        if (fact.name, fact.patient) in given:
            raise FactGivenTwice(pointers=(pointer,))
        given[fact.name, fact.patient] = fact
        check_patient(fact, pointer, incident.patients)
        check_value(fact, pointer, provider_type=incident.provider_type, occurred_on=occurred_on)
        check_judge(fact, pointer)
        if fact.judge is not None and fact.judge.judged_at > stamp.now:
            raise JudgedInFuture(pointers=(f"{pointer}/judged_by/judged_at",))
    for index, fact in enumerate(command.facts):
        _check_harms(incident, fact, f"/facts/{index}", given=given)


def _check_harms(incident: Incident, fact: AddedFact, pointer: str, *, given: dict[FactKey, AddedFact]) -> None:
    if fact.name is not FactName.PSYCHOLOGICAL_HARM or not isinstance(fact.value, Harm):
        return
    key = (FactName.PHYSICAL_HARM, fact.patient)
    physical = given.get(key) or incident.facts.get(key)
    if physical is None or not isinstance(physical.value, Harm):
        return
    is_fatal = level_of(physical.value, HarmKind.PHYSICAL) is HarmLevel.FATAL
    if is_fatal and level_of(fact.value, HarmKind.PSYCHOLOGICAL) is not HarmLevel.NONE:
        raise FactContradictory(pointers=(f"{pointer}/value",))


def _value(incident: Incident, fact: AddedFact) -> FactValue | None:
    known = incident.fact(fact.name, fact.patient)
    return known.value if known else None


def _differs(incident: Incident, fact: AddedFact) -> bool:
    """Whether the fact says something new: another value, or the same value by somebody else's judgement."""
    if _value(incident, fact) != fact.value:
        return True
    known = incident.fact(fact.name, fact.patient)
    return _judgement(fact) is not None and _judgement(fact) != (_judgement(known) if known else None)


def _judgement(fact: AddedFact) -> tuple[object, ...] | None:
    judge = fact.judge
    return None if judge is None else (judge.name.words, judge.profession, judge.judged_at)


def _says_something_new(incident: Incident, fact: AddedFact) -> bool:
    return _meaning(incident, fact, _value(incident, fact)) != _meaning(incident, fact, fact.value)


def _meaning(incident: Incident, fact: AddedFact, value: FactValue | None) -> FactValue | None:
    """What a value says: nothing said of what is presumed not to be so is the same as saying that it is not so."""
    if FACT_TYPES[fact.name].presumed:
        return None if value in (False, NOTHING) else value
    if value is None and fact.name in POINTS_TO:
        known = known_of(incident)
        others = {key: other for key, other in known.facts.items() if key != (fact.name, fact.patient)}
        return replace(known, facts=others).value(fact.name, fact.patient).value
    return value


def _prompt(incident: Incident, stamp: Stamp, policy: Policy, *, changed: set[FactName]) -> None:
    """Ask for a new decision wherever the current one rests on what changed, once for each fact.

    It rests on what it says, and on the facts that decide its question whether it says so or not.
    """
    for question, decision in incident.decisions.items():
        prompt = incident.prompts.get(question)
        asked = prompt.facts if prompt else frozenset()
        deciding = deciding_facts(incident, question, policy).union(decision.rests_on)
        facts = tuple(sorted((changed & deciding) - asked))
        if facts:
            prompted = RedecisionPrompted(
                **after(incident, stamp), question=question, decision=decision.decision, facts=facts
            )
            record(incident, prompted)


def _assess(incident: Incident, stamp: Stamp, policy: Policy, *, changed: set[FactName]) -> None:
    """Say it where the rules now say "met" to a question that nobody has decided, or say so no longer."""
    for question in Question:
        if question in incident.decisions or changed.isdisjoint(facts_asked(policy, incident.editions, question)):
            continue
        assessed, before = assess_now(incident, question, policy), incident.assessments.get(question)
        if assessed is None or (assessed.outcome is not Outcome.MET and before is None):
            continue
        if before is None or (before.outcome, before.criteria) != (assessed.outcome, assessed.criteria):
            record(incident, ThresholdAssessed(**after(incident, stamp), question=question, assessed=assessed))
