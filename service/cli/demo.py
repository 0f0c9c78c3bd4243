"""`incident-ledger demo`: realistic cases over real HTTP on a simulated clock; then the server goes on serving."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape

from service.cli.looping import run
from service.settings import Settings, read_settings

if TYPE_CHECKING:
    import socket

    from service.demo.client import LedgerClient
    from service.demo.proving.ending import Ground

_HOST: Final = "127.0.0.1"
_USUAL_PORT: Final = 8000
_WIDTH: Final = 120
"""Of what is written to a file or another program."""

_LOG: Final = "demo.log"


def demo(
    port: Annotated[
        int | None, typer.Option(help="The port to listen on; else 8000, or a free one.", min=0, max=65535)
    ] = None,
    *,
    once: Annotated[bool, typer.Option("--once", help="End after the story instead of serving on.")] = False,
) -> None:
    """Play realistic cases over HTTP on a simulated clock, print what was recorded, and go on serving."""
    raise SystemExit(run(_demo(read_settings(), port, once=once)))


async def _demo(settings: Settings, port: int | None, *, once: bool) -> int:
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _WIDTH
    async with _serving(settings, port, console) as (url, client, stopped, ground):
        if not await _play_until(stopped, console, client, ground):
            return 0 if stopped.done() else 1
        if not once:
            from service.demo.printing import print_addresses

            print_addresses(console, url, str(settings.home))
            await stopped
    return 0


@asynccontextmanager
async def _serving(
    settings: Settings, port: int | None, console: Console
) -> AsyncIterator[tuple[str, "LedgerClient", "asyncio.Task[None]", "Ground"]]:
    import httpx

    from domain.ledger.events import Clock
    from service.bootstrap import Birth, ClockDiffersError, open_core
    from service.demo.client import LedgerClient
    from service.demo.proving.ending import Ground
    from service.demo.story import BEGINS_AT
    from service.identity.issuers import LocalIssuer
    from service.running import serving, url_of
    from service.serving import make_app
    from service.store.database import open_database
    from service.store.migrate import is_simulated, migrate

    async with AsyncExitStack() as stack:
        listener = stack.enter_context(_listener(port))
        url = url_of(listener)
        where = escape(str(settings.home)) if settings.database_url is None else "the database of DATABASE_URL"
        console.print(f"[dim]Opening the ledger in {where}: it runs on a simulated clock, now and always.[/]")
        database = await stack.enter_async_context(open_database(settings))
        if await is_simulated(database.owner) is False:  # before anything of a real ledger is touched
            raise ClockDiffersError("this ledger runs on the real clock: the demonstration needs one of its own")
        await migrate(database)
        birth = Birth(clock=Clock.SIMULATED, begins_at=BEGINS_AT)
        core = await stack.enter_async_context(open_core(settings, database, birth))
        outside = await stack.enter_async_context(httpx.AsyncClient())
        log = stack.enter_context((settings.home / _LOG).open("ab", buffering=0))
        stopped = await stack.enter_async_context(serving(make_app(core, outside, log=log), settings, listener))
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=url))
        issuer = LocalIssuer(core.folder)
        client = LedgerClient(http, lambda roles, org, subject: issuer.mint(roles, organisation=org, subject=subject))
        console.print(f"[dim]Serving at {url}; requests are written down in {escape(str(settings.home / _LOG))}.[/]")
        yield url, client, stopped, Ground(database, core.keyring, settings.home)


def _listener(port: int | None) -> "socket.socket":
    from service.running import PortUnavailableError, open_port

    try:
        return open_port(_HOST, _USUAL_PORT if port is None else port)
    except PortUnavailableError:
        if port is not None:
            raise
        return open_port(_HOST, 0)


async def _play_until(
    stopped: "asyncio.Task[None]", console: Console, client: "LedgerClient", ground: "Ground"
) -> bool:
    """Play the story; False when a step was refused, or when the server was told to stop before the end."""
    import httpx

    playing = asyncio.create_task(_play(console, client, ground))
    await asyncio.wait({playing, stopped}, return_when=asyncio.FIRST_COMPLETED)
    playing.cancel()
    try:
        return await playing
    except asyncio.CancelledError:
        return False
    except httpx.TransportError:  # a server that stops no longer answers, a moment before it is done
        await stopped
        return False


async def _play(console: Console, client: "LedgerClient", ground: "Ground") -> bool:
    """Play the story and print how everything stands; False when the service refused a step."""
    from service.demo import printing
    from service.demo.cast import COMMISSIONER, SAFETY_MANAGER
    from service.demo.client import RefusedError
    from service.demo.proving.ending import ProofFailedError, play_proof
    from service.demo.story import play

    try:
        played = await play(client, printing.PrintingTeller(console))
        incidents = [await client.ask(COMMISSIONER, f"/v1/incidents/{case}") for case in played.cases]
        cases = {each["id"]: f"{each['local_reference']} of {each['discovered_at'][:4]}" for each in incidents}
        clocks = await client.ask_all(COMMISSIONER, "/v1/timeliness")
        actions = await client.ask_all(SAFETY_MANAGER, "/v1/actions", incident=played.swab)
    except RefusedError as refused:
        console.print(f"[bold red]The story stopped:[/] {escape(str(refused))}")
        return False
    printing.print_clocks(console, cases, clocks)
    printing.print_actions(console, actions)
    printing.print_cases(console, incidents)
    try:
        await play_proof(played.stage, played.swab, ground)
    except (RefusedError, ProofFailedError) as failed:
        console.print(f"[bold red]The proof failed:[/] {escape(str(failed))}")
        return False
    return True
