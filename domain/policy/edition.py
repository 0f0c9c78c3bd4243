"""Policy editions: dated, frozen rules, each with one force and one source, read from TOML and refused if malformed."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Final

from domain.kernel.words import Code, Digest, Label, OdsCode
from domain.policy.fields import EditionMalformedError, Table
from domain.policy.lines import Lines, find_lines

_LINE_SAID: Final = re.compile(r"at line (\d+)")
_LENGTH_MAX: Final = 1000
_DIGEST_CHARACTERS: Final = 12


class Force(StrEnum):
    """What makes a rule binding. Whether its text was checked is another matter (`Rule.verified`)."""

    LAW = "law"
    STATUTORY_GUIDANCE = "statutory-guidance"
    CONTRACT = "contract"
    NATIONAL = "national"
    SCHEME = "scheme"
    GOOD_PRACTICE = "good-practice"
    LOCAL = "local"


class Unit(StrEnum):
    """What a time limit is counted in; `WITHOUT_NUMBER` is "without delay", which no number may stand in for."""

    WORKING_DAYS = "WD"
    CALENDAR_DAYS = "CD"
    HOURS = "H"
    MONTHS = "M"
    WITHOUT_NUMBER = "ASAP"


class Family(StrEnum):
    """What an edition is for; of each family a case has at most one."""

    REGIME = "regime"
    CANDOUR = "candour"
    LOCAL_PLAN = "local-plan"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Any of `started_by` starts its clock, the earliest first; any of `met_by` meets it.

    A rule whose `opens_clock` is false says how things go: nothing starts it, so that it opens no duty.
    """

    id: Code
    title: Label
    applies_when: tuple[Code, ...]
    started_by: tuple[Code, ...]
    met_by: tuple[Code, ...]
    set_aside_by: tuple[Code, ...]
    revived_by: tuple[Code, ...]
    length: int | None
    unit: Unit
    actor: Code
    recipients: tuple[Code, ...]
    owed_to_each_person: bool
    owed_for_each_response: bool
    pausable: bool
    extendable: bool
    force: Force
    source: Label
    verified: bool
    opens_clock: bool


@dataclass(frozen=True, slots=True)
class Priority:
    """What a local plan gives priority to, and the learning response that it plans for it."""

    code: Code
    title: Label
    response: Code


@dataclass(frozen=True, slots=True)
class Edition:
    """A dated set of rules; `digest` is of the file's own bytes, so that a reference says exactly which text ruled."""

    name: Code
    title: Label
    family: Family
    in_force_from: date
    in_force_until: date | None
    organisation: OdsCode | None
    digest: Digest
    rules: tuple[Rule, ...]
    priorities: tuple[Priority, ...]

    @property
    def reference(self) -> Code:
        """How events name this edition: its name and the beginning of its digest."""
        return Code(f"{self.name}@{self.digest[:_DIGEST_CHARACTERS]}")

    def is_in_force(self, day: date) -> bool:
        """Whether the edition is in force on this day, both its first and its last day included."""
        return self.in_force_from <= day and (self.in_force_until is None or day <= self.in_force_until)


def standing(force: Force, *, verified: bool) -> Label:
    """The force of a rule in words that never claim more than was checked."""
    words = force.value.replace("-", " ")
    return Label(words if verified else f"{words}, text not yet checked")


def parse_edition(name: str, content: bytes) -> Edition:
    """The edition that a file holds.

    Raises:
        EditionMalformedError: with the line, the rule and the reason.
    """
    values = _parse(name, content)
    lines = find_lines(content.decode())
    table = Table(name, values, lines=lines.top, line=1)
    family = table.choice("family", Family)
    edition = Edition(
        name=_parse_name(name),
        title=table.label("title"),
        family=family,
        in_force_from=table.day("in_force_from"),
        in_force_until=table.day("in_force_until") if table.has("in_force_until") else None,
        organisation=OdsCode(table.code("organisation")) if table.has("organisation") else None,
        digest=Digest(sha256(content).hexdigest()),
        rules=_parse_rules(name, table.tables("rule"), lines=lines, family=family),
        priorities=_parse_priorities(name, table.tables("priority"), lines=lines),
    )
    table.finish()
    _check_edition(edition, table)
    return edition


