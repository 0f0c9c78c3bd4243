"""The database's login roles: the writer appends, the projector keeps read models, the reader reads; none owns anything.

The embedded server knows its user by the socket, so its roles have no passwords. On any other server each role gets a
generated password, kept in the home folder; after `migrate` the passwords of that home are the ones that work, so where
several homes share a database, give the role URLs as settings instead.
"""

import secrets
from pathlib import Path
from typing import Any, Final

import asyncpg

from service.secret_files import kept_secret
from service.store.connect import Database, connect, database_name, on_database

SHORT_NAMES: Final = ("writer", "projector", "reader")

_RIGHTS: Final = "login nosuperuser nocreatedb nocreaterole noreplication nobypassrls"


class RolesMissingError(Exception):
    """The login roles do not exist, and the owner may not make them."""


def external_database(owner: str, *, keys: Path) -> Database:
    """A database on somebody else's server, with the role passwords that are kept (or now made) in the keys folder."""
    name = database_name(owner)
    passwords = {
        short: kept_secret(keys / f"{name}_{short}.password", _new_password).decode("ascii") for short in SHORT_NAMES
    }
    return on_database(owner, passwords=passwords)


async def ensure_roles(owner: "asyncpg.Connection[Any]", database: Database) -> None:
    """Make the roles that are missing, let them connect, and see to it that their URLs work.

    A role that somebody else provides (its URL names another user) is left alone.

    Raises:
        RolesMissingError: the owner may not make roles.
    """
    for short, url in _ours(database):
        await _ensure_role(owner, database.role(short), url)
    await _let_in(owner, database)


def _ours(database: Database) -> list[tuple[str, str]]:
    urls = {"writer": database.writer, "projector": database.projector, "reader": database.reader}
    return [(short, url) for short, url in urls.items() if _credentials(url)[0] == database.role(short)]


def _credentials(url: str) -> tuple[str, str | None]:
    from sqlalchemy import make_url

    parsed = make_url(url)
    return parsed.username or "", None if parsed.password is None else str(parsed.password)


async def _ensure_role(owner: "asyncpg.Connection[Any]", role: str, url: str) -> None:
    password = _credentials(url)[1]
    try:
        if not await owner.fetchval("select 1 from pg_roles where rolname = $1", role):
            await owner.execute(await _sentence(owner, f"create role %I {_RIGHTS} password %L", role, password))
        elif password is not None and not await _works(url):
            await owner.execute(await _sentence(owner, "alter role %I password %L", role, password))
    except asyncpg.InsufficientPrivilegeError as error:
        raise RolesMissingError(
            f"the owner may not make the role {role}: let it (alter role ... createrole), or make the roles yourself and"
            " give their URLs as settings"
        ) from error


async def _sentence(owner: "asyncpg.Connection[Any]", form: str, *values: str | None) -> str:
    """A statement that takes no parameters, with its names and values quoted by the server itself."""
    sentence: str = await owner.fetchval("select format($1, variadic $2::text[])", form, list(values))
    return sentence


async def _works(url: str) -> bool:
    try:
        connection = await connect(url, application="incident-ledger check")
    except (asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError):
        return False
    await connection.close()
    return True


async def _let_in(owner: "asyncpg.Connection[Any]", database: Database) -> None:
    """Only the ledger's roles may connect, where the owner is the database's owner and so may say that."""
    owns = await owner.fetchval(
        "select pg_has_role(current_user, datdba, 'member') from pg_database where datname = current_database()"
    )
    if not owns:
        return
    await owner.execute(await _sentence(owner, "revoke connect, temporary on database %I from public", database.name))
    for short, _ in _ours(database):
        form = "grant connect on database %I to %I"
        await owner.execute(await _sentence(owner, form, database.name, database.role(short)))


def _new_password() -> bytes:
    return secrets.token_urlsafe(32).encode("ascii")
