"""The journal of destroyed keys: a file beside the keys, which outlives an older copy of the database put in its place.

One line a key, its id and nothing else; only ever added to. It holds nothing secret and nobody's name.
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from uuid import UUID

FILE: Final = "erased-keys"

_FILE_MODE: Final = 0o600
_FOLDER_MODE: Final = 0o700
_LINE: Final = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class JournalDamagedError(Exception):
    """A line of the journal is no id of a key: what it said cannot be known, so nothing may be served on its word."""


class ErasedKeys:
    """The journal in a keys folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def read(self) -> frozenset[UUID]:
        """Every key that was destroyed, as far as this journal knows.

        A last line without its end is what a crash left of one: that key is destroyed again from the ledger.

        Raises:
            JournalDamagedError: a whole line holds something else.
        """
        if not self._path.exists():
            return frozenset()
        *lines, _unfinished = self._path.read_bytes().split(b"\n")
        for number, line in enumerate(lines, start=1):
            if line and _LINE.fullmatch(line) is None and not _is_remains(line):
                raise JournalDamagedError(f"{self._path.name}, line {number}, is no id of a key")
        return frozenset(UUID(line.decode()) for line in lines if _LINE.fullmatch(line))

    def add(self, keys: Iterable[UUID]) -> None:
        """Note keys as destroyed; durable once this returns. Those that are noted already are not noted again."""
        missing = sorted(set(keys) - self.read())
        if not missing:
            return
        if not self._path.parent.exists():
            self._path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        is_new = not self._path.exists()
        handle = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT, _FILE_MODE)
        try:
            lines = "".join(f"{key}\n" for key in missing).encode()
            _write(handle, _end_of_remains(handle) + lines)
            os.fsync(handle)
        finally:
            os.close(handle)
        if is_new:
            _make_name_durable(self._path.parent)


def _is_remains(line: bytes) -> bool:
    """What a crash left of a line, before the next one was added: the beginning of an id."""
    return len(line) < len(str(UUID(int=0))) and re.fullmatch(rb"[0-9a-f-]+", line) is not None


def _end_of_remains(handle: int) -> bytes:
    size = os.fstat(handle).st_size
    return b"\n" if size and os.pread(handle, 1, size - 1) != b"\n" else b""


def _write(handle: int, content: bytes) -> None:
    while content:
        content = content[os.write(handle, content) :]


def _make_name_durable(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
