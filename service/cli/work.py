"""`incident-ledger work`: the worker alone."""

import asyncio
import signal

from service.cli.looping import run
from service.settings import Settings, read_settings


def work() -> None:
    """Keep the read models and give the reactions until told to stop."""
    run(_work(read_settings()))


async def _work(settings: Settings) -> None:
    from service.bootstrap import open_core
    from service.running import opened_database
    from service.serving import working

    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    async with opened_database(settings) as database, open_core(settings, database) as core, working(core):
        await stopping.wait()
