"""A PostgreSQL server of our own, started from packaged binaries and kept in the home folder."""

from service.store.embedded.programs import ProgramsMissingError
from service.store.embedded.server import EmbeddedServer, ServerStartError

__all__ = ["EmbeddedServer", "ProgramsMissingError", "ServerStartError"]
