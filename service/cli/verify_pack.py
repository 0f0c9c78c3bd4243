"""`incident-ledger verify-pack`: the offline verifier, from where the service is installed."""

from typing import Annotated

import typer


def verify_pack(
    pack: Annotated[str, typer.Argument(help="The evidence pack: a ZIP, or the folder that it was unpacked into.")],
    key: Annotated[
        list[str] | None, typer.Option(help="A verifier key of the log, or a file of them; may be repeated.")
    ] = None,
    witness: Annotated[
        list[str] | None, typer.Option(help="The verifier key of a witness that must have signed.")
    ] = None,
    checkpoint: Annotated[str | None, typer.Option(help="A file with an earlier checkpoint, which you hold.")] = None,
) -> None:
    """Check an evidence pack; ends with 0 where it holds, 1 where something was changed, 2 where it could not check."""
    from service.proof.offline.command import report_on

    report = report_on(pack, keys=key or [], witnesses=witness or [], checkpoint=checkpoint)
    typer.echo(report.text(), nl=False)
    raise SystemExit(report.code)
