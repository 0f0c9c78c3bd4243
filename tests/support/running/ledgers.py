"""Ledgers for tests, opened and ready, and requests that say only what a test is about."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg

from service.store.ledger import OPENED, Appended, AppendRequest, Ledger, NewEvent
from service.store.postgres import PostgresLedger
from service.store.reading.questions import PlainConnection, prepare
from tests.support.running.database import Database

NOON: Final = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ACTOR: Final = UUID(int=1)
LEDGER: Final = UUID(int=7)
"""The stream that opens the ledgers of these tests."""

_numbers = count(1)


def a_key(name: str | None = None) -> bytes:
    """A digest as an idempotency key has: the same for the same name, else a new one."""
    return hashlib.sha256((name or f"key {next(_numbers)}").encode()).digest()


def an_event(payload: bytes = b"{}", **changes: Any) -> NewEvent:
    """Something that happened."""
    return replace(NewEvent(uuid4(), "action.agreed.v1", payload, NOON), **changes)


def a_request(stream: UUID | None = None, expected: int = 0, *payloads: bytes, **changes: Any) -> AppendRequest:
    """An append to a stream (a new one unless named) of one event unless payloads are given."""
    request = AppendRequest(
        stream=stream or uuid4(),
        kind="action",
        expected_version=expected,
        events=tuple(an_event(payload) for payload in payloads or (b"{}",)),
        key=a_key(),
        body=a_key("body"),
        organisation="ZZ1",
        actor=ACTOR,
    )
    return replace(request, **changes)


def an_opening(*, simulated_at: datetime | None = None, **changes: Any) -> AppendRequest:
    """The very first append of a ledger."""
    request = a_request(
        LEDGER,
        kind="ledger",
        events=(an_event(type=OPENED),),
        born="real" if simulated_at is None else "simulated",
        clock=simulated_at,
        key=a_key("opening"),
    )
    return replace(request, **changes)


async def stood(ledger: Ledger, request: AppendRequest) -> Appended:
    """Append something that must succeed."""
    outcome = await ledger.append(request)
    assert isinstance(outcome, Appended), outcome
    return outcome


@asynccontextmanager
async def postgres_ledger(database: Database, **changes: Any) -> AsyncIterator[PostgresLedger]:
    """The ledger of a database, not opened yet; `changes` replace arguments of `PostgresLedger`."""
    settings: dict[str, Any] = {"writer": database.writer, "reader": database.reader}
    pool = await asyncpg.create_pool(
        **database.login("reader"), min_size=0, max_size=4, connection_class=PlainConnection, init=prepare
    )
    async with pool, PostgresLedger(pool=pool, **(settings | changes)) as ledger:
        yield ledger
