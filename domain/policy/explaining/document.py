"""A whole edition for people: as a plain structure for machines, and as Markdown."""

from collections.abc import Mapping
from typing import Any, Final

from domain.policy.edition import Criterion, Edition, Family, Limit, Rule, Term, standing
from domain.policy.explaining.sentences import choice_sentence, criterion_sentence, rule_sentence
from domain.policy.library import Policy

_RULE_FIELDS: Final = ("id", "title", "unit", "length", "actor", "source", "verified", "pausable", "extendable")


def edition_summary(edition: Edition, policy: Policy) -> dict[str, Any]:
    """What an edition is, without its rules: the same names in the list of editions and at the head of one."""
    return {
        "name": edition.name,
        "reference": edition.reference,
        "title": edition.title,
        "family": edition.family.value,
        "in_force_from": edition.in_force_from.isoformat(),
        "in_force_until": None if edition.in_force_until is None else edition.in_force_until.isoformat(),
        "organisation": edition.organisation,
        "digest": edition.digest,
        "replaces": edition.replaces,
        "replaced": policy.is_replaced(edition),
        "note": edition.note,
        "rules": len(edition.rules),
        "criteria": len(edition.criteria) + len(edition.priorities),
        "terms": len(edition.terms),
    }


def edition_document(edition: Edition, policy: Policy) -> dict[str, Any]:
    """The whole edition: every rule, criterion, priority, term and choice, each with its sentence."""
    return {
        **edition_summary(edition, policy),
        "rules": [_rule(rule) for rule in edition.rules],
        "criteria": [_criterion(criterion) for criterion in edition.criteria],
        "priorities": [
            {"code": each.code, "title": each.title, "response": each.response} for each in edition.priorities
        ],
        "terms": [_term(term) for term in edition.terms],
        "choices": [
            {"rule": each.rule, **_limit(each.limit), "sentence": choice_sentence(each)} for each in edition.choices
        ],
    }


def edition_markdown(edition: Edition, policy: Policy) -> str:
    """The whole edition as Markdown: one plain sentence a rule, with its force and source."""
    until = f" to {edition.in_force_until}" if edition.in_force_until else ""
    lines = [
        f"# {edition.title}",
        "",
        f"`{edition.reference}` · {edition.family.value.replace('-', ' ')} · in force from {edition.in_force_from}{until}"
        + (f" · adopted by {edition.organisation}" if edition.family is Family.LOCAL_PLAN else "")
        + (f" · of {edition.organisation}" if edition.family is Family.COMMISSIONER_LIMITS else ""),
    ]
    if edition.replaces:
        lines += ["", f"Replaces `{edition.replaces}`; cases that began under that text keep it."]
    if policy.is_replaced(edition):
        lines += ["", "Another edition has replaced this text. Cases that began under it keep it."]
    if edition.note:
        lines += ["", edition.note]
    lines += _section(
        "Rules", [_entry(rule.id, rule_sentence(rule), rule.note, rule.consequence) for rule in edition.rules]
    )
    lines += _section(
        "Criteria", [_entry(each.id, criterion_sentence(each), each.note, None) for each in edition.criteria]
    )
    lines += _section(
        "Priorities",
        [
            f"- **{each.code}** {each.title}. Planned response: {each.response.replace('_', ' ')}."
            for each in edition.priorities
        ],
    )
    lines += _section("Local options chosen", [f"- {choice_sentence(each)}" for each in edition.choices])
    lines += _section("Terms", [_term_line(term) for term in edition.terms])
    return "\n".join(lines) + "\n"


def _section(heading: str, entries: list[str]) -> list[str]:
    return ["", f"## {heading}", "", *entries] if entries else []


def _entry(name: str, sentence: str, note: str | None, consequence: str | None) -> str:
    noted = f" Note: {note}" if note else ""
    missed = f" If missed: {consequence}" if consequence else ""
    return f"- **{name}** {sentence}{noted}{missed}"


def _term_line(term: Term) -> str:
    also = f" (also: {', '.join(term.also_called)})" if term.also_called else ""
    checked = "" if term.verified else "; text not yet checked"
    return f"- **{term.title}**{also}: {term.words} Source: {term.source}{checked}."


def _limit(limit: Limit) -> dict[str, Any]:
    return {"unit": limit.unit.value, "length": limit.length}


def _rule(rule: Rule) -> dict[str, Any]:
    told = {name: getattr(rule, name) for name in _RULE_FIELDS}
    lists: Mapping[str, tuple[str, ...]] = {
        name: getattr(rule, name)
        for name in ("applies_when", "unless", "started_by", "met_by", "set_aside_by", "revived_by", "recipients")
    }
    return {
        **told,
        **{name: list(words) for name, words in lists.items()},
        "options": [_limit(option) for option in rule.options],
        "owed_to_each_person": rule.owed_to_each_person,
        "owed_for_each_response": rule.owed_for_each_response,
        "force": rule.force.value,
        "standing": standing(rule.force, verified=rule.verified),
        "opens_clock": rule.opens_clock,
        "switched_off": rule.switched_off,
        "carries": list(rule.carries),
        "note": rule.note,
        "consequence": rule.consequence,
        "sentence": rule_sentence(rule),
    }


def _criterion(criterion: Criterion) -> dict[str, Any]:
    return {
        "id": criterion.id,
        "question": criterion.question.value,
        "title": criterion.title,
        "when": list(criterion.when),
        "unless": list(criterion.unless),
        "response": criterion.response,
        "from_on": criterion.from_on and criterion.from_on.isoformat(),
        "until_on": criterion.until_on and criterion.until_on.isoformat(),
        "suspended_from": criterion.suspended_from and criterion.suspended_from.isoformat(),
        "force": criterion.force.value,
        "standing": standing(criterion.force, verified=criterion.verified),
        "verified": criterion.verified,
        "source": criterion.source,
        "note": criterion.note,
        "sentence": criterion_sentence(criterion),
    }


def _term(term: Term) -> dict[str, Any]:
    return {
        "id": term.id,
        "title": term.title,
        "words": term.words,
        "also_called": list(term.also_called),
        "source": term.source,
        "verified": term.verified,
    }
