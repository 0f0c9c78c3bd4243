"""The second form of the clocks: at once where nothing was told, and beside the first where something was."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from domain.incident.events import IncidentReported
from projections.engine.versions.rebuild import Rebuild
from projections.timeliness.model import MODEL
from service.store import migrate as migrating
from service.store.connect import Database, connect
from service.store.migrate import migrate
from tests.support.chronicle import opened_duty
from tests.support.decisions import NOON
from tests.support.read_models.projections import MemoryFeed, Story
from tests.support.sample_events import sample

FIRST_FORM = ("0001", "0002", "0003")
ROOT = Path(__file__).parents[3]


def told() -> MemoryFeed:
    """A log in which one clock was opened."""
    story = Story()
    opened = opened_duty("clock", "first", due_at=NOON)
    story.tell(replace(sample(IncidentReported), originator_id=opened.originator_id))
    story.tell(opened)
    return MemoryFeed(story.events)


@pytest.fixture
async def owner(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The owner of a database that an older program has migrated."""
    scripts = tmp_path / "migrations"
    shutil.copytree(ROOT / "migrations", scripts)
    for script in (scripts / "versions").glob("*.py"):
        if not script.name.startswith(FIRST_FORM):
            script.unlink()
    with monkeypatch.context() as patched:
        patched.setattr(migrating, "_SCRIPTS", scripts)
        assert (await migrate(database)).at == "0003"
    connection = await connect(database.owner)
    yield connection
    await connection.close()


async def standing(owner: asyncpg.Connection) -> tuple[int, list[tuple[int, int, str]]]:
    """Which tables answer, and every version of them with its code and how it stands."""
    live = await owner.fetchval("select table_version from projections.live where name = 'timeliness'")
    versions = await owner.fetch(
        "select table_version, code_version, status from projections.positions where name = 'timeliness' order by 1"
    )
    return live, [tuple(row) for row in versions]


async def rights(owner: asyncpg.Connection, table: str) -> dict[str, list[str]]:
    """What each role but the owner may do with a table, by the last word of its name."""
    found = await owner.fetch(
        """select grantee::regrole::text as role, array_agg(lower(privilege_type) order by privilege_type) as rights
           from pg_class, aclexplode(relacl) where oid = $1::text::regclass and grantee <> relowner group by grantee""",
        f"projections.{table}",
    )
    return {row["role"].strip('"').rpartition("_")[2]: row["rights"] for row in found}


async def test_a_ledger_without_events_has_the_second_form_at_once(database: Database, owner: Any) -> None:
    assert await standing(owner) == (1, [(1, 1, "running")])
    before = [await rights(owner, f"timeliness_v1{part}") for part in ("", "_history", "_state")]

    await migrate(database)

    assert await standing(owner) == (MODEL.version, [(MODEL.version, MODEL.version, "running")])
    assert await owner.fetchval("select to_regclass('projections.timeliness_v1')") is None
    assert [await rights(owner, f"timeliness_v2{part}") for part in ("", "_history", "_state")] == before


async def test_where_events_were_told_the_first_form_answers_until_the_second_is_built(
    database: Database, owner: Any
) -> None:
    await owner.execute(
        """insert into ledger.events values (1, $1, 1, $1, 'x', '', 'ZZ1', $1, null, null, $2, $2, '{}', 'test')""",
        UUID(int=1),
        NOON,
    )
    await owner.execute("update projections.positions set position = 2 where name = 'timeliness'")

    await migrate(database)
    assert await standing(owner) == (1, [(1, 1, "running")])

    async def projector() -> asyncpg.Connection:
        return await connect(database.projector)

    rebuilt = await Rebuild(owner, projector, told(), lambda *_: None).run(MODEL)

    assert (rebuilt.table_version, rebuilt.position) == (2, 2)
    assert rebuilt.parity is not None
    assert (rebuilt.parity.same_code, rebuilt.parity.tables[0].only_new) == (False, 1)
    assert await standing(owner) == (2, [(1, 1, "retired"), (2, 2, "running")])
