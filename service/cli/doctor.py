"""`incident-ledger doctor`: check settings, durability, clocks and keys."""

import asyncio
from typing import Final

from rich.console import Console
from rich.markup import escape

from service.settings import Settings, documented_settings, read_settings

_GOOD: Final = "[green]good[/]"
_BAD: Final = "[bold red]BAD [/]"


def doctor() -> None:
    """Check settings, durability, clocks and keys; ends with code 1 where something is wrong."""
    console = Console(highlight=False, soft_wrap=True, emoji=False)  # a calendar is called :england:
    settings = read_settings()
    console.print(f"[green]good[/]  the settings can be used: {settings.mode} mode")
    for line in _told(settings):
        console.print(f"      [dim]{escape(line)}[/]")
    if not asyncio.run(_examine(settings, console)):
        raise SystemExit(1)


async def _examine(settings: Settings, console: Console) -> bool:
    from service.store.checkup import examine
    from service.store.database import open_database

    well = True
    async with open_database(settings) as database:
        async for finding in examine(database, settings):
            well = well and finding.good
            console.print(f"{_GOOD if finding.good else _BAD}  {finding.question}: {escape(finding.says)}")
    return well


def _told(settings: Settings) -> list[str]:
    """Each setting with its value; of a secret only whether it is given."""
    lines = []
    for each in documented_settings():
        value = getattr(settings, each.field)
        shown = ("given" if value else "not given") if each.secret else str(value if value is not None else "not given")
        lines.append(f"{each.name}: {shown} ({each.says})")
    return lines
