"""The server's data folder: made once by `initdb`, with peer authentication and a map for our own user."""

import subprocess
from pathlib import Path
from typing import Any, Final

from service.store.embedded.places import Places, make_data, put_data, way_into
from service.store.embedded.programs import Programs
from service.store.embedded.server_user import ServerUser

SUPERUSER: Final = "postgres"
OWNER: Final = "incident_ledger_owner"
"""Owns the databases and makes their roles; not a superuser."""

ROLES: Final = ("writer", "projector", "reader")
"""What a database's login roles are called, after the database's own name."""

MAP_ALL_FROM: Final = 16
"""The major version from which an ident map can say `all`; before it every role is named."""

ENVIRONMENT: Final = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
"""What the server's programs see: nothing of ours, so that no PG* variable of the caller steers them."""

_MAP: Final = "incident_ledger"
_HBA: Final = f"# Only over the socket, only as the operating-system users of the map.\nlocal all all peer map={_MAP}\n"


def make_cluster(places: Places, programs: Programs, *, user: ServerUser) -> None:
    """Make the data folder where there is none; one that was left half made is made again.

    Raises:
        subprocess.CalledProcessError: `initdb` failed; its output is in the server's log.
    """
    if places.data.exists():
        return
    making = make_data(places, user=user)
    with way_into(making, user=user) as (name, arguments), places.log.open("ab") as log:
        command = [
            *(str(programs.initdb), "-D", name, "--auth=peer", "--no-locale", "--encoding=UTF8"),
            *("--data-checksums", f"--username={SUPERUSER}", "--no-instructions"),
        ]
        how: dict[str, Any] = {"cwd": "/", "env": ENVIRONMENT, **arguments, **user.popen_arguments()}
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **how)
    put_data(making, places)


def admit_us(places: Places, *, us: str, major: int) -> None:
    """Let our operating-system user in as every role; done before each start, because our user may be another."""
    (places.data / "pg_hba.conf").write_text(_HBA, encoding="utf-8")
    ident = places.data / "pg_ident.conf"
    if major >= MAP_ALL_FROM:
        ident.write_text(_line(us, "all"), encoding="utf-8")
        return
    known = [line.split()[-1] for line in ident.read_text(encoding="utf-8").splitlines() if line.startswith(_MAP)]
    names = dict.fromkeys([SUPERUSER, OWNER, *known])
    ident.write_text("".join(_line(us, name) for name in names), encoding="utf-8")


def admit_us_to(data: Path, database: str, *, us: str, major: int) -> bool:
    """Name the roles of one more database in the map; says whether the server must read it again."""
    if major >= MAP_ALL_FROM:
        return False
    ident = data / "pg_ident.conf"
    before = ident.read_text(encoding="utf-8")
    lines = [_line(us, f"{database}_{role}") for role in ROLES]
    ident.write_text(before + "".join(line for line in lines if line not in before), encoding="utf-8")
    return True


def _line(us: str, role: str) -> str:
    return f'{_MAP} "{us}" {role}\n'
