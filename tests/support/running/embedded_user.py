"""A process that uses the embedded server of a home until its input ends: `python -m tests.support.running.embedded_user HOME`.

It says `started` or `joined`, then answers each line of input with `mine`, `another's` or `gone`.
"""

import asyncio
import sys
from pathlib import Path

from service.store.connect import connect
from service.store.embedded import EmbeddedServer


async def _use(home: Path) -> None:
    async with EmbeddedServer(home) as server:
        say("started" if server.started_here else "joined")
        while await asyncio.to_thread(sys.stdin.readline):
            say(await _whose(server))


async def _whose(server: EmbeddedServer) -> str:
    try:
        connection = await connect(server.url())
    except (OSError, TimeoutError):
        return "gone"
    await connection.close()
    return "mine" if server.started_here else "another's"


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(_use(Path(sys.argv[1])))
