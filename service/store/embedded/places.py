"""Where the embedded server's things lie: data under the home folder, the socket in the temp folder.

Socket paths must be short (about a hundred bytes), so the socket folder is named by a hash of the home's path. As root
the server runs as another user, who may not be able to pass through the folders above the home; we never open folders
that we did not make, so the data then lie on a shelf of the system, and the home holds a link to them.
"""

import hashlib
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from service.store.embedded.server_user import ServerUser

SHELF: Final = Path("/var/lib/incident-ledger")
"""Where root keeps what an unprivileged server user must reach."""


class PlaceUnsafeError(Exception):
    """A folder that must be ours alone belongs to somebody else, or is open to others."""


class DataGoneError(Exception):
    """The home's link leads nowhere: the data were there once, and a new empty ledger must not take their place."""


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one embedded server. `data` may be a link."""

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


def places_for(home: Path, *, major: int) -> Places:
    """The folders for this home and this version; nothing is made."""
    home = home.absolute()
    mark = hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:16]
    sockets = Path(tempfile.gettempdir()) / f"incident-ledger-{mark}"
    return Places(home=home, data=home / f"pg{major}", sockets=sockets)


def make_home(home: Path, *, user: ServerUser) -> None:
    """Make the home folder if it is missing: closed to others, except for passing through to the data as root."""
    if not home.exists():
        home.mkdir(parents=True)
        home.chmod(0o711 if user.drop else 0o700)


def make_shelf(*, user: ServerUser) -> Path:
    """The system's shelf; made only when we are root (nobody else needs it)."""
    if user.drop and not SHELF.exists():
        SHELF.mkdir(parents=True, exist_ok=True)
        SHELF.chmod(0o755)
    return SHELF


def make_data(places: Places, *, user: ServerUser) -> Path:
    """A new empty folder that the server's user owns and can reach, to be put in place by `put_data`.

    Raises:
        DataGoneError: there were data in this place, and somebody took them away.
    """
    if places.data.is_symlink():
        raise DataGoneError(f"{places.data.readlink()} is gone: restore it, or remove {places.data} to begin anew")
    if user.can_enter(places.home):
        making = places.data.with_name(f"{places.data.name}.new")
        if making.exists():  # left by a start that was killed
            shutil.rmtree(making)
        making.mkdir(mode=0o700)
    else:
        making = Path(tempfile.mkdtemp(dir=make_shelf(user=user), prefix=f"{places.data.name}-"))
    user.own(making)
    return making


def put_data(made: Path, places: Places) -> None:
    """Put finished data in their place, in one step."""
    if made.parent == places.data.parent:
        made.rename(places.data)
        return
    places.data.symlink_to(made)


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
