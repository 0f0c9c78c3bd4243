"""`incident-ledger resume`: go on with a ledger that is not the one that was signed, by a decision that is recorded."""

import asyncio
from dataclasses import replace
from typing import Annotated

import typer

from service.settings import Settings, read_settings


def resume(
    reason: Annotated[
        str, typer.Option(help="Why, in one line: every reader of the log is shown it. Name nobody in it.")
    ],
) -> None:
    """Go on after a restore that lost what was signed: under another name, said in the log. Stop every server first."""
    asyncio.run(_resume(read_settings(), reason))


async def _resume(settings: Settings, reason: str) -> None:
    from domain.kernel.streams import LEDGER_STREAM
    from domain.kernel.words import Label, OperatorNote
    from domain.ledger.commands.resume_ledger import ResumeLedger, ResumeUnexplained
    from service.bootstrap import open_unlike_signed
    from service.handling.order import Order
    from service.handling.tasks.ground import RESUME_LEDGER
    from service.proof.lines import base64_of
    from service.running import opened_database
    from service.store.proofs.resuming import find_difference, take_name

    async with opened_database(settings) as database:
        found = await find_difference(database.reader, settings.keys)
        command = ResumeLedger(
            origin=Label(found.origin.name),
            loss=found.loss,
            signed_size=found.signed.size,
            signed_root=Label(base64_of(found.signed.root)),
            reason=OperatorNote(reason),
        )
        async with open_unlike_signed(settings, database) as core:
            # One key for each name: whoever was interrupted and says it again adds nothing.
            order = Order(
                actor=core.system, client=b"resume", subject="operator", fingerprint=b"resume", key=found.origin.name
            )
            try:
                receipt = await core.desk.change(order, RESUME_LEDGER, lambda _pen: command, stream=LEDGER_STREAM)
            except ResumeUnexplained as refusal:
                raise typer.BadParameter(refusal.title()) from None
            position = receipt.position
            await take_name(database.projector, replace(found.origin, since_size=position - 1, decided_at=position))
    typer.echo(
        f"The ledger goes on as {found.origin.name} from position {position}, where the decision stands."
        f" {found.signed.size} events were signed as {found.signed.origin}; what the signer remembers of them is kept."
        " Tell the new name to auditors and witnesses, with the keys that sign, and start the service."
    )
