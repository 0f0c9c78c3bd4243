"""The embedded server in one process: made, found again, kept safe, and recovered after a crash."""

import os
import signal
import socket
import stat
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from service.store.connect import connect
from service.store.embedded import EmbeddedServer, ServerStartError, places
from service.store.embedded.places import (
    DataGoneError,
    PlaceUnreachableError,
    PlaceUnsafeError,
    make_data,
    make_sockets,
    places_for,
    way_into,
)
from service.store.embedded.process import PORT
from service.store.embedded.programs import find_programs
from service.store.embedded.server_user import ServerUser, find_server_user
from tests.support.running.homes import a_home, every_version

VERSIONS = every_version()
Homes = dict[str, Path]


@pytest.fixture(scope="module")
def homes(spare_home: Path) -> Iterator[Homes]:
    """A home for each version, made once: the first start of each takes seconds."""
    with ExitStack() as stack:
        others = {version: stack.enter_context(a_home()) for version in VERSIONS if version != "wheel"}
        yield {"wheel": spare_home, **others}


async def ask(server: EmbeddedServer, question: str, **who: str) -> Any:
    connection = await connect(server.url(**who))
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


def a_bystander(user: ServerUser) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(["/bin/sleep", "60"], cwd="/", **user.popen_arguments())


async def write_a_row(server: EmbeddedServer) -> None:
    connection = await connect(server.url())
    await connection.execute("create table if not exists kept (words text); insert into kept values ('still here')")
    await connection.close()


@pytest.mark.parametrize("version", VERSIONS)
async def test_what_was_stored_is_there_after_a_stop_and_a_start(homes: Homes, version: str) -> None:
    home, programs = homes[version], VERSIONS[version]
    async with EmbeddedServer(home, programs=programs) as first:
        await write_a_row(first)
        assert first.started_here

    async with EmbeddedServer(home, programs=programs) as second:
        assert await ask(second, "select words from kept") == "still here"


@pytest.mark.parametrize("version", VERSIONS)
async def test_our_user_may_act_for_every_role_of_a_new_database(homes: Homes, version: str) -> None:
    home, programs = homes[version], VERSIONS[version]
    async with EmbeddedServer(home, programs=programs) as server:
        await server.create_database("another")
        await ask(server, "create role another_writer login")

        assert await ask(server, "select current_user", user="another_writer", database="another") == "another_writer"


async def test_it_listens_on_no_network_and_loses_nothing_in_a_crash(server: EmbeddedServer) -> None:
    assert await ask(server, "show listen_addresses") == ""
    assert [await ask(server, f"show {name}") for name in ("fsync", "synchronous_commit", "data_checksums")] == [
        "on",
        "on",
        "on",
    ]


async def test_the_owner_is_no_superuser(server: EmbeddedServer) -> None:
    assert not await ask(server, "select rolsuper from pg_roles where rolname = current_user")


async def test_the_log_holds_no_value_of_a_refused_statement(server: EmbeddedServer) -> None:
    connection = await connect(server.url())
    await connection.execute("create temporary table people (name text primary key); insert into people values ('Ada')")
    with pytest.raises(asyncpg.UniqueViolationError):
        await connection.execute("insert into people values ('Ada')")
    await connection.close()

    log = server.places.log.read_text()
    assert "duplicate key" in log
    assert "Ada" not in log


async def test_a_second_object_uses_the_server_and_leaves_it_running(spare_home: Path) -> None:
    async with EmbeddedServer(spare_home) as first:
        async with EmbeddedServer(spare_home) as second:
            assert not second.started_here

        assert await ask(first, "select 1") == 1


async def test_nothing_answers_after_the_starter_has_left(spare_home: Path) -> None:
    async with EmbeddedServer(spare_home) as server:
        url, sockets = server.url(), server.places.sockets

    assert not sockets.exists()
    with pytest.raises(OSError, match=r"o such file|refused"):
        await connect(url)


async def test_a_server_that_was_killed_is_started_again_and_has_lost_nothing(spare_home: Path) -> None:
    async with EmbeddedServer(spare_home) as server:
        await write_a_row(server)
        first = server.process_id
        assert first is not None
        os.kill(first, signal.SIGKILL)

        async with EmbeddedServer(spare_home) as waiting:  # starts it, or waits for the one who does
            assert await ask(waiting, "select words from kept") == "still here"


async def test_a_pid_file_that_names_another_living_program_stops_nothing(spare_home: Path) -> None:
    """In a container the same few process numbers come round again."""
    async with EmbeddedServer(spare_home) as server:
        found, user = server.places, server.user
    bystander = a_bystander(user)
    stale = [str(bystander.pid), str(found.data.resolve()), "1", "5432", str(found.sockets), "", "", "ready"]
    (found.data / "postmaster.pid").write_text("\n".join(stale))
    user.own(found.data / "postmaster.pid")
    try:
        async with EmbeddedServer(spare_home, start_seconds=5) as server:
            assert server.started_here
    finally:
        bystander.kill()
        bystander.wait()


