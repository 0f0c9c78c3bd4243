"""On which line of an edition file each table and field stands, so that a refusal can say where to look."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

_TABLE: Final = re.compile(r"\s*\[\[\s*([A-Za-z0-9_-]+)\s*\]\]")
_FIELD: Final = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")


@dataclass(slots=True)
class Lines:
    """Lines of the fields before any table (`top`), and for each array of tables, of each table and its fields."""

    top: dict[str, int] = field(default_factory=dict)
    tables: dict[str, list[tuple[int, dict[str, int]]]] = field(default_factory=dict)

    def of(self, name: str, number: int) -> tuple[int, Mapping[str, int]]:
        """The line on which table `number` of this name opens, and those of its fields; line 1 when it is hidden."""
        known = self.tables.get(name, [])
        return known[number] if number < len(known) else (1, {})


def find_lines(text: str) -> Lines:
    """Find them by their first characters: enough to point at, never to read values by."""
    lines = Lines()
    fields = lines.top
    for number, line in enumerate(text.split("\n"), start=1):
        if opening := _TABLE.match(line):
            fields = {}
            lines.tables.setdefault(opening[1], []).append((number, fields))
            lines.top.setdefault(opening[1], number)
        elif named := _FIELD.match(line):
            fields.setdefault(named[1], number)
    return lines
