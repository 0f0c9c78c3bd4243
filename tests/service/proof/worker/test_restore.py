"""A database that was put back to an older state: nothing is appended or signed until somebody has decided to go on."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
import pytest_asyncio

from domain.ledger.events import Loss
from service.proof.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from service.store.proofs.memory import remember, remembered
from service.store.proofs.resuming import NothingToResumeError, find_difference, take_name
from service.store.proofs.signing_keys import list_signing_keys, signers_in
from service.store.proofs.standing import LedgerBehindError, LedgerForkedError, LedgerLostError, check_standing
from tests.support.proof.proved import Proved, a_copy, a_proved_ledger, proving
from tests.support.running.database import Database
from tests.support.running.postgres import EMBEDDED, Server

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Lost:
    """A ledger of which 7 events were signed, a backup of when there were 4, and the keys, which outlive the loss."""

    server: Server
    newer: Database
    backup: Database
    keys: Path


@dataclass
class Restored:
    """The same for one test, to do with as it likes."""

    lost: Lost
    keys: Path

    @property
    def server(self) -> Server:
        return self.lost.server

    @cached_property
    def newer(self) -> Database:
        return a_copy(self.server, self.lost.newer)

    @cached_property
    def backup(self) -> Database:
        return a_copy(self.server, self.lost.backup)

    @asynccontextmanager
    async def opened(self, database: Database) -> AsyncIterator[Proved]:
        async with a_proved_ledger(self.server, database, self.keys) as proved:
            yield proved


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lost(servers: dict[int, Server], tmp_path_factory: pytest.TempPathFactory) -> Lost:
    server, keys = servers[EMBEDDED], tmp_path_factory.mktemp("lost") / "keys"
    async with a_proved_ledger(server) as proved:
        await proved.report(events=3)
        await proved.prove()
        database = proved.database
        shutil.copytree(proved.keys, keys)
    backup = a_copy(server, database)
    async with a_proved_ledger(server, database, keys) as proved:
        await proved.report(events=3)
        await proved.prove()
    return Lost(server, database, backup, keys)


@pytest.fixture
def restored(lost: Lost, tmp_path: Path) -> Restored:
    return Restored(lost, shutil.copytree(lost.keys, tmp_path / "keys"))


async def test_the_ledger_that_was_signed_stands(restored: Restored) -> None:
    async with restored.opened(restored.newer) as proved:
        await check_standing(proved.urls().reader, restored.keys)
        with pytest.raises(NothingToResumeError):
            await find_difference(proved.urls().reader, restored.keys)


async def test_an_older_backup_is_refused_and_the_sentence_says_why(restored: Restored) -> None:
    async with restored.opened(restored.backup) as proved:
        with pytest.raises(LedgerBehindError) as refused:
            await check_standing(proved.urls().reader, restored.keys)
        await proved.prover().run()

        said = str(refused.value)
        assert said.startswith("The ledger ends at position 4, but 7 events were signed: was an older backup restored?")
        assert "incident-ledger resume --reason" in said
        assert await proved.standing() == ("stopped", said)
        latest = await proved.proofs.latest()
        assert latest is not None
        assert latest.size == 4


async def test_an_older_backup_that_was_gone_on_with_is_refused_however_long_it_has_become(restored: Restored) -> None:
    async with restored.opened(restored.backup) as proved:
        await proved.report(events=10)  # by a program that knew nothing of what was signed

        with pytest.raises(LedgerForkedError, match="The first 7 events are not those that were signed"):
            await check_standing(proved.urls().reader, restored.keys)
        await proved.prover().run()

        status, message = await proved.standing()
        assert status == "stopped"
        assert message is not None
        assert message.startswith("The first 7 events are not those that were signed")


async def test_a_fork_whose_own_tree_was_built_elsewhere_is_never_signed_with_these_keys(
    restored: Restored, tmp_path: Path
) -> None:
    async with restored.opened(restored.backup) as proved:
        await proved.report(events=10)
        others = tmp_path / "others"
        shutil.copytree(restored.keys, others)
        for memory in others.glob("last-checkpoint-*"):
            memory.unlink()
        await proved.prove(keys=others)  # the holder of the key forks the log

        with pytest.raises(LedgerForkedError):
            await check_standing(proved.urls().reader, restored.keys)


async def test_an_empty_database_is_not_begun_anew_with_the_keys_of_a_lost_ledger(
    restored: Restored, tmp_path: Path
) -> None:
    empty = restored.server.new_database()
    async with a_proved_ledger(restored.server, empty, restored.keys) as proved:
        with pytest.raises(LedgerLostError, match="The database holds no event"):
            await check_standing(proved.urls().reader, restored.keys)
        await check_standing(proved.urls().reader, tmp_path / "new keys")


async def test_a_ledger_that_is_gone_on_with_signs_under_another_name_and_forgets_nothing(restored: Restored) -> None:
    async with restored.opened(restored.backup) as proved:
        before = (await proved.proofs.log()).origin.name
        lost = remembered(restored.keys, before)
        found = await find_difference(proved.urls().reader, restored.keys)
        assert (found.loss, found.signed, found.origin.name) == (Loss.SHORTER, lost, f"{before}/2")

        await take_name(proved.urls().projector, found.origin)
        await check_standing(proved.urls().reader, restored.keys)
        await proved.report()
        latest = await proved.prove()

        [key] = list_signing_keys(restored.keys)
        opened = open_checkpoint(latest.note, f"{before}/2", [key.verifier(f"{before}/2")])
        assert opened.checkpoint.size == 5
        assert remembered(restored.keys, before) == lost
        [first, *_] = await proved.proofs.leaf_records([1])
        assert first.log == before  # the bytes of a leaf never change


async def test_a_name_that_a_lost_state_took_is_not_taken_again(restored: Restored) -> None:
    early = a_copy(restored.server, restored.backup)
    async with restored.opened(restored.backup) as proved:
        found = await find_difference(proved.urls().reader, restored.keys)
        await take_name(proved.urls().projector, found.origin)
        await proved.report()
        await proved.prove()

    async with restored.opened(early) as proved:
        again = await find_difference(proved.urls().reader, restored.keys)

    assert again.origin.name == found.origin.name.removesuffix("/2") + "/3"


async def test_leaves_that_are_not_stored_yet_are_made_before_roots_are_compared(restored: Restored) -> None:
    """As after a crash between remembering a checkpoint and storing it."""
    async with restored.opened(restored.newer) as proved:
        await proved.tamper("delete from proof.leaves where position > 4")
        await proved.tamper("delete from proof.checkpoints where size > 4")
        await proved.tamper("delete from proof.head_buckets where size > 4")

        await check_standing(proved.urls().reader, restored.keys)
        latest = await proved.prove()

        last = remembered(restored.keys, (await proved.proofs.log()).origin.name)
        assert last is not None
        assert (latest.size, latest.root) == (last.size, last.root)


async def test_another_history_that_was_signed_meanwhile_stops_a_prover_at_work(restored: Restored) -> None:
    """As where a standby is promoted under it, or a second worker with the same keys has another database."""
    async with restored.opened(restored.newer) as proved, proving(proved.prover()) as task:
        await proved.covered(task)
        origin = (await proved.proofs.log()).origin.name
        other = Checkpoint(origin, 7, bytes(32))
        remember(restored.keys, sign_checkpoint(other, signers_in(restored.keys, origin)))
        await proved.report()
        await asyncio.wait([task], timeout=30)

        _, message = await proved.standing()
        assert message is not None
        assert message.startswith("The first 7 events are not those that were signed")
        assert remembered(restored.keys, origin) == other
        assert (await proved.proofs.latest() or pytest.fail("none")).size == 7


async def test_a_stored_tree_that_is_changed_under_a_prover_at_work_is_not_signed_on(restored: Restored) -> None:
    async with restored.opened(restored.newer) as proved, proving(proved.prover()) as task:
        await proved.covered(task)
        await proved.tamper("update proof.leaves set hash = sha256('') where position = 7")
        await proved.report()
        await asyncio.wait([task], timeout=30)

        assert (await proved.standing())[0] == "stopped"
        assert (await proved.proofs.latest() or pytest.fail("none")).size == 7
