"""The ledger verified; one byte of a copy changed and found out; an evidence pack made, checked, and changed in vain."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from service.demo.cast import ADMINISTRATOR, AUDITOR
from service.demo.proving.copies import CopyRefusedError, change_one_byte, copied
from service.demo.proving.packs import changed_pack, check_pack, fetch_pack
from service.demo.stage import Stage
from service.proof.offline.command import trusted_keys
from service.proof.offline.notes import VerifierKey
from service.proof.offline.report import DAMAGED, HOLDS, Report
from service.store.connect import Database, connect
from service.vault.keyring import Keyring
from service.verifying.live import Trusted, Verification

FOLDER: Final = "evidence-pack"


class ProofFailedError(Exception):
    """What should hold does not, or what was changed was not found out."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What the ledger stands on: its database, the keyring that opens what is sealed, the home folder."""

    database: Database
    keyring: Keyring
    home: Path


async def play_proof(stage: Stage, incident: str, ground: Ground) -> None:
    """Ask whether anybody rewrote the story, and show how that would be found out.

    Raises:
        RefusedError: the service refused what the story takes for granted.
        ProofFailedError: the ledger does not hold, or a change was not found out.
    """
    stage.teller.chapter("Proof: did anybody rewrite this story?")
    await stage.client.ask(AUDITOR, "/v1/audit/checkpoints/latest", min_position=stage.position)
    keys = [each["vkey"] for each in (await stage.client.ask(AUDITOR, "/v1/audit/keys"))["keys"]]
    held = await _verified(ground.database, keys, ground.keyring)
    stage.tell(AUDITOR, "verifies the whole ledger: incident-ledger verify", _expected(held, HOLDS))
    await _change_a_copy(stage, incident, ground, keys)
    pack = await fetch_pack(stage, incident, ground.home / FOLDER)
    code, lines = await check_pack(pack, keys)
    stage.tell(
        AUDITOR,
        "takes the evidence pack of the swab away, and checks it with the one file that is in it",
        [f"$ python verify_pack.py {pack.name} --key ...", *checked(code, HOLDS, lines)],
    )
    code, lines = await check_pack(changed_pack(pack), keys)
    stage.tell(AUDITOR, "changes one character of a copy of the pack, and checks that", checked(code, DAMAGED, lines))


async def _change_a_copy(stage: Stage, incident: str, ground: Ground, keys: Sequence[str]) -> None:
    events = await stage.client.ask(AUDITOR, f"/v1/incidents/{incident}/events", limit=1)
    position = int(events[0]["position"])
    try:
        async with copied(ground.database) as copy:
            await change_one_byte(copy, position)
            found = await _verified(copy, keys, ground.keyring)
    except CopyRefusedError:
        stage.teller.note("This server lets its owner make no copy of the database, so that none is changed here.")
        return
    lines = [
        f"In event {position}, the report of the swab, ZZ1 becomes ZZ0: as the owner of the tables, with triggers off.",
        *_expected(found, DAMAGED, naming=f"position {position}:"),
    ]
    stage.tell(ADMINISTRATOR, "changes one byte of a copy of the database, and the copy is verified", lines)


async def _verified(database: Database, keys: Sequence[str], keyring: Keyring) -> Report:
    known = trusted_keys(list(keys))

    def keys_of(name: str) -> list[VerifierKey]:
        return [key for key in known if key.name == name]

    report = Report()
    connection = await connect(database.reader, application="incident-ledger demo verify")
    try:
        await Verification(connection, Trusted(keys_of, keyring=keyring), report).run()
    finally:
        await connection.close()
    return report


def _expected(report: Report, code: int, *, naming: str = "") -> list[str]:
    return checked(report.code, code, report.text().splitlines(), naming=naming)


def checked(code: int, expected: int, lines: Sequence[str], *, naming: str = "") -> list[str]:
    """The lines of a check that came out as it should.

    Raises:
        ProofFailedError: it did not.
    """
    told = [" ".join(line.split()) for line in lines if line.strip()]
    if code != expected or naming not in told[-1]:
        raise ProofFailedError("\n".join(told))
    return told
