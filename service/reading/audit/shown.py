"""The cases that one answer shows: collected as it is made, and written down before any of it leaves."""

from typing import Final, NoReturn
from uuid import UUID

from typing_extensions import override


class ShownCases:
    """What one request is shown. Each case is named once, however often it is shown and in however many parts.

    `words`: something that people wrote, or whom it names, was opened.
    """

    def __init__(self) -> None:
        self._known: set[UUID] = set()
        self._unwritten: dict[UUID, None] = {}
        self.words = False

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

    def take_unwritten(self) -> tuple[UUID, ...]:
        """The cases that are shown and not yet written down: from now on they count as written."""
        taken, self._unwritten = self._unwritten, {}
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
