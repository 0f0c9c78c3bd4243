"""Reading one table of an edition file: each field is taken once, in its type, or refused with line and reason."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Final, TypeVar

from domain.kernel.words import Code, Label

Choice = TypeVar("Choice", bound=StrEnum)

_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,119}")
_LABEL_CHARACTERS_MAX: Final = 400


class EditionMalformedError(ValueError):
    """An edition file cannot be used: where (line, and rule if inside one) and why."""

    def __init__(self, edition: str, line: int, *, reason: str, rule: str | None = None) -> None:
        inside = f", rule {rule}" if rule else ""
        super().__init__(f"{edition}, line {line}{inside}: {reason}")
        self.edition = edition
        self.line = line
        self.rule = rule
        self.reason = reason


class Table:
    """One TOML table under reading; what nobody took by the end is unknown, and refused."""

    def __init__(self, edition: str, values: Mapping[str, object], *, lines: Mapping[str, int], line: int) -> None:
        self._edition = edition
        self._values = values
        self._lines = lines
        self._line = line
        self._taken: set[str] = set()
        self._rule: str | None = None

    def is_rule(self, rule: str) -> None:
        """From here on, refusals name the rule."""
        self._rule = rule

    def refusal(self, field: str, reason: str) -> EditionMalformedError:
        """The refusal of this table for what one of its fields says."""
        line = self._lines.get(field, self._line)
        return EditionMalformedError(self._edition, line, rule=self._rule, reason=reason)

    def has(self, field: str) -> bool:
        """Whether the file says anything under this name."""
        return field in self._values

    def code(self, field: str) -> Code:
        """A word of a published list."""
        return self._as_code(field, self._take(field))

    def codes(self, field: str, *, required: bool = False) -> tuple[Code, ...]:
        """A list of different codes; empty when absent, unless it is required."""
        value = self._take(field) if required or self.has(field) else []
        if not isinstance(value, list):
            raise self.refusal(field, f"{field} must be a list of codes")
        codes = tuple(self._as_code(field, item) for item in value)
        if required and not codes:
            raise self.refusal(field, f"{field} names nothing")
        if len(set(codes)) != len(codes):
            raise self.refusal(field, f"{field} names the same code twice")
        return codes

    def label(self, field: str) -> Label:
        """A short public text."""
        value = self._take(field)
        if not isinstance(value, str) or not value.strip() or len(value) > _LABEL_CHARACTERS_MAX:
            raise self.refusal(field, f"{field} must be a text of 1 to {_LABEL_CHARACTERS_MAX} characters")
        return Label(value)

    def labels(self, field: str) -> tuple[Label, ...]:
        """A list of different short public texts; empty when absent."""
        value = self._take(field) if self.has(field) else []
        if not isinstance(value, list):
            raise self.refusal(field, f"{field} must be a list of texts")
        for item in value:
            if not isinstance(item, str) or not item.strip() or len(item) > _LABEL_CHARACTERS_MAX:
                raise self.refusal(field, f"{field} must be texts of 1 to {_LABEL_CHARACTERS_MAX} characters")
        if len(set(value)) != len(value):
            raise self.refusal(field, f"{field} names the same text twice")
        return tuple(map(Label, value))

    def flag(self, field: str, *, default: bool | None = None) -> bool:
        """True or false; required when it has no default."""
        if default is not None and not self.has(field):
            return default
        value = self._take(field)
        if not isinstance(value, bool):
            raise self.refusal(field, f"{field} must be true or false")
        return value

    def day(self, field: str) -> date:
        """A day, without a time."""
        value = self._take(field)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.refusal(field, f"{field} must be a day, written YYYY-MM-DD")
        return value

    def choice(self, field: str, choices: type[Choice]) -> Choice:
        """Exactly one of a closed list."""
        value = self._take(field)
        if isinstance(value, list):
            raise self.refusal(field, f"{field} must be one word, not several: split the rule")
        words = [choice.value for choice in choices]
        if value not in words:
            raise self.refusal(field, f"unknown {field} {value!r}: must be one of {', '.join(words)}")
        return choices(str(value))

    def number(self, field: str, *, most: int) -> int:
        """A whole number from 1."""
        value = self._take(field)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            raise self.refusal(field, f"{field} must be a whole number from 1 to {most}")
        return value

    def tables(self, field: str) -> list[Mapping[str, object]]:
        """The tables of an array of tables; none when absent."""
        value = self._take(field) if self.has(field) else []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.refusal(field, f"write each {field} as a table of its own, under [[{field}]]")
        return value

    def finish(self) -> None:
        """Refuse what nobody took.

        Raises:
            EditionMalformedError: a field is not known, which may be a known one misspelt.
        """
        for field in sorted(set(self._values) - self._taken):
            raise self.refusal(field, f"unknown field {field}")

    def _take(self, field: str) -> object:
        self._taken.add(field)
        if field not in self._values:
            raise self.refusal(field, f"{field} is missing")
        return self._values[field]

    def _as_code(self, field: str, value: object) -> Code:
        if not isinstance(value, str) or not _CODE.fullmatch(value):
            raise self.refusal(field, f"{field} must be made of letters, digits and _ . : - only")
        return Code(value)
