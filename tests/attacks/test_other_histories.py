"""Whole histories put in the place of another: older backups, forks, and logs that were proved anew."""

from typing import Final

from service.proof.offline.damage import first_of
from service.proof.offline.report import Report
from tests.support.proof.attacked import FIRST, SECOND, Attacked
from tests.support.proof.rewritten import OLDER, UNPROVED, a_copy

LATE: Final = 200
_EDIT: Final = f"update ledger.events set build = 'another' where position = {LATE}"


def first(report: Report) -> tuple[str, int | None]:
    found = first_of(report.damages)
    return found.kind, found.position


async def test_an_older_backup_is_found_by_a_newer_checkpoint_that_the_auditor_holds(attacked: Attacked) -> None:
    async with a_copy(attacked) as copy:
        await copy.change(*OLDER)

        assert first(await copy.verified(held=(attacked.newer,))) == ("truncated", FIRST + 1)
        assert (await copy.verified(held=(attacked.older,))).code == 0


async def test_an_older_backup_alone_looks_like_a_shorter_log(attacked: Attacked) -> None:
    """Nothing in it speaks of what came later: the checkpoint outside is what makes it evidence."""
    async with a_copy(attacked) as copy:
        await copy.change(*OLDER)

        assert (await copy.verified()).code == 0


async def test_a_fork_with_the_signing_key_is_found_by_the_checkpoint_that_a_witness_signed(attacked: Attacked) -> None:
    async with a_copy(attacked) as copy:
        await copy.change(*OLDER)
        await copy.prove(size=SECOND + 20)

        assert (await copy.verified()).code == 0, "without a checkpoint from outside, a fork is as good as the other"
        assert (await copy.verified(held=(attacked.older,))).code == 0, "both branches begin with it"
        assert first(await copy.verified(held=(attacked.newer,))) == ("forked", None)
        assert first(await copy.verified(held=(attacked.witnessed,))) == ("forked", None)


async def test_a_log_proved_anew_with_another_key_is_a_forgery(attacked: Attacked) -> None:
    async with a_copy(attacked, own_key=True) as copy:
        await copy.change(_EDIT, *UNPROVED)
        await copy.prove()

        assert first(await copy.verified())[0] == "forged-signature"


async def test_a_log_proved_anew_under_the_old_checkpoints_is_found(attacked: Attacked) -> None:
    """Leaves, tiles and chains are rewritten consistently; only what was signed is as it was."""
    kept = ("checkpoints", "head_buckets", "origins")
    async with a_copy(attacked, own_key=True) as copy:
        await copy.change(*(f"create table public.{table} as table proof.{table}" for table in kept), _EDIT, *UNPROVED)
        await copy.prove()
        await copy.change(*(f"delete from proof.{table}" for table in ("cosignatures", *kept)))
        await copy.change(*(f"insert into proof.{table} table public.{table}" for table in kept))

        assert first(await copy.verified()) == ("edited", FIRST + 1)


async def test_a_log_proved_anew_with_its_own_key_is_found_by_a_held_checkpoint(attacked: Attacked) -> None:
    async with a_copy(attacked) as copy:
        await copy.change(_EDIT, *UNPROVED)
        await copy.prove()

        assert (await copy.verified()).code == 0
        assert first(await copy.verified(held=(attacked.older,))) == ("missing", FIRST), "it was published, and is gone"
        assert first(await copy.verified(held=(attacked.newer,))) == ("forked", None)


async def test_an_untouched_copy_in_another_database_holds(attacked: Attacked) -> None:
    async with a_copy(attacked) as copy:
        report = await copy.verified(held=(attacked.older, attacked.newer), keyring=attacked.keyring)

        assert report.text().endswith("EVERYTHING HOLDS\n")
