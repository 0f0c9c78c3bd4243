"""Reading the rules of an edition: each with one force, one source, and a limit that its source has."""

from collections.abc import Mapping
from typing import Final

from domain.kernel.words import Code
from domain.policy.conditions import UnknownConditionError, fact_condition
from domain.policy.edition import Family, Force, Keeping, Limit, Rule, Unit
from domain.policy.parsing.fields import Table
from domain.policy.parsing.lines import Lines

_LENGTH_MAX: Final = 1000


def parse_rules(name: str, tables: list[Mapping[str, object]], *, lines: Lines, family: Family) -> tuple[Rule, ...]:
    """The rules, in the order of the file.

    Raises:
        EditionMalformedError: with the line, the rule and the reason.
    """
    rules: list[Rule] = []
    for number, values in enumerate(tables):
        line, fields = lines.of("rule", number)
        table = Table(name, values, lines=fields, line=line)
        rule = _parse_rule(table)
        if any(rule.id == earlier.id for earlier in rules):
            raise table.refusal("id", "two rules have this id")
        _check_rule(rule, table, family=family)
        table.finish()
        rules.append(rule)
    return tuple(rules)


def parse_limit(table: Table) -> Limit:
    """A unit, with its number where it has one."""
    unit = table.choice("unit", Unit)
    return Limit(unit, _parse_length(table, unit))


def parse_conditions(table: Table, field: str, *, required: bool = False) -> tuple[Code, ...]:
    """A list of words that `domain/policy/conditions.py` knows."""
    words = table.codes(field, required=required)
    for word in words:
        try:
            fact_condition(word)
        except UnknownConditionError as error:
            raise table.refusal(field, str(error)) from None
    return words


def _parse_rule(table: Table) -> Rule:
    rule_id = table.code("id")
    table.is_rule(rule_id)
    opens_clock = table.flag("opens_clock", default=True)
    limit = parse_limit(table) if opens_clock else Limit(Unit.WITHOUT_NUMBER, None)
    return Rule(
        id=rule_id,
        title=table.label("title"),
        applies_when=parse_conditions(table, "applies_when", required=True),
        unless=parse_conditions(table, "unless"),
        started_by=table.codes("started_by", required=True) if opens_clock else (),
        met_by=table.codes("met_by", required=True) if opens_clock else (),
        set_aside_by=table.codes("set_aside_by") if opens_clock else (),
        revived_by=table.codes("revived_by") if opens_clock else (),
        length=limit.length,
        unit=limit.unit,
        options=_parse_options(table) if opens_clock else (),
        actor=table.code("actor"),
        recipients=table.codes("recipients"),
        owed_to_each_person=table.flag("owed_to_each_person", default=False),
        owed_for_each_response=table.flag("owed_for_each_response", default=False),
        pausable=table.flag("pausable", default=False),
        extendable=table.flag("extendable", default=False),
        force=table.choice("force", Force),
        source=table.label("source"),
        verified=table.flag("verified"),
        opens_clock=opens_clock,
        switched_off=table.flag("switched_off", default=False),
        carries=table.codes("carries"),
        note=table.label("note") if table.has("note") else None,
        consequence=table.label("consequence") if table.has("consequence") else None,
        keeping=None if opens_clock else _parse_keeping(table),
    )


def _parse_length(table: Table, unit: Unit) -> int | None:
    if unit is not Unit.WITHOUT_NUMBER:
        return table.number("length", most=_LENGTH_MAX)
    if table.has("length"):
        raise table.refusal("length", "unit ASAP has no number in its source, and none may be given to it")
    return None


def _parse_options(table: Table) -> tuple[Limit, ...]:
    """Each written as its number and its unit: `"72 H"`."""
    return tuple(_written_limit(table, "options", written) for written in table.labels("options"))


def _parse_keeping(table: Table) -> Keeping | None:
    """As what a record is kept, and how long, written as an option is."""
    if not table.has("kept_for"):
        return None
    return Keeping(table.code("kept_as"), _written_limit(table, "kept_for", table.label("kept_for")))


def _written_limit(table: Table, field: str, written: str) -> Limit:
    number, _, unit = written.partition(" ")
    if not (number.isascii() and number.isdigit() and 1 <= int(number[:5]) <= _LENGTH_MAX):
        raise table.refusal(field, f"an option is a number from 1 to {_LENGTH_MAX} and a unit, as in 72 H")
    if unit not in {each.value for each in Unit if each is not Unit.WITHOUT_NUMBER}:
        raise table.refusal(field, f"unknown unit {unit!r}")
    return Limit(Unit(unit), int(number))


def _check_rule(rule: Rule, table: Table, *, family: Family) -> None:
    if family.is_overlay and rule.force is not Force.LOCAL:
        raise table.refusal("force", "a local plan's rules are local, whatever they repeat")
    if family in (Family.CANDOUR, Family.CONTRACT) and (rule.pausable or rule.extendable):
        raise table.refusal("pausable", "a duty of candour is never paused or extended")
    if rule.force is Force.LOCAL and not family.is_overlay and rule.length is not None and not rule.switched_off:
        raise table.refusal("length", "a local time limit belongs in a local plan, not in a national edition")
    if rule.owed_to_each_person and rule.owed_for_each_response:
        raise table.refusal("owed_for_each_response", "a duty is owed to each person or for each response, not both")
    if rule.revived_by and not rule.set_aside_by:
        raise table.refusal("revived_by", "nothing sets this rule aside, so nothing can revive it")
    if rule.options and rule.length is None:
        raise table.refusal("options", "a rule without a number has no other number to choose")
    if Limit(rule.unit, rule.length) in rule.options:
        raise table.refusal("options", "an option differs from the limit itself")
