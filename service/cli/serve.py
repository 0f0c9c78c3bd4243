"""`incident-ledger serve`: the API, with its worker inside."""

from contextlib import AsyncExitStack
from typing import Annotated

import typer

from service.cli.looping import run
from service.settings import Settings, read_settings


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.", min=0, max=65535)] = 8000,
    *,
    worker: Annotated[bool, typer.Option(help="Keep the read models and give the reactions in this process.")] = True,
) -> None:
    """Serve the API until told to stop; what is in flight is finished first."""
    run(_serve(read_settings(), host, port, worker=worker))


async def _serve(settings: Settings, host: str, port: int, *, worker: bool) -> None:
    import httpx

    from service.bootstrap import open_core
    from service.running import opened_database, run_server
    from service.serving import make_app

    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(opened_database(settings))
        core = await stack.enter_async_context(open_core(settings, database))
        client = await stack.enter_async_context(httpx.AsyncClient())
        await run_server(make_app(core, client, worker=worker), settings, host=host, port=port)
