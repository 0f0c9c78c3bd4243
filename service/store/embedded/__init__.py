"""A PostgreSQL server of our own, started from packaged binaries and kept in the home folder."""

from typing import Final

from service.store.embedded.places import DataGoneError, PlaceUnreachableError, PlaceUnsafeError
from service.store.embedded.programs import ProgramsMissingError
from service.store.embedded.server import EmbeddedServer, ServerStartError
from service.store.embedded.server_user import ServerUserError

EMBEDDED_ERRORS: Final = (
    DataGoneError,
    PlaceUnreachableError,
    PlaceUnsafeError,
    ProgramsMissingError,
    ServerStartError,
    ServerUserError,
)
"""Why there may be no embedded server; each says what to do."""

__all__ = ["EMBEDDED_ERRORS", "EmbeddedServer", "ProgramsMissingError", "ServerStartError"]
