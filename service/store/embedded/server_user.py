"""The operating-system user that the server runs as: ourselves, or an unprivileged one when we are root."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_UNPRIVILEGED: Final = ("postgres", "nobody")


class ServerUserError(Exception):
    """No user was found that the server could run as."""


@dataclass(frozen=True, slots=True)
class ServerUser:
    """A user by name and numbers; `drop` says whether we must become it first."""

    name: str
    uid: int
    gid: int
    drop: bool

    def popen_arguments(self) -> dict[str, Any]:
        """What `subprocess` needs to run a program as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.drop else {}

    def can_enter(self, folder: Path) -> bool:
        """Whether this user may pass through every folder down to, and into, this one."""
        folder = folder.resolve()
        return not self.drop or all(self._may(each, stat.S_IXOTH) for each in (folder, *folder.parents))

    def can_run(self, program: Path) -> bool:
        """Whether this user may run this program where it lies."""
        return not self.drop or (self.can_enter(program.resolve().parent) and self._may(program, stat.S_IXOTH))

    def _may(self, path: Path, right: int) -> bool:
        found = path.stat()
        if found.st_uid == self.uid:
            return bool(found.st_mode & right << 6)
        if found.st_gid == self.gid:
            return bool(found.st_mode & right << 3)
        return bool(found.st_mode & right)

    def own(self, path: Path) -> None:
        """Hand over a file or folder that we have just made."""
        if self.drop:
            os.chown(path, self.uid, self.gid)


def find_server_user() -> ServerUser:
    """Ourselves, or as root `postgres` (else `nobody`): PostgreSQL refuses to run as root.

    Raises:
        ServerUserError: we are root and there is no such user, or we have no name (peer authentication needs one).
    """
    uid = os.geteuid()
    if uid:
        return ServerUser(name_of(uid), uid, os.getegid(), drop=False)
    for name in _UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServerUser(name, entry.pw_uid, entry.pw_gid, drop=True)
    raise ServerUserError(
        f"PostgreSQL does not run as root, and none of these users exists: {', '.join(_UNPRIVILEGED)}"
    )


def name_of(uid: int) -> str:
    """The name of a user.

    Raises:
        ServerUserError: the system knows no name for it.
    """
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        raise ServerUserError(f"user {uid} has no name on this system; add one, or set DATABASE_URL") from None
