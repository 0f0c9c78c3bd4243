"""Ways into the database: one URL for each role, raw connections and pools, the SQLAlchemy engine, the start-up check."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

import asyncpg
from asyncpg.types import ServerVersion
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

OLDEST: Final = 15
"""The oldest major version of PostgreSQL that carries the ledger."""

_SCHEMES: Final = {"postgresql", "postgres", "postgresql+asyncpg"}
_CONNECT_SECONDS: Final = 10.0
_SERVER_SETTINGS: Final = {"timezone": "UTC", "jit": "off"}  # our queries are short: compiling them costs more


class DatabaseUrlInvalidError(ValueError):
    """A URL that names no PostgreSQL database; the message never repeats it, because it may hold a password."""


class DatabaseUnfitError(Exception):
    """The server or the user must not carry the ledger; `complaints` holds one sentence for each reason."""

    def __init__(self, *complaints: str) -> None:
        super().__init__("; ".join(complaints))
        self.complaints = complaints


class DatabaseUnreachableError(OSError):
    """Nothing answers where the database should be."""


REFUSALS: Final = (
    asyncpg.CannotConnectNowError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.TooManyConnectionsError,
)
"""Why a server that answers may not let us in: starting or stopping, a wrong user or password, no such database."""


@dataclass(frozen=True, slots=True)
class Database:
    """The ledger's database as each of its roles sees it; `owner` is for migrations only."""

    name: str
    owner: str
    writer: str
    projector: str
    reader: str

    def __repr__(self) -> str:
        return f"Database({self.name!r})"  # a URL may hold a password

    def role(self, short: str) -> str:
        """The name of the login role `writer`, `projector` or `reader` of this database."""
        return f"{self.name}_{short}"


def normalised(url: str) -> str:
    """The URL as the driver takes it.

    Raises:
        DatabaseUrlInvalidError: it does not name a PostgreSQL database.
    """
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES:
        raise DatabaseUrlInvalidError("a database URL begins with postgresql://")
    if not unquote(parts.path.removeprefix("/")):
        raise DatabaseUrlInvalidError("a database URL names a database")
    return urlunsplit(parts._replace(scheme="postgresql"))


def database_name(url: str) -> str:
    """The database that a URL names."""
    return unquote(urlsplit(normalised(url)).path.removeprefix("/"))


def with_user(url: str, user: str, password: str | None = None) -> str:
    """The same database as another user; nothing of the first user's credentials stays in it."""
    parts = urlsplit(normalised(url))
    place = parts.netloc.rpartition("@")[2]
    credentials = quote(user, safe="") + (f":{quote(password, safe='')}" if password is not None else "")
    query = [(name, value) for name, value in parse_qsl(parts.query) if name not in {"user", "password", "passfile"}]
    # urlunsplit would drop the // of a URL whose place is empty, as it is with a socket
    return f"postgresql://{credentials}@{place}{parts.path}" + (f"?{urlencode(query)}" if query else "")


def on_database(owner: str, *, passwords: Mapping[str, str] | None = None) -> Database:
    """The database of an owner's URL, with the URLs of its roles; without passwords, as on a socket."""
    name = database_name(owner)

    def url(short: str) -> str:
        return with_user(owner, f"{name}_{short}", (passwords or {}).get(short))

    return Database(name, normalised(owner), url("writer"), url("projector"), url("reader"))


def with_overrides(database: Database, *, writer: str | None, projector: str | None, reader: str | None) -> Database:
    """The same database with role URLs that an operator has given."""
    return replace(
        database,
        writer=normalised(writer) if writer else database.writer,
        projector=normalised(projector) if projector else database.projector,
        reader=normalised(reader) if reader else database.reader,
    )


def connect_arguments(url: str, *, application: str = "incident-ledger") -> dict[str, Any]:
    """What `asyncpg.connect` and `asyncpg.create_pool` are called with, everywhere."""
    return {
        "dsn": normalised(url),
        "timeout": _CONNECT_SECONDS,
        "server_settings": {**_SERVER_SETTINGS, "application_name": application},
    }


async def connect(url: str, *, application: str = "incident-ledger") -> "asyncpg.Connection[Any]":
    """One connection of its own.

    Raises:
        DatabaseUnreachableError: nothing answers there (in time).
        asyncpg.PostgresError: the server refuses, for one of `REFUSALS`.
    """
    try:
        connection: asyncpg.Connection[Any] = await asyncpg.connect(**connect_arguments(url, application=application))
    except OSError as error:
        raise DatabaseUnreachableError(f"the database cannot be reached: {error}") from error
    return connection


async def open_pool(
    url: str, *, connections: int, application: str = "incident-ledger", **more: Any
) -> "asyncpg.Pool[Any]":
    """A pool that opens its connections as they are needed; close it when done."""
    arguments = connect_arguments(url, application=application)
    return await asyncpg.create_pool(min_size=0, max_size=connections, **arguments, **more)


def create_engine(url: str, *, connections: int = 10, application: str = "incident-ledger") -> AsyncEngine:
    """A SQLAlchemy engine; it connects as `connect` does, so that every kind of URL works. Dispose of it when done."""

    async def creator() -> "asyncpg.Connection[Any]":
        return await connect(url, application=application)

    return create_async_engine(
        "postgresql+asyncpg://",
        async_creator=creator,
        pool_size=connections,
        max_overflow=0,
        pool_pre_ping=True,
    )


class Versioned(Protocol):
    """A connection that knows its server's version."""

    def get_server_version(self) -> ServerVersion:
        """The server's version."""
        ...


def check_version(connection: Versioned) -> None:
    """Pass a server that is new enough.

    Raises:
        DatabaseUnfitError: it is older than PostgreSQL 15.
    """
    version = connection.get_server_version()
    if version.major < OLDEST:
        raise DatabaseUnfitError(f"PostgreSQL {OLDEST} or later is needed; the server is {version.major}")


_CHECK: Final = """
select r.rolsuper as superuser, r.rolbypassrls as bypasses,
       current_setting('fsync') as fsync,
       current_setting('full_page_writes') as full_page_writes,
       current_setting('synchronous_commit') as synchronous_commit,
       pg_is_in_recovery() as standby,
       exists (select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
               where n.nspname in ('ledger', 'vault') and pg_has_role(r.oid, c.relowner, 'member')) as owns
from pg_roles r where r.rolname = current_user
"""


async def check_server(url: str) -> None:
    """Pass a server and a user that may carry the ledger; `serve` and `work` ask before they begin.

    Raises:
        DatabaseUnfitError: acknowledged events could be lost in a crash, or this user could rewrite history.
    """
    connection = await connect(url, application="incident-ledger check")
    try:
        check_version(connection)
        found = await connection.fetchrow(_CHECK)
    finally:
        await connection.close()
    complaints = _complaints(found or {}, database_name(url))
    if complaints:
        raise DatabaseUnfitError(*complaints)


def _complaints(found: Mapping[str, Any], name: str) -> list[str]:
    reasons = {
        "fsync is off: a crash could lose acknowledged events": found["fsync"] != "on",
        "full_page_writes is off: a crash could damage pages": found["full_page_writes"] != "on",
        "synchronous_commit is off: a crash could lose acknowledged events": found["synchronous_commit"] == "off",
        "the server is a standby: nothing can be appended there": found["standby"],
        "the user is a superuser: it could rewrite history": found["superuser"],
        "the user bypasses row-level security": found["bypasses"],
        "the user owns the ledger's tables (or is a member of their owner): it could rewrite history": found["owns"],
    }
    return [f"database {name}: {reason}" for reason, holds in reasons.items() if holds]
