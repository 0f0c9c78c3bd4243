"""As `embedded_user`, but as an ordinary user: root rehearses with another home, then gives up its rights for good."""

import asyncio
import os
import sys
from pathlib import Path

from service.store.connect import connect
from service.store.embedded import EmbeddedServer
from service.store.embedded.places import make_shelf
from service.store.embedded.programs import Programs, find_programs
from service.store.embedded.server_user import find_server_user
from tests.support.running.embedded_user import say


async def _use(home: Path, programs: Programs) -> None:
    async with EmbeddedServer(home, programs=programs) as server:
        say("started" if server.started_here else "joined")
        while await asyncio.to_thread(sys.stdin.readline):
            connection = await connect(server.url())
            await connection.close()
            say("mine" if server.started_here else "another's")


async def _rehearse(home: Path) -> None:
    """Load every module while we still may: the ordinary user need not be able to read our interpreter's folder."""
    async with EmbeddedServer(home) as server:
        await (await connect(server.url())).close()


def main(home: Path, rehearsal: Path) -> None:
    """Use the home's server as an ordinary user until the input ends."""
    user = find_server_user()
    programs = find_programs(user=user, shelf=make_shelf(user=user))
    if user.drop:
        asyncio.run(_rehearse(rehearsal))
        os.setgroups([])
        os.setgid(user.gid)
        os.setuid(user.uid)
    asyncio.run(_use(home, programs))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
