"""Home folders for tests of the embedded server, which are gone afterwards."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.store.embedded.places import places_for
from service.store.embedded.programs import Programs, programs_in
from service.store.embedded.server_user import find_server_user

_INSTALLED = [Path(f"/usr/lib/postgresql/{major}/bin") for major in (15, 16, 17)]


@contextmanager
def a_home(*, above: int = 0o700) -> Iterator[Path]:
    """A home folder that does not exist yet, in a folder with this mode."""
    parent = Path(tempfile.mkdtemp(prefix="il-"))
    parent.chmod(above)
    home = parent / "home"
    try:
        yield home
    finally:
        shutil.rmtree(places_for(home, major=0, user=find_server_user()).sockets, ignore_errors=True)
        shutil.rmtree(parent, ignore_errors=True)


def every_version() -> dict[str, Programs | None]:
    """The wheel's server, and each one that is installed on this machine."""
    installed = {folder.parent.name: programs_in(folder) for folder in _INSTALLED if (folder / "postgres").exists()}
    return {"wheel": None, **installed}
