"""The server as a process: started as a direct child, stopped cleanly, and never mistaken for another by its id."""

import asyncio
import contextlib
import ctypes
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from service.store.embedded.cluster import ENVIRONMENT
from service.store.embedded.places import Places, way_into
from service.store.embedded.programs import Programs
from service.store.embedded.server_user import ServerUser

PORT: Final = 5432
"""Only part of the socket's name: each server has a folder of its own."""

_LOG_BYTES: Final = 8 * 1024 * 1024
_FAST_SECONDS: Final = 30.0
_PR_SET_PDEATHSIG: Final = 1

SETTINGS: Final = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # statements, parameters and key values can hold what is said about persons: they stay out of the log
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
}
"""How the server runs; nothing here weakens durability."""


def spawn(
    places: Places, programs: Programs, *, user: ServerUser, settings: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """Start the server; it may not take connections yet."""
    _turn_log(places.log)
    with way_into(places.data, user=user) as (name, arguments), places.log.open("ab") as log:
        command = [str(programs.postgres), "-D", name, "-k", str(places.sockets), "-p", str(PORT)]
        for setting, value in {**SETTINGS, **settings}.items():
            command += ["-c", f"{setting}={value}"]
        return subprocess.Popen(
            command,
            cwd="/",
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # a session of its own: Ctrl-C reaches us alone, and we stop the server after our own work
            start_new_session=True,
            preexec_fn=_stop_with_parent(),  # noqa: PLW1509 -- one prepared system call; nothing else can say it
            **arguments,
            **user.popen_arguments(),
        )


async def stop(process: subprocess.Popen[bytes]) -> None:
    """Shut the server down cleanly: sessions are ended, everything is on disk."""
    for way, seconds in ((signal.SIGINT, _FAST_SECONDS), (signal.SIGQUIT, _FAST_SECONDS), (signal.SIGKILL, None)):
        if process.poll() is None:
            process.send_signal(way)
        with contextlib.suppress(subprocess.TimeoutExpired):
            await asyncio.to_thread(process.wait, seconds)
            return


def drop_stale_locks(places: Places) -> None:
    """Remove the lock files of a server that was killed, when their process number is no longer that server's.

    The server does so itself unless some process of the same user has that number: as happens in containers, where the
    same few numbers come round again, and while a killed server waits for its parent to notice.
    """
    if not Path("/proc/self").exists():
        return
    for path in (places.data / "postmaster.pid", places.sockets / f".s.PGSQL.{PORT}.lock"):
        if path.exists() and not _is_served(places, path):
            path.unlink(missing_ok=True)


def _is_served(places: Places, lock: Path) -> bool:
    try:
        number = int(lock.read_text(encoding="utf-8").split()[0])
        return Path(f"/proc/{number}/cwd").readlink() == places.data.resolve()
    except PermissionError:  # a process of another user: the server itself knows that it is none of its own
        return True
    except (OSError, ValueError, IndexError):  # no such process, one that is dead already, or an unfinished file
        return False


def last_words(log: Path, *, lines: int = 8) -> str:
    """The end of what the server said."""
    try:
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


def _turn_log(log: Path) -> None:
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))


def _stop_with_parent() -> Callable[[], None] | None:
    """Ask the kernel for a clean shutdown of the server when its parent dies, even by SIGKILL."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl  # looked up before the fork: afterwards only the call itself is safe

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGINT.value)

    return ask
