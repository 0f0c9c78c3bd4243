"""The access log: who read what, as it stands, against what digests in the ledger committed to."""

from collections.abc import AsyncIterator

from service.proof.offline.damage import DamageError
from service.proof.offline.report import Report
from service.store.access.checking import check_access_log
from service.verifying.chunks import Connection


async def check_reads(connection: Connection, report: Report) -> AsyncIterator[DamageError]:
    """The first thing that is wrong with the access log; where nothing is, the report is told how far it is committed to."""
    checked = await check_access_log(connection)
    if checked.damage is not None:
        found = checked.damage
        yield DamageError(found.kind, f"the access log (access.reads), record {found.number}: {found.sentence}")
        return
    committed = f"{checked.digests} digests in the ledger commit to those up to {checked.digested_to}"
    report.holds(f"{checked.records} records of who read what (access.reads); {committed}")
    if checked.tail:
        report.warns(f"the newest {checked.tail} records of who read what are in no digest yet")
