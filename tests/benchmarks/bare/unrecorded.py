"""The service that writes down no read, to measure what that costs: `python -m tests.benchmarks.bare.unrecorded HOME PORT`."""

import asyncio
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import httpx

from service.bootstrap import open_core
from service.running import opened_database, run_server
from service.serving import make_app
from service.settings import Settings
from service.store.access.records import NewAccess


class Unrecorded:
    """An access log that keeps nothing."""

    async def append(self, _record: NewAccess) -> int:
        """Forget it at once."""
        return 0


async def _serve(home: Path, port: int) -> None:
    settings = Settings(home=home)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(opened_database(settings))
        core = await stack.enter_async_context(open_core(settings, database))
        client = await stack.enter_async_context(httpx.AsyncClient())
        app = make_app(core, client, worker=False)
        app.state.access_log = Unrecorded()
        await run_server(app, settings, host="127.0.0.1", port=port)


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), int(sys.argv[2])))
