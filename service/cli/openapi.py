"""`incident-ledger openapi`: the published contract, printed or written."""

from pathlib import Path
from typing import Annotated

import typer


def openapi(
    write: Annotated[
        Path | None,
        typer.Option(help="Write the whole contract (OpenAPI, AsyncAPI, problems, events) into this folder instead."),
    ] = None,
) -> None:
    """Print the OpenAPI document, or write the whole contract into a folder."""
    from service.document import openapi_text, write_contract

    if write is not None:
        write_contract(write)
        return
    typer.echo(openapi_text().decode(), nl=False)
