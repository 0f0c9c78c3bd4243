"""How a row is shown to a reader: flat, with stable names, and with nothing opened that is not theirs to read."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from functools import cached_property
from types import NoneType
from typing import Any, Final, Generic, get_args, get_type_hints
from uuid import UUID

from domain.kernel.personal import Erased, Narrative, Personal
from projections.engine.model import Row
from service.reading.sight import Audience

Secret = Personal | Narrative
Shown = dict[str, Any]

_SECRETS: Final = (Personal, Narrative)
_ORGANISATION: Final = "organisation"
_KNOWN: Final[dict[Any, bool]] = {}
_NAMING: Final[dict[str, Any]] = {"sealed": list[str], "erased": list[str]}


def _nothing(_row: Any, _as_of: datetime) -> Mapping[str, Any]:
    return {}


def no_case(_row: Any) -> tuple[UUID, ...]:
    """Said of rows that are records of no case."""
    return ()


def its_incident(row: Any) -> tuple[UUID, ...]:
    """Said of rows that are records of the one case that they name."""
    incident: UUID = row.incident_id
    return (incident,)


def the_case_asked_for(_row: Any) -> tuple[UUID, ...]:
    """Said of rows that hang on the case which a request asks for: the case is named by whoever found it."""
    return ()


@dataclass(frozen=True)
class Form(Generic[Row]):
    """How the rows of a read model are shown.

    `cases` says of which cases a row is a record: showing it is reading them, which is written down. The record's
    organisation is called `owner`, and its name stands beside it as `provider_name` where it is a provider.
    `hidden` fields are left out. `computed` are fields that compare the row with a moment, with their types; `compute`
    gives their values. A value that this reader may not read is null and named in `sealed`; one that nobody can read
    any more is null and named in `erased`. A field may hold parts (a tuple of dataclasses): each of them is shown in the
    same way, and names its own values.
    """

    row: type[Row]
    cases: Callable[[Row], Iterable[UUID]]
    owner: str = "provider"
    audience: Audience = Audience.CASES
    hidden: frozenset[str] = frozenset()
    computed: Mapping[str, Any] = field(default_factory=dict)
    compute: Callable[[Row, datetime], Mapping[str, Any]] = _nothing

    def types(self) -> dict[str, Any]:
        """Every field that is shown, in order, with its type."""
        hints = get_type_hints(self.row)
        kept = {name: _shown_type(hints[name]) for name in self._names if name != _ORGANISATION}
        named = {"provider_name": str | None} if self.owner == "provider" else {}
        closing = _NAMING if self.has_secrets else {}
        return {self.owner: str, **named, **kept, **self.computed, **closing}

    @cached_property
    def has_secrets(self) -> bool:
        """Whether a field that is shown holds what people wrote, or names somebody; also inside of its parts."""
        hints = get_type_hints(self.row)
        return any(_holds_secrets(hints[name]) for name in self._names)

    def secrets(self, row: Row) -> Iterator[Secret]:
        """The sealed values of a row that are shown."""
        for name in self._names:
            yield from _secrets_in(getattr(row, name))

    def show(
        self,
        row: Row,
        *,
        as_of: datetime,
        names: Mapping[str, str],
        words: Callable[[Secret], str | Erased] | None,
    ) -> Shown:
        """The row as an object; `words` opens a value, None where this reader may not read what people wrote."""
        organisation = getattr(row, _ORGANISATION)
        shown: Shown = {self.owner: organisation}
        if self.owner == "provider":
            shown["provider_name"] = names.get(organisation)
        opened = _Opened(words)
        for name in self._names:
            if name != _ORGANISATION:
                shown[name] = opened.value_of(name, getattr(row, name))
        shown |= {name: plain(value) for name, value in self.compute(row, as_of).items()}
        if self.has_secrets:
            shown |= opened.naming()
        return shown

    @cached_property
    def _names(self) -> list[str]:
        return [each.name for each in fields(self.row) if each.name not in self.hidden]


class _Opened:
    """Opens the values of one row or part, and keeps the names of those that stay closed."""

    def __init__(self, words: Callable[[Secret], str | Erased] | None) -> None:
        self._words = words
        self._sealed: list[str] = []
        self._erased: list[str] = []

    def value_of(self, name: str, value: Any) -> Any:
        """A field as it is shown."""
        if isinstance(value, _SECRETS):
            return self._words_of(name, value)
        if isinstance(value, tuple) and value and is_dataclass(value[0]):
            return [self._part(each) for each in value]
        return plain(value)

    def naming(self) -> Shown:
        """The names of the fields that stay closed."""
        return {"sealed": self._sealed, "erased": self._erased}

    def _part(self, part: Any) -> Shown:
        opened = _Opened(self._words)
        shown = {each.name: opened.value_of(each.name, getattr(part, each.name)) for each in fields(part)}
        return shown | (opened.naming() if _has_secrets(type(part)) else {})

    def _words_of(self, name: str, value: Secret) -> str | None:
        if self._words is None:
            self._sealed.append(name)
            return None
        words = self._words(value)
        if isinstance(words, Erased):
            self._erased.append(name)
            return None
        return words


def part_types(part: type[Any]) -> dict[str, Any]:
    """Every field of a part as it is shown, in order, with its type."""
    hints = get_type_hints(part)
    kept = {each.name: _shown_type(hints[each.name]) for each in fields(part)}
    return kept | (_NAMING if _has_secrets(part) else {})


def plain(value: Any) -> Any:
    """A value as JSON has it: instants in UTC with `Z`, ids as text."""
    match value:
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case tuple():
            return [plain(each) for each in value]
    return value


def flat(shown: Shown) -> Shown:
    """The same in a list, where an object holds no list: several words stand in one text, with spaces between them."""
    return {name: " ".join(value) if isinstance(value, list) else value for name, value in shown.items()}


def flat_types(types: Mapping[str, Any]) -> dict[str, Any]:
    """The types of what `flat` gives."""
    return {name: str if getattr(kind, "__origin__", None) is list else kind for name, kind in types.items()}


def _is_secret(hint: Any) -> bool:
    return hint in _SECRETS or any(option in _SECRETS for option in get_args(hint))


def _holds_secrets(hint: Any) -> bool:
    return _is_secret(hint) or any(is_dataclass(option) and _has_secrets(option) for option in get_args(hint))


def _has_secrets(part: Any) -> bool:
    if part not in _KNOWN:
        _KNOWN[part] = any(_holds_secrets(hint) for hint in get_type_hints(part).values())
    return _KNOWN[part]


def _secrets_in(value: Any) -> Iterator[Secret]:
    if isinstance(value, _SECRETS):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _secrets_in(each)
    elif is_dataclass(value):
        for each in fields(value):
            yield from _secrets_in(getattr(value, each.name))


def _shown_type(hint: Any) -> Any:
    if _is_secret(hint):
        return str | None
    if getattr(hint, "__origin__", None) is tuple:
        return list[get_args(hint)[0]]  # type: ignore[misc]  # the type is read from the row, not written
    options = [option for option in get_args(hint) if option is not NoneType]
    return hint if len(options) <= 1 else Any
