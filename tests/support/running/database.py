"""A database of a test server, as each of its roles reaches it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import asyncpg

from service.store.embedded.cluster import OWNER, SUPERUSER

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]
else:
    Connection = asyncpg.Connection

TEMPLATE: Final = "ledger_template"
"""The migrated database that all others are copied from; its roles reach the copies too."""

_ROLES: Final = {"superuser": SUPERUSER, "owner": OWNER}


@dataclass(frozen=True)
class Database:
    """A database of a running server, with the roles that its template's migration granted."""

    host: str
    name: str

    def login(self, role: str = "owner") -> dict[str, Any]:
        """How asyncpg connects as a role: superuser, owner, writer, projector or reader."""
        user = _ROLES.get(role, f"{TEMPLATE}_{role}")
        return {"host": self.host, "user": user, "database": self.name, "port": 5432}

    async def connect(self, role: str = "owner") -> Connection:
        """A new connection as a role."""
        return await asyncpg.connect(**self.login(role))

    async def writer(self) -> Connection:
        """A new connection that may append."""
        return await self.connect("writer")

    async def reader(self) -> Connection:
        """A new connection that may read."""
        return await self.connect("reader")

    def url(self, *, driver: str = "postgresql", role: str = "owner") -> str:
        """The address of the database as a role."""
        return f"{driver}://{self.login(role)['user']}@/{self.name}?host={self.host}&port=5432"

    def execute(self, statement: str) -> None:
        """Run something as the owner, in a transaction of its own."""
        import psycopg  # takes longer to import than a process of the soak lives at times

        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement.encode())
