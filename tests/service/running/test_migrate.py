"""Migrations: run once whoever asks, all or nothing, and known to every role."""

import asyncio
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from service.store import migrate as migrating
from service.store.connect import Database, DatabaseUnfitError, connect
from service.store.migrate import migrate, newest_revision, revision_of

ROOT = Path(__file__).parents[3]

BROKEN = '''"""pre break after a first step."""
from alembic import op
revision, down_revision, branch_labels, depends_on = "9999", "{newest}", None, None
def upgrade():
    op.execute("create table half_done (id int)")
    op.execute("select 1/0")
'''


async def test_an_empty_database_is_brought_up_to_date_once(database: Database) -> None:
    first = await migrate(database)
    second = await migrate(database)

    assert first.applied[0] == "0001"
    assert (first.at, second.at) == (newest_revision(), newest_revision())
    assert second.applied == ()


async def test_two_that_migrate_at_once_do_it_once(database: Database) -> None:
    done = await asyncio.gather(migrate(database), migrate(database), migrate(database))

    assert sorted(len(each.applied) > 0 for each in done) == [False, False, True]
    assert {each.at for each in done} == {newest_revision()}


async def test_every_role_can_tell_the_revision(database: Database) -> None:
    await migrate(database)

    for url in (database.owner, database.writer, database.projector, database.reader):
        assert await revision_of(url) == newest_revision()


async def test_a_database_without_migrations_has_no_revision(database: Database) -> None:
    assert await revision_of(database.owner) is None


async def test_a_database_of_a_later_release_is_left_alone_and_said(database: Database) -> None:
    await migrate(database)
    owner = await connect(database.owner)
    await owner.execute("update migrations.alembic_version set version_num = '9998'")
    await owner.close()

    with pytest.raises(DatabaseUnfitError, match="at 9998, which this program, at"):
        await migrate(database)


async def test_a_migration_that_fails_leaves_nothing_behind(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await migrate(database)
    scripts = tmp_path / "migrations"
    shutil.copytree(ROOT / "migrations", scripts)
    (scripts / "versions" / "9999_broken.py").write_text(BROKEN.format(newest=newest_revision()))
    monkeypatch.setattr(migrating, "_SCRIPTS", scripts)

    with pytest.raises(Exception, match="division by zero"):
        await migrate(database)

    owner = await connect(database.owner)
    assert await owner.fetchval("select to_regclass('half_done')") is None
    await owner.close()
    assert await revision_of(database.owner) == before.at


async def test_the_roles_cannot_rewrite_what_was_migrated(database: Database) -> None:
    await migrate(database)
    writer = await connect(database.writer)

    with pytest.raises(Exception, match="permission denied"):
        await writer.execute("update migrations.alembic_version set version_num = '0'")
    await writer.close()


def test_an_installed_wheel_carries_the_migrations(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    ask = "from service.store.migrate import newest_revision, __file__ as f; print(newest_revision(), f)"
    said = subprocess.run(
        [sys.executable, "-c", ask],
        cwd=tmp_path / "installed",
        env={"PYTHONPATH": str(tmp_path / "installed")},
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()

    assert said == [newest_revision(), str(tmp_path / "installed" / "service" / "store" / "migrate.py")]
    here = {str(path.relative_to(ROOT)) for path in (ROOT / "migrations").rglob("*.sql")}
    assert here <= set(zipfile.ZipFile(wheel).namelist())
