"""`incident-ledger migrate`: bring the database up to date."""

import asyncio

import typer

from service.settings import Settings, read_settings


def migrate() -> None:
    """Bring the database up to date: its roles and every migration that it has not had."""
    typer.echo(asyncio.run(_migrate(read_settings())))


async def _migrate(settings: Settings) -> str:
    from service.store.database import open_database
    from service.store.migrate import migrate as bring_up_to_date

    async with open_database(settings) as database:
        migrated = await bring_up_to_date(database)
    done = ", ".join(migrated.applied) or "nothing to do"
    return f"{database.name}: {done}; at {migrated.at}"
