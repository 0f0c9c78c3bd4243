"""What a verifier says of a pack: of the modules, of the one file, or of the one file with a check taken out."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple

from tests.support.proof.bad_packs.brought import BAD, Bad, Brought

__all__ = ["BAD", "Bad", "Told", "Verifier", "all_bad", "written"]


class Told(NamedTuple):
    """The answer: the code that the program ends with, and the kind and place of the first damage."""

    code: int
    kind: str | None
    position: int | None


def all_bad() -> list[Bad]:
    """Every pack that must be found bad."""
    for name in ("events", "lines", "papers", "proofs", "statements", "zips"):
        import_module(f"tests.support.proof.bad_packs.{name}")
    return BAD


class Verifier:
    """The one-file verifier, loaded from its code."""

    def __init__(self, code: CodeType) -> None:
        self.names: dict[str, Any] = {"__name__": "verify_pack"}
        exec(code, self.names)  # the file is what is tested

    def report(self, path: Path, brought: Brought) -> Any:
        """Everything that is found in a pack."""
        held = path.with_name(path.name + ".held")
        if brought.checkpoint:
            held.write_bytes(brought.checkpoint)
        usual = {name: self.names[name] for name in brought.limits}
        self.names.update(brought.limits)
        try:
            return self.names["report_on"](
                str(path),
                keys=brought.keys,
                witnesses=brought.witnesses,
                checkpoint=None if brought.checkpoint is None else str(held),
            )
        finally:
            self.names.update(usual)

    def told(self, path: Path, brought: Brought) -> Told:
        """What it says of a pack."""
        report = self.report(path, brought)
        first = self.names["first_of"](report.damages) if report.damages else None
        return Told(report.code, first and first.kind, first and first.position)

    @contextmanager
    def raised(self) -> Iterator[set[int]]:
        """The lines of the file at which something is found while the context lasts."""
        lines: set[int] = set()
        with _noting(self.names["DamageError"], lines), _noting(self.names["CannotCheckError"], lines):
            yield lines


@contextmanager
def _noting(error: Any, lines: set[int]) -> Iterator[None]:
    before = error.__init__

    def noting(self: Any, *values: Any) -> None:
        lines.add(sys._getframe(1).f_lineno)
        before(self, *values)

    error.__init__ = noting
    try:
        yield
    finally:
        error.__init__ = before


def written(brought: Brought, path: Path) -> Path:
    """The pack as the file or the folder that it is."""
    if isinstance(brought.pack, dict):
        for name, data in brought.pack.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(data)
        if "LINK" in brought.pack:
            (path / "LINK").unlink()
            (path / "LINK").symlink_to(path / "pack.json")
        if "PIPE" in brought.pack:
            (path / "PIPE").unlink()
            os.mkfifo(path / "PIPE")
    elif brought.pack is not None:
        path.write_bytes(brought.pack)
    return path
