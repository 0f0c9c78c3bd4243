"""Where the embedded server's things lie: data under the home folder, the socket in the temp folder.

Socket paths must be short (about a hundred bytes), so the socket folder is named by a hash of the home's path. As root
the server runs as another user, who may not be able to pass through the folders above the data; we never open folders
that we did not make. The server is then given its data folder as one that is open already, and finds it as such.
"""

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from service.store.embedded.server_user import ServerUser

SHELF: Final = Path("/var/lib/incident-ledger")
"""Where root keeps copies of programs that the server's user cannot read elsewhere."""

OPEN_FOLDERS: Final = Path("/proc/self/fd")
"""Where a process finds what it has open, whatever its user may do with the folders above."""


class PlaceUnsafeError(Exception):
    """A folder that must be ours alone belongs to somebody else, or is open to others."""


class PlaceUnreachableError(Exception):
    """The server's user cannot get into the home folder."""


class DataGoneError(Exception):
    """A link leads nowhere: the data were there once, and a new empty ledger must not take their place."""


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one embedded server. `data` may be a link to another disk."""

    home: Path
    data: Path
    sockets: Path

    @property
    def lock(self) -> Path:
        """Held while the server is started or stopped."""
        return self.home / "embedded.lock"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.home / "postgresql.log"


def places_for(home: Path, *, major: int, user: ServerUser) -> Places:
    """The folders for this home and this version; nothing is made."""
    home = home.absolute()
    mark = hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:16]
    ours = Path(tempfile.gettempdir())
    shared = ours if user.can_enter(ours) else Path("/tmp")  # noqa: S108 -- the folder in it is checked to be ours
    return Places(home=home, data=home / f"pg{major}", sockets=shared / f"incident-ledger-{mark}")


def make_home(home: Path) -> None:
    """Make the home folder, closed to others, if it is missing."""
    if not home.exists():
        home.mkdir(parents=True)
        home.chmod(0o700)


def make_shelf(*, user: ServerUser) -> Path:
    """The system's shelf; made only when we are root (nobody else needs it)."""
    if user.drop and not SHELF.exists():
        SHELF.mkdir(parents=True, exist_ok=True)
        SHELF.chmod(0o755)
    return SHELF


def make_data(places: Places, *, user: ServerUser) -> Path:
    """A new empty folder that the server's user owns, to be put in place by `put_data`.

    Raises:
        DataGoneError: a link stands in this place, and the data that it led to are not there.
    """
    if places.data.is_symlink():
        raise DataGoneError(f"{places.data.readlink()} is gone: restore it, or remove {places.data} to begin anew")
    making = places.data.with_name(f"{places.data.name}.new")
    if making.exists():  # left by a start that was killed
        shutil.rmtree(making)
    making.mkdir(mode=0o700)
    user.own(making)
    return making


def put_data(made: Path, places: Places) -> None:
    """Put finished data in their place, in one step."""
    made.rename(places.data)


@contextmanager
def way_into(folder: Path, *, user: ServerUser) -> Iterator[tuple[str, dict[str, Any]]]:
    """How a program that runs as this user names the folder, and what it must be started with for that.

    Raises:
        PlaceUnreachableError: the server's user cannot enter it, and this system knows no other way in.
    """
    if user.can_enter(folder):
        yield str(folder.resolve()), {}
        return
    if not OPEN_FOLDERS.exists():
        raise PlaceUnreachableError(f"user {user.name} cannot enter {folder}: choose another INCIDENT_LEDGER_HOME")
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield str(OPEN_FOLDERS / str(handle)), {"pass_fds": (handle,)}
    finally:
        os.close(handle)


def make_sockets(places: Places, *, user: ServerUser) -> None:
    """Make the socket folder, or check that the one that exists is ours.

    Raises:
        PlaceUnsafeError: somebody else made a folder of that name in the shared temp folder.
    """
    try:
        places.sockets.mkdir(mode=0o700)
        user.own(places.sockets)
    except FileExistsError:
        check_sockets(places, user=user)


def check_sockets(places: Places, *, user: ServerUser) -> None:
    """Pass a socket folder that only the server's user can have filled.

    Raises:
        PlaceUnsafeError: it is not.
    """
    found = places.sockets.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != user.uid or found.st_mode & 0o077:
        raise PlaceUnsafeError(f"{places.sockets} is not a private folder of user {user.name}; remove it")
