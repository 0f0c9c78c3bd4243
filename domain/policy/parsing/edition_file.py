"""Reading an edition file as a whole, and refusing it with line and reason where it is malformed."""

import re
import tomllib
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from domain.kernel.words import Code, Digest, OdsCode
from domain.policy.edition import Choice, Edition, Family, Priority, Term
from domain.policy.parsing.criteria import parse_criteria
from domain.policy.parsing.fields import EditionMalformedError, Table
from domain.policy.parsing.lines import Lines, find_lines
from domain.policy.parsing.rules import parse_limit, parse_rules

_LINE_SAID: Final = re.compile(r"at line (\d+)")


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
        rules=parse_rules(name, table.tables("rule"), lines=lines, family=family),
        priorities=_parse_priorities(name, table.tables("priority"), lines=lines),
        replaces=table.code("replaces") if table.has("replaces") else None,
        note=table.label("note") if table.has("note") else None,
        criteria=parse_criteria(name, table.tables("criterion"), lines=lines, family=family),
        terms=_parse_terms(name, table.tables("term"), lines=lines),
        choices=_parse_choices(name, table.tables("choice"), lines=lines),
        line_in_force=lines.top.get("in_force_from", 1),
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
    is_local = edition.family.is_overlay
    if is_local != (edition.organisation is not None):
        whose = "a local plan names the organisation that owns it, and only a local plan or a commissioner's limits do"
        raise table.refusal("organisation", whose)
    if edition.priorities and edition.family is not Family.LOCAL_PLAN:
        raise table.refusal("priority", "only a local plan has priorities")
    if edition.choices and not is_local:
        raise table.refusal("choice", "only a local overlay chooses among the options of a national rule")
    if edition.replaces == edition.name:
        raise table.refusal("replaces", "an edition cannot replace itself")
    if not edition.rules and not edition.choices:
        raise table.refusal("rule", "the edition has no rule")


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


def _parse_terms(name: str, tables: list[Mapping[str, object]], *, lines: Lines) -> tuple[Term, ...]:
    terms: list[Term] = []
    for number, values in enumerate(tables):
        line, fields = lines.of("term", number)
        table = Table(name, values, lines=fields, line=line)
        term = Term(
            id=table.code("id"),
            title=table.label("title"),
            words=table.label("words"),
            also_called=table.labels("also_called"),
            source=table.label("source"),
            verified=table.flag("verified"),
        )
        if any(term.id == earlier.id for earlier in terms):
            raise table.refusal("id", f"two terms are called {term.id}")
        table.finish()
        terms.append(term)
    return tuple(terms)


def _parse_choices(name: str, tables: list[Mapping[str, object]], *, lines: Lines) -> tuple[Choice, ...]:
    choices: list[Choice] = []
    for number, values in enumerate(tables):
        line, fields = lines.of("choice", number)
        table = Table(name, values, lines=fields, line=line)
        choice = Choice(rule=table.code("rule"), limit=parse_limit(table), line=line)
        if any(choice.rule == earlier.rule for earlier in choices):
            raise table.refusal("rule", f"two choices are made for {choice.rule}")
        table.finish()
        choices.append(choice)
    return tuple(choices)
