"""`incident-ledger work`: the worker alone."""

import asyncio
import signal

from service.cli.looping import run
from service.settings import Settings, read_settings


def work() -> None:
    """Keep the read models and give the reactions until told to stop; ends with code 1 when a part of it has ended."""
    if not run(_work(read_settings())):
        raise SystemExit(1)


async def _work(settings: Settings) -> bool:
    """Work until told to stop (True), or until a part has ended, so that whoever watches the process starts it again."""
    from service.bootstrap import open_core
    from service.running import opened_database
    from service.serving import working

    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    async with opened_database(settings) as database, open_core(settings, database) as core, working(core) as parts:
        told = asyncio.create_task(stopping.wait())
        await asyncio.wait({told, *parts}, return_when=asyncio.FIRST_COMPLETED)
        told.cancel()
        return stopping.is_set()
