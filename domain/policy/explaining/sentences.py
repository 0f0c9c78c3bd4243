"""Each rule and each criterion of an edition in one plain sentence, with its force and its source."""

from collections.abc import Iterable, Sequence
from typing import Final

from domain.kernel.words import Code
from domain.policy.edition import Choice, Criterion, Limit, Rule
from domain.policy.explaining.phrases import (
    QUESTIONS,
    condition_phrase,
    event_phrase,
    force_phrase,
    limit_phrase,
    recipient_phrase,
)

_OBVIOUS: Final = ("record:incident", "regime:")
"""Conditions that every rule of a case has: they are in the tables, and would drown the sentence."""


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
    if rule.switched_off:
        said.append("switched off: too little is known of it to ask it of anybody")
    if rule.options:
        said.append(f"local option: {_listed(map(limit_phrase, rule.options), 'or')}")
    if rule.opens_clock and (rule.pausable or rule.extendable):
        allowed = [word for word, may in (("paused", rule.pausable), ("extended", rule.extendable)) if may]
        said.append(f"its clock may be {_listed(allowed, 'or')}")
    return f"{'; '.join(said)}."


def criterion_sentence(criterion: Criterion) -> str:
    """When a question is answered "met" by a criterion, with its days, its force and its source."""
    conditions = _listed(map(condition_phrase, _telling(criterion.when)), "and")
    said = f"{criterion.title}: the incident is {QUESTIONS[criterion.question]} where {conditions}"
    if criterion.unless:
        said += f", unless {_listed(map(condition_phrase, criterion.unless), 'or')}"
    if criterion.from_on or criterion.until_on:
        said += f" (incidents{_days(criterion)})"
    standing = f"Force: {force_phrase(criterion.force, verified=criterion.verified)}; source: {criterion.source}"
    if criterion.suspended_from is not None:
        standing += f"; suspended since {criterion.suspended_from}: it is listed, and met by nothing"
    if criterion.response is not None:
        standing += f"; proposed: {criterion.response.replace('_', ' ')}"
    return f"{said}. {standing}."


def choice_sentence(choice: Choice) -> str:
    """Which local option an overlay chooses."""
    return f"Of the options of {choice.rule}, this one is chosen: {limit_phrase(choice.limit)}. Force: local."


def _days(criterion: Criterion) -> str:
    since = f" from {criterion.from_on}" if criterion.from_on else ""
    return since + (f" until {criterion.until_on}" if criterion.until_on else "")


def _conditions(applies_when: Sequence[Code], unless: Sequence[Code]) -> str:
    telling = _telling(applies_when)
    said = f", where {_listed(map(condition_phrase, telling), 'and')}" if telling else ""
    return said + (f", unless {_listed(map(condition_phrase, unless), 'or')}" if unless else "")


def _telling(words: Sequence[Code]) -> list[Code]:
    telling = [word for word in words if not word.startswith(_OBVIOUS)]
    return telling or list(words) if len(words) == 1 else telling


def _listed(parts: Iterable[str], joint: str) -> str:
    *before, last = dict.fromkeys(parts)
    return f"{', '.join(before)} {joint} {last}" if before else last


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _uncapital(words: str) -> str:
    """The first letter small, unless the word is a name or an abbreviation."""
    first, _, _ = words.partition(" ")
    return words if not first[1:].islower() and len(first) > 1 else words[:1].lower() + words[1:]