@pytest.mark.parametrize("above", [0o700, 0o755])
async def test_the_data_lie_in_the_home_whoever_may_enter_the_folders_above(above: int) -> None:
    """As root the server is another user; it works all the same, and no folder is opened for it."""
    with a_home(above=above) as home:
        async with EmbeddedServer(home) as server:
            assert await ask(server, "select 1") == 1
            assert (home / f"pg{server.programs.major}" / "PG_VERSION").exists()

        assert stat.S_IMODE(home.parent.stat().st_mode) == above
        assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_a_folder_that_the_server_user_cannot_enter_is_handed_over_open(home: Path) -> None:
    home.mkdir()
    (home / "inside").write_text("here")
    stranger = ServerUser("stranger", uid=54321, gid=54321, drop=True)

    with way_into(home, user=stranger) as (name, arguments):
        said = subprocess.run(["/bin/ls", f"{name}/"], check=True, capture_output=True, text=True, **arguments).stdout

    assert said == "inside\n"


def test_a_folder_that_the_server_user_can_enter_is_called_by_its_name(home: Path) -> None:
    home.mkdir()
    ourselves = ServerUser("ourselves", uid=os.geteuid(), gid=os.getegid(), drop=False)

    with way_into(home, user=ourselves) as way:
        assert way == (str(home.resolve()), {})


def test_without_another_way_in_the_home_must_be_enterable(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home.mkdir()
    monkeypatch.setattr(places, "OPEN_FOLDERS", home / "nowhere")

    stranger = ServerUser("stranger", uid=54321, gid=54321, drop=True)

    with pytest.raises(PlaceUnreachableError, match="INCIDENT_LEDGER_HOME"), way_into(home, user=stranger):
        pass


def test_a_socket_lies_where_the_server_user_can_make_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(home.parent))
    stranger = ServerUser("stranger", uid=54321, gid=54321, drop=True)

    assert places_for(home, major=18, user=find_server_user()).sockets.parent in {home.parent, Path("/tmp")}
    assert places_for(home, major=18, user=stranger).sockets.parent == Path("/tmp")


def test_data_that_have_gone_from_behind_a_link_are_not_replaced_by_an_empty_ledger(home: Path) -> None:
    home.mkdir(mode=0o711)
    (home / "pg18").symlink_to("/nowhere/at/all")

    with pytest.raises(DataGoneError, match="restore it"):
        make_data(places_for(home, major=18, user=find_server_user()), user=find_server_user())


async def test_a_socket_folder_of_somebody_else_is_not_trusted(home: Path) -> None:
    """Anybody can make a folder of that name in the shared temp folder, and a false server in it."""
    user = find_server_user()
    found = places_for(home, major=18, user=find_server_user())
    make_sockets(found, user=user)
    found.sockets.chmod(0o777)
    false_server = socket.socket(socket.AF_UNIX)
    false_server.bind(str(found.sockets / f".s.PGSQL.{PORT}"))
    false_server.listen()
    false_server.setblocking(False)

    with pytest.raises(PlaceUnsafeError, match="not a private folder"):
        async with EmbeddedServer(home):
            pass

    with false_server, pytest.raises(BlockingIOError):
        false_server.accept()  # nobody has spoken to it


async def test_a_server_that_cannot_start_says_why_in_its_own_words(spare_home: Path) -> None:
    with pytest.raises(ServerStartError, match="shared_buffers"):
        async with EmbeddedServer(spare_home, settings={"shared_buffers": "nonsense"}, start_seconds=0.1):
            pass


def test_a_user_can_enter_a_folder_only_through_open_folders(home: Path) -> None:
    home.mkdir(mode=0o711)
    stranger = ServerUser("stranger", uid=54321, gid=54321, drop=True)
    assert not stranger.can_enter(home)

    home.parent.chmod(0o711)
    assert stranger.can_enter(home)


def test_programs_that_the_server_user_cannot_reach_are_copied_once(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = home
    shelf.mkdir()
    stranger = ServerUser("stranger", uid=54321, gid=54321, drop=True)
    monkeypatch.setattr(ServerUser, "can_run", lambda _self, path: path.is_relative_to(shelf))

    copied = find_programs(user=stranger, shelf=shelf)
    made = copied.postgres.stat().st_mtime_ns, copied.postgres.stat().st_ino

    assert copied.postgres.is_relative_to(shelf)
    assert find_programs(user=stranger, shelf=shelf) == copied
    assert (copied.postgres.stat().st_mtime_ns, copied.postgres.stat().st_ino) == made
    assert [path.name for path in shelf.iterdir()] == [copied.postgres.parents[3].name], "nothing half made is left"
    subprocess.run([copied.initdb, "--version"], check=True, capture_output=True)  # its libraries were copied too
