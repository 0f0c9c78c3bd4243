"""The cases that one answer shows: collected as it is made, and written down before any of it leaves."""

from typing import Final, NoReturn
from uuid import UUID

from typing_extensions import override

from service.store.access.records import RecordKind


class ShownCases:
    """What one request is shown. Each case is named once, however often it is shown and in however many parts.

    `kind` is what the reader does; `past`: they asked what was known then; `words`: something that people wrote, or whom it names, was opened. A search, and a
    query of the access log, are written down also where they find nothing.
    """

    def __init__(self, kind: RecordKind = RecordKind.CASE_READ) -> None:
        self.kind = kind
        self.past = False
        self.words = False
        self._known: set[UUID] = set()
        self._unwritten: dict[UUID, None] = {}
        self._is_due = kind is not RecordKind.CASE_READ

    def add(self, *cases: UUID) -> None:
        """Records of these cases (incidents, with all that hangs on them) are shown."""
        for case in cases:
            if case not in self._known:
                self._known.add(case)
                self._unwritten[case] = None

    def open_words(self) -> None:
        """Something that people wrote, or whom it names, is shown in words."""
        self.words = True

    def __bool__(self) -> bool:
        return bool(self._known)

    @property
    def is_unwritten(self) -> bool:
        """Whether there is something to write down before any more of the answer leaves."""
        return self._is_due or bool(self._unwritten)

    def take_unwritten(self) -> tuple[UUID, ...]:
        """The cases that are shown and not yet written down: from now on they count as written."""
        taken, self._unwritten, self._is_due = self._unwritten, {}, False
        return tuple(taken)


class _NoCases(ShownCases):
    @override
    def add(self, *cases: UUID) -> NoReturn:
        raise TypeError("this answer was said to show no case")

    @override
    def open_words(self) -> NoReturn:
        raise TypeError("this answer was said to show no case")


NO_CASES: Final[ShownCases] = _NoCases()
"""Said by an answer that shows no record of any case; `docs/access-log.md` lists them all."""
