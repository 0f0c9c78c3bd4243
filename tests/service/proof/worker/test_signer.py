"""The signer: keys that come and go, a memory that is written first, and crashes on both sides of it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from service.proof.checkpoint import Checkpoint, sign_checkpoint
from service.proof.signing import Signer
from service.proof.verifying import check_consistency
from service.secret_files import SecretFileError
from service.store.proofs.memory import OvertakenError, remember, remembered
from service.store.proofs.signing_keys import (
    LastSigningKeyError,
    SigningKeyUnknownError,
    add_signing_key,
    first_signing_key,
    list_signing_keys,
    retire_signing_key,
    signers_in,
)
from service.worker.proving.signing import NO_KEY
from tests.support.proof.proved import Proved, a_proved_ledger, proving
from tests.support.running.postgres import EMBEDDED, Server

LOG = "incident-ledger/a-log"


@pytest.fixture
async def proved(servers: dict[int, Server]) -> AsyncIterator[Proved]:
    async with a_proved_ledger(servers[EMBEDDED]) as made:
        yield made


async def until(asked: Callable[[], Awaitable[bool]]) -> None:
    while not await asked():  # noqa: ASYNC110 - the database is polled
        await asyncio.sleep(0.01)


async def test_in_the_overlap_of_a_rotation_every_checkpoint_has_two_lines(proved: Proved) -> None:
    async with proving(proved.prover()) as task:
        numbers = []
        for change in (lambda: None, lambda: add_signing_key(proved.keys), lambda: retire_signing_key(proved.keys, 1)):
            change()
            await proved.report()
            opened = await proved.opened(await proved.covered(task))
            keys = {key.public: key.number for key in list_signing_keys(proved.keys)}
            numbers.append([keys[verified.key.public] for verified in opened.by_log])

    assert numbers == [[1], [1, 2], [2]]


async def test_without_a_key_the_tree_grows_unsigned_and_an_alarm_is_raised_until_there_is_one(proved: Proved) -> None:
    await proved.prove()
    for file in proved.keys.glob("signing-*.key"):
        file.rename(file.with_suffix(".away"))

    async with proving(proved.prover()) as task:
        await proved.report(events=3)
        await until(lambda: said(proved, NO_KEY))
        latest = await proved.proofs.latest()
        assert latest is not None
        assert latest.size == 1
        assert len(await proved.proofs.leaf_hashes(range(1, 5))) == 4
        assert list_signing_keys(proved.keys)[0].signs is False

        for file in proved.keys.glob("*.away"):
            file.rename(file.with_suffix(".key"))
        assert (await proved.covered(task)).size == 4
        await until(lambda: said(proved, None))


async def said(proved: Proved, alarm: str | None) -> bool:
    return (await proved.proofs.standing()).alarm == alarm


async def test_a_lost_key_is_never_quietly_replaced(tmp_path: Path) -> None:
    first_signing_key(tmp_path)
    (tmp_path / "signing-1.key").unlink()

    first_signing_key(tmp_path)

    assert [key.signs for key in list_signing_keys(tmp_path)] == [False]
    assert signers_in(tmp_path, LOG) == []


async def test_a_memory_that_cannot_be_written_keeps_everything_unsigned(proved: Proved) -> None:
    proved.keys.joinpath(".last-checkpoint.lock").mkdir()

    async with proving(proved.prover()):
        await until(
            lambda: said(proved, "No checkpoint is signed: the last checkpoint cannot be remembered: IsADirectoryError")
        )

    assert await proved.proofs.latest() is None
    assert len(await proved.proofs.leaf_hashes([1])) == 1


async def test_a_crash_after_the_memory_was_written_loses_nothing_and_signs_the_same_again(proved: Proved) -> None:
    """The database fails as the checkpoint is stored, at which moment it is remembered already."""
    await proved.prove()
    await proved.report(events=2)
    await break_inserts_into(proved, "checkpoints")
    origin = (await proved.proofs.log()).origin.name

    async with proving(proved.prover()):
        await until(lambda: remembers(proved, origin, 3))
    lost = remembered(proved.keys, origin)
    latest = await proved.proofs.latest()
    assert latest is not None
    assert latest.size == 1
    assert await proved.proofs.leaf_hashes([2]) == {}

    await mend_inserts_into(proved, "checkpoints")
    await proved.report()
    again = await proved.prove()
    assert lost is not None
    path = await proved.proofs.consistency(3, 4)
    check_consistency(3, again.size, path, lost.root, again.root)


async def test_a_crash_before_the_memory_was_written_leaves_no_trace(proved: Proved) -> None:
    await proved.prove()
    await proved.report(events=2)
    await break_inserts_into(proved, "leaves")
    origin = (await proved.proofs.log()).origin.name

    async with proving(proved.prover()):
        await asyncio.sleep(0.2)
    assert await remembers(proved, origin, 1)

    await mend_inserts_into(proved, "leaves")
    assert (await proved.prove()).size == 3


async def remembers(proved: Proved, origin: str, size: int) -> bool:
    last = remembered(proved.keys, origin)
    return last is not None and last.size == size


async def break_inserts_into(proved: Proved, table: str) -> None:
    """As if the server went away in the middle of it."""
    connection = await proved.database.connect("superuser")
    await connection.execute(
        "create function public.away() returns trigger language plpgsql as"
        " $$begin raise exception 'away' using errcode = '57P01'; end$$"
    )
    await connection.execute(
        f"create trigger away before insert on proof.{table} for each row execute function public.away()"
    )
    await connection.close()


async def mend_inserts_into(proved: Proved, table: str) -> None:
    connection = await proved.database.connect("superuser")
    await connection.execute(f"drop trigger away on proof.{table}")
    await connection.execute("drop function public.away()")
    await connection.close()


def a_note(size: int, *, root: bytes = bytes(32), origin: str = LOG) -> str:
    return sign_checkpoint(Checkpoint(origin, size, root), [Signer.from_seed(origin, bytes(32))])


def test_the_memory_never_goes_back(tmp_path: Path) -> None:
    remember(tmp_path, a_note(5))
    remember(tmp_path, a_note(5))
    remember(tmp_path, a_note(9))

    with pytest.raises(OvertakenError):
        remember(tmp_path, a_note(8))

    assert remembered(tmp_path, LOG) == Checkpoint(LOG, 9, bytes(32))
    assert remembered(tmp_path, f"{LOG}/2") is None


def test_signers_in_several_processes_remember_the_largest(tmp_path: Path) -> None:
    def sign(sizes: range) -> None:
        for size in sizes:
            try:
                remember(tmp_path, a_note(size))
            except OvertakenError:
                continue

    threads = [threading.Thread(target=sign, args=[range(first, 60, 3)]) for first in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    last = remembered(tmp_path, LOG)
    assert last is not None
    assert last.size == 59


@pytest.mark.parametrize("content", ["", "nothing of the kind", a_note(3, origin="incident-ledger/another-log")])
def test_a_memory_that_is_damaged_is_said_not_passed_over(tmp_path: Path, content: str) -> None:
    remember(tmp_path, a_note(5))
    (tmp_path / "last-checkpoint-a-log").write_text(content)

    with pytest.raises(SecretFileError, match="last-checkpoint-a-log"):
        remembered(tmp_path, LOG)
    with pytest.raises(SecretFileError):
        remember(tmp_path, a_note(6))


def test_keys_are_numbered_and_the_last_one_cannot_be_retired(tmp_path: Path) -> None:
    for _ in range(2):
        add_signing_key(tmp_path)

    retired = retire_signing_key(tmp_path, 1)

    assert [(key.number, key.signs) for key in list_signing_keys(tmp_path)] == [(1, False), (2, True)]
    assert list_signing_keys(tmp_path)[0].public == retired.public
    assert not (tmp_path / "signing-1.key").exists()
    with pytest.raises(LastSigningKeyError):
        retire_signing_key(tmp_path, 2)
    for number in (1, 3):
        with pytest.raises(SigningKeyUnknownError):
            retire_signing_key(tmp_path, number)
    assert add_signing_key(tmp_path).number == 3


def test_a_key_that_others_may_read_signs_nothing(tmp_path: Path) -> None:
    key = add_signing_key(tmp_path)
    (tmp_path / "signing-1.key").chmod(0o644)

    with pytest.raises(SecretFileError, match=r"signing-1\.key is open to other users"):
        signers_in(tmp_path, LOG)

    (tmp_path / "signing-1.key").chmod(0o600)
    assert [signer.key for signer in signers_in(tmp_path, LOG)] == [key.verifier(LOG)]
    assert key.seed is not None
    assert key.seed.hex() not in repr(key)


@pytest.mark.parametrize("content", [b"", b"AAAA", b"\xff"])
def test_a_damaged_key_is_said(tmp_path: Path, content: bytes) -> None:
    add_signing_key(tmp_path)
    (tmp_path / "signing-1.key").write_bytes(content)

    with pytest.raises(SecretFileError, match="signing-1"):
        list_signing_keys(tmp_path)
