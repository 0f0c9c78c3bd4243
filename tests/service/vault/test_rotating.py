"""Rotation: everything is put under the newest key while others read and write, and nothing is ever unreadable."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import psycopg
import pytest

from service.store.ledger import AppendInvalidError
from service.store.sealing import rotating
from service.store.sealing.rotating import KekInUseError, ProcessBehindError, Progress
from service.vault.actors import seal_actor
from service.vault.keyring import DESTROYED, Keyring
from tests.service.vault.rotated import Installation
from tests.support.running.database import Connection, Database
from tests.support.running.ledgers import postgres_ledger, stood
from tests.support.running.postgres import EMBEDDED, Server


@pytest.fixture
def database(servers: dict[int, Server]) -> Database:
    return servers[EMBEDDED].new_database()


@pytest.fixture
async def installation(database: Database, tmp_path: Path) -> Installation:
    """Five keys and an actor under the first key-encryption key."""
    made = Installation(database, tmp_path / "keys")
    await made.open(made.keyring())
    return made


@asynccontextmanager
async def as_role(database: Database, role: str) -> AsyncIterator[Connection]:
    connection = await database.connect(role)
    try:
        yield connection
    finally:
        await connection.close()


async def test_everything_is_put_under_the_newest_key(installation: Installation) -> None:
    rotation = installation.rotation()
    await rotation.make_next()

    done = await rotation.rewrap()

    assert (done.keys, done.actors, done.damaged) == (5, 1, 0)
    await installation.check(installation.keyring())


async def test_a_second_rotation_has_nothing_to_do(installation: Installation) -> None:
    rotation = installation.rotation()
    await rotation.make_next()
    await rotation.rewrap()

    assert await rotation.rewrap() == Progress()


async def test_batches_go_through_all_and_are_told_of(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotating, "BATCH", 2)
    rotation, told = installation.rotation(), list[int]()
    await rotation.make_next()

    await rotation.rewrap(lambda progress: told.append(progress.keys))

    assert told == [2, 4, 5, 5]
    await installation.check(installation.keyring())


async def test_one_that_was_broken_off_is_gone_on_with(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotating, "BATCH", 2)
    broken = installation.rotation()
    await broken.make_next()

    def power_cut(_progress: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await broken.rewrap(power_cut)
    between = installation.keyring()
    await installation.check(between, only_newest=False)

    assert (await installation.rotation().rewrap()).keys == 3
    await installation.check(between)


async def test_nothing_is_unreadable_while_keys_are_rotated_under_writes(installation: Installation) -> None:
    serving = installation.keyring()
    stop = asyncio.Event()

    async def write() -> None:
        async with postgres_ledger(installation.database) as ledger:
            while not stop.is_set():
                await stood(ledger, installation.writes(serving, 3))

    async def read() -> int:
        times = 0
        while not stop.is_set():
            for row in (await installation.rows()).values():
                assert serving.cipher(row) is not None
            times += 1
        return times

    async with installation.watch(serving).watching():
        working = asyncio.gather(write(), write(), read())
        for _ in range(3):
            rotation = installation.rotation()
            await rotation.make_next()
            await rotation.until_all_hold(patience_seconds=20)
            await rotation.rewrap()
        stop.set()
        _, _, times = await working

    assert times > 2
    await installation.rotation().rewrap()
    assert (await rotation.standing()).data_keys.keys() == {serving.newest}
    await installation.check(serving)


async def test_what_was_added_behind_its_back_is_looked_for(installation: Installation) -> None:
    late = installation.keyring().new_key(UUID(int=1), uuid4())
    rotation = installation.rotation()
    await rotation.make_next()

    def add(progress: Progress) -> None:
        if progress.actors == 0:
            statement = "insert into vault.keys values (%s, %s, %s, %s) on conflict do nothing"
            with psycopg.connect(installation.database.url()) as owner:
                owner.execute(statement, (late.key_id, late.about, late.wrapped, late.kek))

    assert (await rotation.rewrap(add)).keys == 6
    assert {row.kek for row in (await installation.rows()).values()} == {installation.keyring().newest}


async def test_two_rotations_at_once_get_in_nobodys_way(installation: Installation) -> None:
    first, second = installation.rotation(), installation.rotation()
    await asyncio.gather(first.make_next(), second.make_next())

    await asyncio.gather(first.rewrap(), second.rewrap())
    await installation.rotation().rewrap()

    await installation.check(installation.keyring())


async def test_a_row_that_was_changed_meanwhile_is_left_as_it_is(installation: Installation) -> None:
    stale = list(installation.sealed.values())
    keyring = installation.keyring()
    rotation = installation.rotation(keyring)
    await rotation.make_next()
    await rotation.rewrap()

    async with as_role(installation.database, "writer") as writer:
        changed = await writer.fetchval(
            "select vault.rewrap($1, $2, $3, $4)",
            [row.key_id for row in stale],
            [row.wrapped for row in stale],
            [b"lost" for _ in stale],
            ["kek-9" for _ in stale],
        )

    assert changed == 0
    await installation.check(keyring)


async def test_no_key_is_rewrapped_to_or_from_nothing(installation: Installation) -> None:
    row = next(iter(installation.sealed.values()))
    async with as_role(installation.database, "writer") as writer:
        for old, new in ((row.wrapped, DESTROYED), (DESTROYED, row.wrapped)):
            with pytest.raises(asyncpg.RestrictViolationError):
                await writer.execute("select vault.rewrap($1, $2, $3, $4)", [row.key_id], [old], [new], ["kek-9"])


async def test_a_destroyed_key_stays_destroyed(installation: Installation, database: Database) -> None:
    async with as_role(database, "superuser") as superuser:
        await superuser.execute("set session_replication_role = replica")
        gone = await superuser.fetchval(
            "update vault.keys set wrapped = '' where key_id = (select min(key_id::text)::uuid from vault.keys)"
            " returning key_id"
        )
    rotation = installation.rotation()
    await rotation.make_next()

    assert (await rotation.rewrap()).keys == 4
    assert (await installation.rows())[gone].wrapped == DESTROYED
    assert (await rotation.standing()).destroyed == 1


async def test_rows_that_do_not_open_are_counted_and_left(installation: Installation) -> None:
    lost = Keyring({1: b"l" * 32})
    damaged = next(iter(installation.sealed.values()))
    async with postgres_ledger(installation.database) as ledger:
        await stood(ledger, installation.writes(lost))
    async with as_role(installation.database, "superuser") as superuser:
        await superuser.execute("set session_replication_role = replica")
        await superuser.execute(
            "update vault.keys set wrapped = $1 where key_id = $2", b"\x01" + bytes(60), damaged.key_id
        )
    rotation = installation.rotation()
    await rotation.make_next()

    done = await rotation.rewrap()

    assert (done.keys, done.damaged) == (4, 3)
    assert set((await rotation.standing()).data_keys) >= {lost.newest, damaged.kek}


async def test_a_key_is_retired_once_nothing_lies_under_it(installation: Installation) -> None:
    rotation = installation.rotation()
    await rotation.make_next()
    with pytest.raises(KekInUseError, match="data keys are wrapped by kek-1-"):
        await rotation.retire(1)
    await rotation.rewrap()

    name = await rotation.retire(1)

    assert installation.source.numbers() == frozenset({2})
    assert (await rotation.standing()).retired == [name]
    await installation.check(rotation_keyring := installation.keyring())
    assert rotation_keyring.numbers == frozenset({2})


async def test_a_key_is_not_retired_while_it_seals_an_actor(installation: Installation) -> None:
    rotation = installation.rotation()
    await rotation.make_next()
    await rotation.rewrap()
    first = Keyring({1: installation.source.load()[1]})
    reader = uuid4()
    async with as_role(installation.database, "owner") as owner:
        await owner.execute(
            "insert into access.readers (actor, sealed) values ($1, $2)", reader, seal_actor(first, reader, "me")
        )
    with pytest.raises(KekInUseError, match="actors are sealed by kek-1-"):
        await rotation.retire(1)

    assert (await rotation.rewrap()).actors == 1
    await rotation.retire(1)


@pytest.mark.parametrize(("number", "why"), [(2, "is the newest"), (7, "there is no key-encryption key 7")])
async def test_neither_the_newest_nor_one_that_is_not_there_is_retired(
    installation: Installation, number: int, why: str
) -> None:
    rotation = installation.rotation()
    await rotation.make_next()
    await rotation.rewrap()

    with pytest.raises(KekInUseError, match=why):
        await rotation.retire(number)


async def test_a_key_with_which_a_running_process_still_wraps_is_not_retired(installation: Installation) -> None:
    asleep = installation.keyring()
    async with installation.watch(asleep, look_seconds=600).watching():
        rotation = installation.rotation()
        await rotation.make_next()
        await rotation.rewrap()
        with pytest.raises(KekInUseError, match="a running process still wraps with kek-1-"):
            await rotation.retire(1)
        with pytest.raises(ProcessBehindError):
            await rotation.until_all_hold(patience_seconds=0.3)

    await rotation.until_all_hold(patience_seconds=5)
    await rotation.retire(1)


async def test_a_process_that_slept_through_it_all_writes_nothing_under_a_retired_key(
    installation: Installation,
) -> None:
    asleep = installation.keyring()
    rotation = installation.rotation()
    await rotation.make_next()
    await rotation.rewrap()
    await rotation.retire(1)
    before = (await installation.rows(), await installation.actors())

    keys, actor = installation.writes(asleep), installation.writes(asleep)
    async with postgres_ledger(installation.database) as ledger:
        for request in (replace(keys, new_actors=()), replace(actor, new_keys=())):
            with pytest.raises(AppendInvalidError):
                await ledger.append(request)

    assert (await installation.rows(), await installation.actors()) == before


async def test_an_actor_that_was_sealed_by_a_retired_key_is_refused(installation: Installation) -> None:
    first = installation.keyring()
    rotation = installation.rotation()
    await rotation.make_next()
    await rotation.rewrap()
    await rotation.retire(1)
    actor = uuid4()

    async with as_role(installation.database, "owner") as owner:
        for table in ("ledger.actors", "access.readers"):
            with pytest.raises(asyncpg.RestrictViolationError, match="sealed by a retired key"):
                await owner.execute(
                    f"insert into {table} (actor, sealed) values ($1, $2)",
                    actor,
                    seal_actor(first, actor, "me"),
                )


async def test_an_actor_is_sealed_anew_and_changed_in_no_other_way(installation: Installation) -> None:
    ((actor, sealed),) = (await installation.actors()).items()
    async with as_role(installation.database, "writer") as writer:
        reseal = "select vault.reseal_actors($1, $2, $3, false)"
        assert await writer.fetchval(reseal, [actor], [b"other"], [b"new"]) == 0
        with pytest.raises(asyncpg.RestrictViolationError):
            await writer.execute(reseal, [actor], [sealed], [b""])
    async with as_role(installation.database, "owner") as owner:
        for change in ("update ledger.actors set sealed = sealed", "update access.readers set sealed = sealed"):
            with pytest.raises(asyncpg.RestrictViolationError, match="only grows"):
                await owner.execute(change)


@pytest.mark.parametrize("role", ["projector", "reader"])
async def test_only_whoever_appends_may_rotate(database: Database, role: str) -> None:
    async with as_role(database, role) as connection:
        for statement, values in (
            ("select vault.rewrap($1, $2, $3, $4)", ([], [], [], [])),
            ("select vault.reseal_actors($1, $2, $3, true)", ([], [], [])),
            ("select vault.retire('kek-1', 1)", ()),
            ("select vault.announce($1, 'kek-1', '{}')", (UUID(int=1),)),
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement, *values)
