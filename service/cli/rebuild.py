"""`incident-ledger rebuild`: a read model built again beside the one that answers, compared, and switched to."""

import asyncio
from functools import partial
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from service.settings import Settings, read_settings


class ReadModelUnknownError(Exception):
    """There is no read model of this name."""


def rebuild(name: Annotated[str, typer.Argument(help="The read model, as `/_status` names it.")]) -> None:
    """Build a read model again from the first event, compare it with the one that answers, and switch to it."""
    asyncio.run(_rebuild(read_settings(), name))


async def _rebuild(settings: Settings, name: str) -> None:
    from projections.engine.versions.rebuild import Rebuild
    from projections.models import MODELS
    from service.bootstrap import open_core
    from service.running import opened_database
    from service.store.connect import connect

    model = next((model for model in MODELS if model.name == name), None)
    if model is None:
        known = ", ".join(model.name for model in MODELS)
        raise ReadModelUnknownError(f"no read model is called {name}; there are {known}")
    console = Console()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    async with opened_database(settings) as database, open_core(settings, database) as core:
        owner = await connect(database.owner, application="incident-ledger rebuild")
        try:
            with Progress(*columns, console=console) as progress:
                task = progress.add_task(name)
                rebuilding = Rebuild(
                    owner=owner,
                    connect=partial(connect, database.projector, application="incident-ledger rebuild"),
                    feed=core.feed,
                    progress=lambda done, total: progress.update(task, completed=done, total=total),
                )
                rebuilt = await rebuilding.run(model)
        finally:
            await owner.close()
    console.print(f"{name}: version {rebuilt.table_version} answers from position {rebuilt.position}")
    for table in rebuilt.parity.tables if rebuilt.parity else ():
        said = "equal" if table.digest_live == table.digest_new else f"{table.different} rows differ"
        console.print(f"  {table.table}: {table.rows_new} rows, {said}")
