"""`incident-ledger what-if`: what other editions would have asked of the past of some providers; writes nothing."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any, Final

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from service.cli.looping import run
from service.settings import Settings, read_settings

if TYPE_CHECKING:
    from service.bootstrap import Core
    from service.store.what_ifs.asked import WhatIf
    from service.store.what_ifs.jobs import WhatIfs

_LOOK_SECONDS: Final = 0.1


class WhatIfFailedError(Exception):
    """The question could not be answered."""


def what_if(
    provider: Annotated[list[str], typer.Option(help="Whose past; may be given several times.")],
    edition: Annotated[
        list[str] | None, typer.Option(help="An edition in place of the one of its family, or beside the others.")
    ] = None,
    without: Annotated[list[str] | None, typer.Option(help="A family or an edition to do without.")] = None,
) -> None:
    """Print each duty that would be another, one JSON object a line; the counts are told on the error output."""
    run(_what_if(read_settings(), provider, edition or [], without or []))


async def _what_if(settings: Settings, providers: list[str], editions: list[str], without: list[str]) -> None:
    from service.bootstrap import open_core
    from service.running import opened_database
    from service.store.what_ifs.asked import ResultList
    from service.store.what_ifs.jobs import Rows, what_ifs_in

    async with opened_database(settings) as database, open_core(settings, database) as core:
        jobs = what_ifs_in(database)
        try:
            asked = await _ask(core, jobs, providers, editions=editions, without=without)
            found = await _answered(core, jobs, asked)
            async for row in jobs.each(found.id, Rows(list=ResultList.DUTIES)):
                typer.echo(orjson.dumps(row).decode())
        finally:
            await jobs.aclose()
    counted = (found.counts or {}).get("cases", {})
    told = ", ".join(f"{number} {what.replace('_', ' ')}" for what, number in sorted(counted.items())) or "no cases"
    typer.echo(f"At position {found.position}: {told}.", err=True)


async def _ask(
    core: "Core", jobs: "WhatIfs", providers: list[str], *, editions: list[str], without: list[str]
) -> "WhatIf":
    """Keep the question, as the ledger's own.

    Raises:
        BadParameter: the editions cannot be what a case is governed by.
    """
    from domain.incident.what_if.editions import ChangeImpossibleError, read_change
    from domain.kernel.words import Code
    from service.handling.identifiers import new_id
    from service.store.what_ifs.asked import NewWhatIf, Question

    try:
        change = read_change(core.desk.policy, [*map(Code, editions)], [*map(Code, without)])
    except ChangeImpossibleError as error:
        raise typer.BadParameter(f"{error.pointer.removeprefix('/')}: {error}") from None
    owners: dict[str, Any] = {name: core.desk.policy.named(Code(name)).organisation for name in editions}
    others = sorted(name for name, owner in owners.items() if owner is not None and {owner} != {*providers})
    if others:
        raise typer.BadParameter(f"{', '.join(others)}: an overlay is asked about its own provider alone")
    kept, _ = await jobs.ask(
        NewWhatIf(
            id=new_id(),
            asked_by=core.system.id,
            organisation=core.system.organisation,
            key=None,
            body=b"",
            question=Question(editions=change.put, without=tuple(sorted(change.without))),
            providers=sorted({*providers}),
            position=(await core.ledger.head()).position,
            as_of=await core.desk.time.now(),
        )
    )
    return kept


async def _answered(core: "Core", jobs: "WhatIfs", asked: "WhatIf") -> "WhatIf":
    """The question once it is answered, by this process or by a worker that was faster.

    Raises:
        WhatIfFailedError: it could not be.
    """
    from service.store.what_ifs.asked import JobStatus

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    running = asyncio.create_task(core.what_if_runner().run())
    try:
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("cases", total=None)
            found = asked
            while found.status not in (JobStatus.DONE, JobStatus.FAILED):
                await asyncio.sleep(_LOOK_SECONDS)
                found = await jobs.find(asked.id, asked_by=asked.asked_by) or found
                progress.update(task, completed=found.looked_at, total=found.total)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
    if found.status is JobStatus.FAILED:
        raise WhatIfFailedError(found.failure)
    return found