def _parse(name: str, content: bytes) -> dict[str, object]:
    try:
        return tomllib.loads(content.decode())
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise EditionMalformedError(name, line, reason="not UTF-8") from error
    except (ValueError, RecursionError) as error:
        # A number too long or a nest too deep for the parser has no line of its own.
        at = _LINE_SAID.search(str(error))
        line = int(at[1]) if at else 1
        raise EditionMalformedError(name, line, reason=f"not TOML: {str(error)[:200]}") from error


def _parse_name(name: str) -> Code:
    if not name or not all(part.isalnum() and part.isascii() and part == part.lower() for part in name.split("-")):
        raise EditionMalformedError(name, 1, reason="an edition is named in lower-case words joined by hyphens")
    return Code(name)


def _check_edition(edition: Edition, table: Table) -> None:
    if edition.in_force_until is not None and edition.in_force_until < edition.in_force_from:
        raise table.refusal("in_force_until", "in_force_until is before in_force_from")
    is_plan = edition.family is Family.LOCAL_PLAN
    if is_plan != (edition.organisation is not None):
        raise table.refusal("organisation", "a local plan names the organisation that owns it, and only a local plan")
    if edition.priorities and not is_plan:
        raise table.refusal("priority", "only a local plan has priorities")
    if not edition.rules:
        raise table.refusal("rule", "the edition has no rule")


def _parse_rules(name: str, tables: list[Mapping[str, object]], *, lines: Lines, family: Family) -> tuple[Rule, ...]:
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


def _parse_rule(table: Table) -> Rule:
    rule_id = table.code("id")
    table.is_rule(rule_id)
    opens_clock = table.flag("opens_clock", default=True)
    unit = table.choice("unit", Unit) if opens_clock else Unit.WITHOUT_NUMBER
    return Rule(
        id=rule_id,
        title=table.label("title"),
        applies_when=table.codes("applies_when", required=True),
        started_by=table.codes("started_by", required=True) if opens_clock else (),
        met_by=table.codes("met_by", required=True) if opens_clock else (),
        set_aside_by=table.codes("set_aside_by") if opens_clock else (),
        revived_by=table.codes("revived_by") if opens_clock else (),
        length=_parse_length(table, unit) if opens_clock else None,
        unit=unit,
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
    )


def _parse_length(table: Table, unit: Unit) -> int | None:
    if unit is not Unit.WITHOUT_NUMBER:
        return table.number("length", most=_LENGTH_MAX)
    if table.has("length"):
        raise table.refusal("length", "unit ASAP has no number in its source, and none may be given to it")
    return None


def _check_rule(rule: Rule, table: Table, *, family: Family) -> None:
    if family is Family.LOCAL_PLAN and rule.force is not Force.LOCAL:
        raise table.refusal("force", "a local plan's rules are local, whatever they repeat")
    if family is Family.CANDOUR and (rule.pausable or rule.extendable):
        raise table.refusal("pausable", "a duty of candour is never paused or extended")
    if rule.force is Force.LOCAL and family is not Family.LOCAL_PLAN and rule.length is not None:
        raise table.refusal("length", "a local time limit belongs in a local plan, not in a national edition")
    if rule.owed_to_each_person and rule.owed_for_each_response:
        raise table.refusal("owed_for_each_response", "a duty is owed to each person or for each response, not both")
    if rule.revived_by and not rule.set_aside_by:
        raise table.refusal("revived_by", "nothing sets this rule aside, so nothing can revive it")


def _parse_priorities(name: str, tables: list[Mapping[str, object]], *, lines: Lines) -> tuple[Priority, ...]:
    priorities: list[Priority] = []
    for number, values in enumerate(tables):
        line, fields = lines.of("priority", number)
        table = Table(name, values, lines=fields, line=line)
        priority = Priority(code=table.code("code"), title=table.label("title"), response=table.code("response"))
        if any(priority.code == earlier.code for earlier in priorities):
            raise table.refusal("code", f"two priorities are called {priority.code}")
        table.finish()
        priorities.append(priority)
    return tuple(priorities)
