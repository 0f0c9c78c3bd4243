"""The verification with the rights that `incident-ledger verify` has: it reads everything, as a role that may change nothing."""

from service.proof.offline.report import Report
from service.verifying.live import Verification
from tests.support.proof.attacked import Attacked


async def test_whoever_only_reads_can_verify_everything(attacked: Attacked) -> None:
    connection, report = await attacked.database.reader(), Report()

    await Verification(connection, attacked.trusted(), report).run()

    assert report.text().endswith("EVERYTHING HOLDS\n")
    await connection.close()
