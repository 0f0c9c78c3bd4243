"""The files of a pack, out of a ZIP or a folder; each is read within bounds, and none is ever written anywhere."""

from __future__ import annotations

import hashlib
import os
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from service.proof.offline.damage import CannotCheckError, DamageError

FILES_MAX = 20_000
WHOLE_MAX = 512 * 2**20
LINE_MAX = 64 * 2**20
_CHUNK = 2**20
_LOCAL = b"PK\x03\x04"
_LOCAL_SIZE = 30
_ENCRYPTED = 1
_UNREADABLE = (
    zipfile.BadZipFile,
    struct.error,
    ArithmeticError,
    EOFError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


class _Place(NamedTuple):
    path: str
    start: int
    size: int


class Members:
    """The files by name."""

    def __init__(self, places: dict[str, _Place]) -> None:
        self._places = places

    @property
    def names(self) -> list[str]:
        """The names of all files, sorted."""
        return sorted(self._places)

    def read(self, name: str) -> bytes:
        """All bytes of one file.

        Raises:
            DamageError: the pack does not have it.
            CannotCheckError: it is too large.
        """
        if self._place(name).size > WHOLE_MAX:
            raise CannotCheckError(f"{name} is larger than this verifier reads at once")
        return b"".join(self._chunks(name))

    def sha256(self, name: str) -> str:
        """The digest of one file, in hexadecimal.

        Raises:
            DamageError: the pack does not have it.
        """
        digest = hashlib.sha256()
        for chunk in self._chunks(name):
            digest.update(chunk)
        return digest.hexdigest()

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of one file without their ends.

        Raises:
            DamageError: the pack does not have it, or its last line has no end.
            CannotCheckError: a line is too long.
        """
        rest = b""
        for chunk in self._chunks(name):
            *whole, rest = (rest + chunk).split(b"\n")
            yield from whole
            if len(rest) > LINE_MAX:
                raise CannotCheckError(f"a line of {name} is longer than this verifier reads")
        if rest:
            raise DamageError("edited", f"{name} does not end with a whole line")

    def _place(self, name: str) -> _Place:
        if name not in self._places:
            raise DamageError("missing", f"the pack has no {name}")
        return self._places[name]

    def _chunks(self, name: str) -> Iterator[bytes]:
        path, start, size = self._place(name)
        with _opened(path) as file:
            file.seek(start)
            for read in range(0, size, _CHUNK):
                chunk = file.read(min(size - read, _CHUNK))
                if len(chunk) < min(size - read, _CHUNK):
                    raise DamageError("edited", f"{name} is shorter than the ZIP says")
                yield chunk


def members_of(path: str) -> Members:
    """The files of a pack: a ZIP, or the folder that one was unpacked into.

    Raises:
        CannotCheckError: there is no such ZIP or folder, or it cannot be read.
        DamageError: it holds a file twice, or one that no pack would hold.
    """
    return Members(_in_folder(path) if Path(path).is_dir() else _in_zip(path))


def _opened(path: str) -> BinaryIO:
    try:
        return Path(path).open("rb")
    except OSError as error:
        raise CannotCheckError(f"{path} cannot be read: {error.strerror}") from None


def _in_folder(path: str) -> dict[str, _Place]:
    places: dict[str, _Place] = {}
    for folder, _, files in os.walk(path):
        for file in files:
            whole = Path(folder, file)
            if whole.is_symlink() or not whole.is_file():
                raise DamageError("inserted", f"{file!r} is not a plain file")
            if len(places) >= FILES_MAX:
                raise CannotCheckError("the folder holds more files than a pack does")
            places[whole.relative_to(path).as_posix()] = _Place(str(whole), 0, whole.stat().st_size)
    return places


def _in_zip(path: str) -> dict[str, _Place]:
    with _opened(path) as file:
        try:
            infos = zipfile.ZipFile(file).infolist()
        except _UNREADABLE:
            raise CannotCheckError(f"{path} is not a ZIP that can be read") from None
        if len(infos) > FILES_MAX:
            raise CannotCheckError("the ZIP holds more files than a pack does")
        places: dict[str, _Place] = {}
        for info in infos:
            _fit(info, places)
            places[info.filename] = _Place(path, _start(file, info), info.file_size)
        if sum(place.size for place in places.values()) > Path(path).stat().st_size:
            raise DamageError("edited", "files of the ZIP lie over one another")
        return places


def _fit(info: zipfile.ZipInfo, places: dict[str, _Place]) -> None:
    name = info.filename
    if name in places:
        raise DamageError("inserted", f"the ZIP holds {name!r} twice")
    if not name.isprintable() or "\\" in name or ":" in name or {"", ".", ".."} & set(name.split("/")):
        raise DamageError("inserted", f"the ZIP holds a file of the name {name!r}, which no pack does")
    if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & _ENCRYPTED or info.compress_size != info.file_size:
        raise DamageError("edited", f"{name} is compressed or encrypted, which no file of a pack is")


def _start(file: BinaryIO, info: zipfile.ZipInfo) -> int:
    """Where the bytes begin; read past the ZIP's own checksums, because the manifest's digests say more."""
    if info.header_offset < 0:
        raise DamageError("edited", f"the ZIP does not say where {info.filename} begins")
    file.seek(info.header_offset)
    header = file.read(_LOCAL_SIZE)
    if len(header) < _LOCAL_SIZE or header[:4] != _LOCAL:
        raise DamageError("edited", f"the ZIP does not say where {info.filename} begins")
    name_size, extra_size = struct.unpack("<HH", header[26:30])
    return info.header_offset + _LOCAL_SIZE + int(name_size) + int(extra_size)
