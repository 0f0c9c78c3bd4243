"""Evidence packs over real HTTP and from the command line, on a ledger that the worker proves as it grows."""

import asyncio
import io
import json
import os
import subprocess
import sys
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from domain.kernel.actor import Role
from service.proof.offline.command import report_on
from service.store.proofs.signing_keys import list_signing_keys
from tests.support.running.people import a_report, people_of
from tests.support.running.planted import BORN_ON, NHS_NUMBER, OPEN_STEM, STEM, SUBJECTS_AT, forms_of, plant
from tests.support.running.service import ServiceProcess

PROGRAM: Final = Path(sys.executable).parent / "incident-ledger"
SECRETS: Final = (STEM, NHS_NUMBER, BORN_ON, SUBJECTS_AT)


@dataclass(frozen=True)
class Planted:
    """A case in which every sealed field holds a planted value."""

    service: ServiceProcess
    case: str

    def ask(self, path: str, role: Role, *, organisation: str = "ZZ1", **query: Any) -> httpx.Response:
        """Ask for a pack, and again while the checkpoint is not there yet."""
        token = self.service.token([role], organisation=organisation, subject=f"pack{SUBJECTS_AT}")
        with self.service.waiting(token) as client:
            while True:
                answer = client.get(f"/v1/evidence-packs/{path}", params=query)
                if answer.status_code != 503:
                    return answer
                assert answer.headers["Retry-After"]
                time.sleep(0.1)

    def pack(self, role: Role, *, organisation: str = "ZZ1", **query: Any) -> httpx.Response:
        """The pack of the case."""
        answer = self.ask(self.case, role, organisation=organisation, **query)
        assert answer.status_code == 200, answer.text
        return answer

    def key(self, pack: bytes) -> str:
        """The verifier key of the log, as whoever runs it hands it out."""
        [key] = list_signing_keys(self.service.home / "keys")
        log: str = member(pack, "pack.json")["log"]
        return key.verifier(log).vkey


@pytest.fixture(scope="module")
def planted(service: ServiceProcess) -> Planted:
    """Plant, once for the module."""

    async def play() -> str:
        async with people_of(service) as people:
            return await plant(people)

    return Planted(service, asyncio.run(play()).removeprefix("/v1/incidents/"))


def opened(pack: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(pack))


def member(pack: bytes, name: str) -> Any:
    with opened(pack) as archive:
        return json.loads(archive.read(name))


def verified(pack: bytes, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Check a pack where there is nothing but Python, the pack and the verifier that is in it."""
    folder.mkdir()
    (folder / "pack.zip").write_bytes(pack)
    with opened(pack) as archive:
        archive.extract("verify_pack.py", folder)
    asked = [sys.executable, "-I", "-S", "verify_pack.py", "pack.zip", *words]
    return subprocess.run(asked, cwd=folder, env={}, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize(
    ("role", "organisation"),
    [(Role.PATIENT_SAFETY_MANAGER, "ZZ1"), (Role.AUDITOR, "ZZ1"), (Role.COMMISSIONER, "ZZQ")],
)
def test_a_pack_holds_and_opens_what_its_reader_may_see(
    planted: Planted, tmp_path: Path, role: Role, organisation: str
) -> None:
    answer = planted.pack(role, organisation=organisation)

    told = verified(answer.content, tmp_path / "alone", "--key", planted.key(answer.content))
    assert (told.returncode, told.stderr) == (0, ""), told.stdout
    with opened(answer.content) as archive:
        content = b"\n".join(archive.read(name) for name in archive.namelist())
    found = {
        value for value in SECRETS for form in forms_of(value) if form in content or form.lower() in content.lower()
    }
    assert found == ({STEM, NHS_NUMBER, BORN_ON, f"{SUBJECTS_AT}"} if role is Role.PATIENT_SAFETY_MANAGER else set())
    assert OPEN_STEM.encode() in content


def test_the_answer_says_what_it_is_and_names_no_person(planted: Planted) -> None:
    answer = planted.pack(Role.AUDITOR)

    size = member(answer.content, "pack.json")["size"]
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="evidence-pack-{planted.case}-at-{size}.zip"'
    )
    assert answer.headers["Ledger-Position"] == str(size)
    assert answer.headers["Content-Length"] == str(len(answer.content))


def test_it_carries_the_text_of_every_edition_and_the_schema_of_every_event(planted: Planted) -> None:
    pack = planted.pack(Role.AUDITOR).content

    with opened(pack) as archive:
        names = set(archive.namelist())
        records = [json.loads(line)["record"] for line in archive.read("events.ndjson").splitlines()]
    editions = {edition.partition("@")[0] for record in records for edition in record["editions"]}
    assert editions
    assert {f"editions/{name}.toml" for name in editions} == {name for name in names if name.startswith("editions/")}
    types = {record["type"] for record in records}
    assert {f"schemas/{name}.json" for name in types} == {name for name in names if name.startswith("schemas/")}


def test_a_thousand_events_later_the_same_pin_gives_the_same_bytes(planted: Planted, tmp_path: Path) -> None:
    before = planted.pack(Role.PATIENT_SAFETY_MANAGER).content
    size = member(before, "pack.json")["size"]
    with planted.service.waiting(planted.service.token([Role.REPORTER], subject="many")) as client:
        while planted.service.head() < size + 1000:
            reports = [a_report() for _ in range(100)]
            keyed = [report | {"idempotency_key": report["local_reference"]} for report in reports]
            taken = client.post("/v1/incidents:batch", json={"reports": keyed})
            assert taken.status_code == 200, taken.text

    again = planted.pack(Role.PATIENT_SAFETY_MANAGER, as_known_at=size).content
    assert again == before
    later = planted.pack(Role.PATIENT_SAFETY_MANAGER, since=size, min_position=size + 1000).content
    (tmp_path / "held").write_bytes(opened(before).read("checkpoint"))
    told = verified(later, tmp_path / "alone", "--key", planted.key(later), "--checkpoint", str(tmp_path / "held"))
    assert (told.returncode, told.stderr) == (0, ""), told.stdout


def test_the_command_line_writes_a_case_and_the_whole_log_sealed(planted: Planted, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("INCIDENT_LEDGER")}
    environment |= {"INCIDENT_LEDGER_HOME": str(planted.service.home)}

    def start(*words: str) -> "subprocess.Popen[str]":
        return subprocess.Popen([str(PROGRAM), *words], env=environment, stderr=subprocess.PIPE, text=True)

    case, log, lines = (tmp_path / name for name in ("case.zip", "log.zip", "log.ndjson"))
    running = [
        start("pack", planted.case, "--out", str(case)),
        start("export", "--out", str(log)),
        start("export", "--format", "ndjson", "--out", str(lines), "--at", "50"),
    ]
    for ran in running:
        said = ran.communicate(timeout=120)[1]
        assert ran.returncode == 0, said
    key = planted.key(log.read_bytes())
    for path in (case, log):
        assert report_on(str(path), keys=[key], witnesses=[], checkpoint=None).code == 0
        assert path.stat().st_mode & 0o777 == 0o600
    assert member(case.read_bytes(), "opened.json") == []
    written = [json.loads(line) for line in lines.read_bytes().splitlines()]
    assert [event["position"] for event in written] == list(range(1, 51))
