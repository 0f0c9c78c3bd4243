"""Why other editions ask for a duty and these do not, or ask for it otherwise: sentences that anybody can read."""

from collections.abc import Iterator, Sequence
from typing import Final

from domain.incident.what_if.past import Line, Past
from domain.kernel.words import Code
from domain.policy.conditions import AT_LEAST, question_condition
from domain.policy.duties import Circumstances, DutyTerms
from domain.policy.edition import Edition, Rule, Unit
from domain.policy.library import Policy
from domain.policy.questions import Outcome

_UNITS: Final = {
    Unit.WORKING_DAYS: "working days",
    Unit.CALENDAR_DAYS: "calendar days",
    Unit.HOURS: "hours",
    Unit.MONTHS: "months",
}


def why_not(line: Line, past: Past, policy: Policy) -> tuple[str, ...]:
    """Why the editions of `past` do not ask for a duty that others ask for, by what is known in the end."""
    editions = [policy.edition(reference) for reference in past.editions]
    rules = [(edition, rule) for edition in editions for rule in edition.rules if rule.id == line.terms.rule]
    if rules:
        return tuple(dict.fromkeys(said for edition, rule in rules for said in _not_asked(edition, rule, past)))
    family = policy.edition(line.terms.edition).family
    governing = [edition.name for edition in editions if edition.family is family]
    if not governing:
        return (f"No edition of the family {family} governs the case.",)
    return (f"{line.terms.rule} is no rule of {governing[0]}.",)


def _not_asked(edition: Edition, rule: Rule, past: Past) -> Iterator[str]:
    if rule.switched_off:
        yield f"{edition.name} shows {rule.id} switched off: it opens nothing."
        return
    if not rule.opens_clock:
        yield f"In {edition.name}, {rule.id} says how things go and opens no clock."
        return
    lacking, excepted = _unmet(rule, past.ground.words)
    for word in lacking:
        yield f"In {edition.name}, {rule.id} asks that {plain(word)}, which does not hold."
    for word in excepted:
        yield f"In {edition.name}, {rule.id} makes an exception where {plain(word)}, which holds."
    if lacking or excepted:
        return
    if {start.code for start in past.ground.starts}.isdisjoint(rule.started_by):
        yield f"In {edition.name}, nothing has started the clock of {rule.id} ({', '.join(rule.started_by)})."
    elif rule.owed_to_each_person:
        yield f"In {edition.name}, {rule.id} is owed to each person."
    elif rule.owed_for_each_response:
        yield f"In {edition.name}, {rule.id} is owed for each learning response."
    else:
        yield f"In {edition.name}, {rule.id} is owed once."


def _unmet(rule: Rule, circumstances: Circumstances) -> tuple[list[Code], list[Code]]:
    """The words that are lacking, and the exceptions that hold, for the patient for whom there are fewest."""

    def unmet(words: frozenset[Code]) -> tuple[list[Code], list[Code]]:
        return [word for word in rule.applies_when if word not in words], [
            word for word in rule.unless if word in words
        ]

    found = [unmet(words) for words in circumstances]
    return min(found, key=lambda each: len(each[0]) + len(each[1]), default=([], []))


def why_assessed(line: Line, past: Past, policy: Policy) -> Iterator[str]:
    """Which answers that nobody gave the duty rests on."""
    edition = policy.edition(line.terms.edition)
    rested_on = [questions_assessed(rule, past) for rule in edition.rules if rule.id == line.terms.rule]
    for question in dict.fromkeys(question for questions in rested_on for question in questions):
        yield f"Nobody was asked whether {question} is met; from the facts, {edition.name} says that it is."


def questions_assessed(rule: Rule, past: Past) -> tuple[str, ...]:
    """The questions on which a rule rests and that only the assessment answers (met), in plain words."""
    asked = [question_condition(word) for word in rule.applies_when]
    started = [word.rpartition(":")[2] for word in rule.started_by]
    found = [
        question
        for question, outcome in past.ground.assessed.items()
        if outcome is Outcome.MET
        if question in started or any(each is not None and each[0] is question for each in asked)
    ]
    return tuple(question.replace("_", " ") for question in found)


def why_changed(own: Line, other: Line) -> Iterator[str]:
    """In what the same duty differs between two lists of editions."""
    ours, theirs = own.terms, other.terms
    if (ours.length, ours.unit) != (theirs.length, theirs.unit):
        yield f"The limit is {limit(theirs)} instead of {limit(ours)}."
    if ours.force is not theirs.force:
        yield f"The force is {theirs.force} instead of {ours.force}."
    if ours.started_by != theirs.started_by:
        yield f"The clock starts with {theirs.started_by} instead of {ours.started_by}."
    elif ours.started_at != theirs.started_at:
        yield "The clock starts at another moment."
    if (own.lapsed_at is None) != (other.lapsed_at is None):
        yield "It is still owed." if other.lapsed_at is None else "It was owed for a time, and lapsed."
    for what, one, another in (
        ("It is met by", ours.met_by, theirs.met_by),
        ("It is set aside by", ours.set_aside_by, theirs.set_aside_by),
        ("It is owed again after", ours.revived_by, theirs.revived_by),
        ("It is owed by", (ours.actor,), (theirs.actor,)),
        ("It is owed to", ours.recipients, theirs.recipients),
    ):
        if set(one) != set(another):
            yield f"{what} {_list(another)} instead of {_list(one)}."


def limit(terms: DutyTerms) -> str:
    """A time limit in words."""
    if terms.length is None or terms.unit is Unit.WITHOUT_NUMBER:
        return "without a number"
    return f"{terms.length} {_UNITS[terms.unit]}"


def plain(word: Code) -> str:
    """A condition as people say it."""
    asked = question_condition(word)
    if asked is not None:
        return f"{asked[0].replace('_', ' ')} is {asked[1].replace('_', ' ')}"
    head, at_least, level = word.partition(AT_LEAST)
    if at_least:
        return f"{head.replace('_', ' ')} is at least {level}"
    name, separator, value = word.partition(":")
    return f"{name.replace('_', ' ')} is {value.replace('_', ' ')}" if separator else name.replace("_", " ")


def _list(words: Sequence[Code]) -> str:
    return ", ".join(words) or "nobody"
