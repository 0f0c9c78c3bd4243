"""Each rule and each criterion of an edition in one plain sentence, with its force and its source."""

from collections.abc import Iterable, Sequence
from typing import Final

from domain.kernel.words import Code
from domain.policy.edition import Choice, Criterion, Force, Limit, Rule
from domain.policy.explaining.phrases import (
    QUESTIONS,
    condition_phrase,
    event_phrase,
    force_phrase,
    limit_phrase,
    recipient_phrase,
    response_phrase,
)

_OBVIOUS: Final = Code("record:incident")
"""A condition that nearly every rule has: it is in the tables, and would drown the sentence."""

_REGIME: Final = "regime:"


def rule_sentence(rule: Rule) -> str:
    """What a rule asks for: who is to do what, whom it tells, by when, counted from what, and with which force."""
    return f"{rule_demand(rule)}. {_standing(rule)}"


def rule_demand(rule: Rule) -> str:
    """The same without its force and source."""
    told = f" (told: {_listed(map(recipient_phrase, rule.recipients), 'and')})" if rule.recipients else ""
    conditions = _conditions(rule.applies_when, rule.unless)
    if not rule.opens_clock:
        return f"{rule.title}{told}{conditions}"
    started = _listed(map(event_phrase, rule.started_by), "or")
    limit = limit_phrase(Limit(rule.unit, rule.length))
    done = f"{_capital(recipient_phrase(rule.actor))} is to {_uncapital(rule.title)}{told}"
    return f"{done}, {limit}, counted from when {started}{conditions}"


def _standing(rule: Rule) -> str:
    said = [f"Force: {force_phrase(rule.force, verified=rule.verified)}", f"source: {rule.source}"]
    if rule.switched_off and rule.force is Force.LOCAL:
        said.append("switched off: it is local, and asked only where a plan of the provider's own does")
    elif rule.switched_off:
        said.append("switched off: too little is known of it to ask it of anybody")
    if rule.options:
        said.append(f"local option: {_listed(map(limit_phrase, rule.options), 'or')}")
    if rule.opens_clock and (rule.pausable or rule.extendable):
        allowed = [word for word, may in (("paused", rule.pausable), ("extended", rule.extendable)) if may]
        said.append(f"its clock may be {_listed(allowed, 'or')}")
    return f"{'; '.join(said)}."


def criterion_sentence(criterion: Criterion) -> str:
    """When a question is answered "met" by a criterion, with its days, its force and its source."""
    conditions = _conditions(criterion.when, criterion.unless)
    conditions = conditions.removeprefix(",") if conditions.startswith(", where") else conditions
    said = f"{criterion.title}: the incident is {QUESTIONS[criterion.question]}{conditions}"
    if criterion.from_on or criterion.until_on:
        said += f" (incidents{_days(criterion)})"
    standing = f"Force: {force_phrase(criterion.force, verified=criterion.verified)}; source: {criterion.source}"
    if criterion.suspended_from is not None:
        standing += f"; suspended since {criterion.suspended_from}: it is listed, and met by nothing"
    if criterion.response is not None:
        standing += f"; proposed: {response_phrase(criterion.response)}"
    return f"{said}. {standing}."


def choice_sentence(choice: Choice) -> str:
    """Which local option an overlay chooses."""
    return f"Of the options of {choice.rule}, this one is chosen: {limit_phrase(choice.limit)}. Force: local."


def _days(criterion: Criterion) -> str:
    since = f" from {criterion.from_on}" if criterion.from_on else ""
    return since + (f" until {criterion.until_on}" if criterion.until_on else "")


def _conditions(applies_when: Sequence[Code], unless: Sequence[Code]) -> str:
    regimes = [word for word in applies_when if word.startswith(_REGIME)]
    telling = [word for word in applies_when if word != _OBVIOUS and word not in regimes]
    said = f", {_listed(map(condition_phrase, regimes), 'and')}" if regimes else ""
    if telling:
        said += f", where {_listed(map(condition_phrase, telling), 'and')}"
    return said + (f", unless {_listed(map(condition_phrase, unless), 'or')}" if unless else "")


def _listed(parts: Iterable[str], joint: str) -> str:
    *before, last = dict.fromkeys(parts)
    return f"{', '.join(before)} {joint} {last}" if before else last


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _uncapital(words: str) -> str:
    """The first letter small, unless the word is a name or an abbreviation."""
    first, _, _ = words.partition(" ")
    return words if not first[1:].islower() and len(first) > 1 else words[:1].lower() + words[1:]
