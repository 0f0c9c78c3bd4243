"""As an operator meets it: a service that refuses to start on an older state of its ledger, and the decision to go on."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.kernel.actor import Role
from service.proof.checkpoint import Checkpoint, sign_checkpoint
from service.proof.notes import split_note
from service.store.proofs.memory import remember
from service.store.proofs.signing_keys import signers_in
from tests.support.running.service import ServiceProcess, running_service

PROGRAM = Path(sys.executable).parent / "incident-ledger"
REASON = "The disk was lost; the backup of midnight stands."


@pytest.fixture(scope="module")
def restored() -> Iterator[ServiceProcess]:
    """A service that has stopped, whose signer remembers 40 events more than its ledger holds."""
    with running_service() as service:
        while not service.status()["checkpoint"]:
            time.sleep(0.05)
        service.stop()
        keys = service.home / "keys"
        [memory] = keys.glob("last-checkpoint-*")
        last = Checkpoint.parse(split_note(memory.read_text())[0])
        lost = Checkpoint(last.origin, last.size + 40, bytes(32))
        remember(keys, sign_checkpoint(lost, signers_in(keys, last.origin)))
        yield service


def incident_ledger(service: ServiceProcess, *words: str) -> "subprocess.CompletedProcess[str]":
    foreign = ("DATABASE_URL", "INCIDENT_LEDGER_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    environment |= {"INCIDENT_LEDGER_HOME": str(service.home), "COLUMNS": "200"}
    return subprocess.run([PROGRAM, *words], env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_what_was_signed_is_not_there_so_nothing_starts_until_an_operator_has_decided(
    restored: ServiceProcess,
) -> None:
    refused = incident_ledger(restored, "serve", "--port", "0")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("incident-ledger: The ledger ends at position ")
    assert "incident-ledger resume --reason TEXT" in refused.stderr
    assert "Traceback" not in refused.stderr
    doctor = incident_ledger(restored, "doctor")
    assert doctor.returncode == 1
    assert "BAD   the ledger is the one that was signed: The ledger ends at position" in doctor.stdout

    decided = incident_ledger(restored, "resume", "--reason", REASON)
    assert (decided.returncode, decided.stderr) == (0, "")

    restored.start()
    token = restored.token([Role.AUDITOR])
    [*_, resumed] = [
        each for each in restored.get("/v1/events", token, limit=500) if each["type"] == "ledger.resumed.v1"
    ]
    keys = restored.get("/v1/audit/keys", token)
    assert resumed["payload"]["reason"] == REASON
    assert resumed["payload"]["origin"] == keys["origin"] == keys["log"] + "/2"
    assert keys["origins"][1]["decided_at_position"] == resumed["position"]
    latest = restored.get("/v1/audit/checkpoints/latest", token, min_position=resumed["position"])
    assert latest["origin"] == keys["origin"]
    assert len(list((restored.home / "keys").glob("last-checkpoint-*"))) == 2
