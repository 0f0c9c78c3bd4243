"""A copy of the ledger's database beside it, as a restored backup would be; and somebody with every right who changes it."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from service.store.connect import Database, connect, database_name, on_database
from service.store.migrate import migrate
from service.store.roles import SHORT_NAMES

_COPIED: Final = ["ledger", "vault", "proof", "access"]
"""The schemas that prove and are proved; read models can be made again."""

_TABLES: Final = """
    select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname = any($1) order by c.oid
"""
_CHANGE: Final = """
    update ledger.events set payload = set_byte(payload, position('"ZZ1"'::bytea in payload) + 2, ascii('0'))
    where position = $1 and position('"ZZ1"'::bytea in payload) > 0
"""
_APPLICATION: Final = "incident-ledger demo copy"


class CopyRefusedError(Exception):
    """The server does not let the ledger's owner make databases."""


@asynccontextmanager
async def copied(database: Database) -> AsyncIterator[Database]:
    """The database copied for as long as the context is open.

    Raises:
        CopyRefusedError: the owner may make neither databases nor roles.
    """
    copy = on_database(_named(database.owner, f"{database.name}_copy"))
    owner = await connect(database.owner, application=_APPLICATION)
    try:
        await _drop(owner, copy)
        await owner.execute(await _quoted(owner, "create database %I", copy.name))
        await migrate(copy)
        await _copy(owner, copy)
        yield copy
    except asyncpg.InsufficientPrivilegeError as error:
        raise CopyRefusedError from error
    finally:
        await _drop(owner, copy)
        await owner.close()


async def change_one_byte(copy: Database, position: int) -> None:
    """Let the report at a position be of another provider: ZZ1 becomes ZZ0.

    It is done as the owner of the tables, with no trigger in the way.
    """
    owner = await connect(copy.owner, application=_APPLICATION)
    try:
        await owner.execute("alter table ledger.events disable trigger refuse_change")
        changed = await owner.execute(_CHANGE, position)
        await owner.execute("alter table ledger.events enable trigger refuse_change")
    finally:
        await owner.close()
    assert changed == "UPDATE 1", "the story's report is of ZZ1"


async def _copy(owner: "asyncpg.Connection[Any]", copy: Database) -> None:
    target = await connect(copy.owner, application=_APPLICATION)
    try:
        async with owner.transaction(isolation="repeatable_read"):
            for table in [row[0] for row in await owner.fetch(_TABLES, _COPIED)]:
                # The migration may have written rows of its own; those of the ledger stand in their place.
                await target.execute(f"alter table {table} disable trigger user; delete from {table}")  # noqa: S608 - quoted by the server
                await _copy_table(owner, target, table)
                await target.execute(f"alter table {table} enable trigger user")
    finally:
        await target.close()


async def _copy_table(source: "asyncpg.Connection[Any]", target: "asyncpg.Connection[Any]", table: str) -> None:
    content = io.BytesIO()
    await source.copy_from_query(f"select * from {table}", output=content, format="binary")  # noqa: S608 - quoted by the server
    content.seek(0)
    schema, name = (part.strip('"') for part in table.split("."))
    await target.copy_to_table(name, schema_name=schema, source=content, format="binary")


async def _drop(owner: "asyncpg.Connection[Any]", copy: Database) -> None:
    await owner.execute(await _quoted(owner, "drop database if exists %I with (force)", copy.name))
    for short in SHORT_NAMES:
        await owner.execute(await _quoted(owner, "drop role if exists %I", copy.role(short)))


async def _quoted(owner: "asyncpg.Connection[Any]", form: str, name: str) -> str:
    sentence: str = await owner.fetchval("select format($1, $2::text)", form, name)
    return sentence


def _named(url: str, database: str) -> str:
    """The URL of another database on the same server."""
    assert database_name(url)
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))
