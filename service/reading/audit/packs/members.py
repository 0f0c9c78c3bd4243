"""The members of a pack while it is made, and the one file that they become.

The same members give the same bytes: stored as they are, in the order of their names, all with one date and one mode.
"""

import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import IO, Final, TypeAlias

Spool: TypeAlias = "tempfile.SpooledTemporaryFile[bytes]"

IN_MEMORY: Final = 2 * 1024 * 1024
"""So much of a member is kept in memory, so that the words of one case never touch a disk; more, in a file without a name."""

_DATE: Final = (1980, 1, 1, 0, 0, 0)
_MODE: Final = 0o644 << 16
_UNIX: Final = 3
_AT_ONCE: Final = 64 * 1024


@contextmanager
def spools() -> Iterator[Callable[[], Spool]]:
    """What gives a new file, as often as one is needed; all of them are gone when the context ends."""
    with ExitStack() as files:
        yield lambda: files.enter_context(tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))


class MemberTakenError(ValueError):
    """A pack holds one member of each name."""


@dataclass(frozen=True, slots=True)
class _Member:
    kept: Spool
    size: int
    digest: str


class Writing:
    """A member that is being written."""

    def __init__(self, kept: Spool) -> None:
        self._kept = kept
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, part: bytes) -> None:
        """Add to its end."""
        self._kept.write(part)
        self._digest.update(part)
        self.size += len(part)

    @property
    def digest(self) -> str:
        """The SHA-256 of what was written so far."""
        return self._digest.hexdigest()


class Members:
    """What goes into one pack; `spool` gives a file for each."""

    def __init__(self, spool: Callable[[], Spool]) -> None:
        self._spool = spool
        self._members: dict[str, _Member] = {}

    def add(self, name: str, content: bytes) -> None:
        """Add a member that is ready.

        Raises:
            MemberTakenError: there is one of this name.
        """
        with self.writing(name) as member:
            member.write(content)

    @contextmanager
    def writing(self, name: str) -> Iterator[Writing]:
        """Add a member piece by piece.

        Raises:
            MemberTakenError: there is one of this name.
        """
        if name in self._members:
            raise MemberTakenError(name)
        kept = self._spool()
        member = Writing(kept)
        yield member
        self._members[name] = _Member(kept, member.size, member.digest)

    def digests(self) -> dict[str, str]:
        """The SHA-256 of every member, by name."""
        return {name: self._members[name].digest for name in sorted(self._members)}

    def write_to(self, out: IO[bytes]) -> None:
        """Write them all as one ZIP file; `out` can be sought in."""
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            for name in sorted(self._members):
                member = self._members[name]
                member.kept.seek(0)
                with archive.open(_described(name, member.size), "w") as written:
                    shutil.copyfileobj(member.kept, written, _AT_ONCE)


class Sheaf:
    """Pieces that come in any order and are taken out by their keys; only keys and places are held in memory."""

    def __init__(self, kept: Spool) -> None:
        self._kept = kept
        self._places: dict[int | str, tuple[int, int]] = {}

    def __contains__(self, key: int | str) -> bool:
        return key in self._places

    def __len__(self) -> int:
        return len(self._places)

    def add(self, key: int | str, piece: bytes) -> None:
        """Keep a piece; one whose key is there already is passed over."""
        if key not in self._places:
            self._places[key] = (self._kept.seek(0, 2), len(piece))
            self._kept.write(piece)

    def pieces(self) -> Iterator[bytes]:
        """Every piece, in the order of the keys."""
        for key in sorted(self._places, key=_order):
            place, length = self._places[key]
            self._kept.seek(place)
            yield self._kept.read(length)


def joined(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Pieces with a comma between them, as JSON lists and objects have them."""
    for number, piece in enumerate(pieces):
        yield b"," + piece if number else piece


def _order(key: int | str) -> tuple[int, str]:
    return (key, "") if isinstance(key, int) else (0, key)


def _described(name: str, size: int) -> zipfile.ZipInfo:
    described = zipfile.ZipInfo(name, _DATE)
    described.create_system = _UNIX
    described.external_attr = _MODE
    described.file_size = size
    return described
