"""Every pack is found whole by the verifier that it carries, on nothing but Python; what was changed in it is found too."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from domain.kernel.actor import Actor, Role
from domain.kernel.scope import Scope
from service.proof.offline.command import report_on
from service.proof.signing import Signer
from service.reading.audit.packs.plan import Pin
from service.reading.sight import Sight
from tests.service.audit.packed import CASE, SAMPLE, Marked, Packed, unpacked
from tests.support.chronicle import named

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOLDS, CHANGED, NOT_CHECKED = 0, 1, 2
READERS = [(Role.PATIENT_SAFETY_MANAGER, "ZZ1"), (Role.AUDITOR, "ZZ1"), (Role.COMMISSIONER, "ZZQ")]


def alone(pack: Packed, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the verifier of the pack in an empty folder, as somebody who has only Python and the pack."""
    folder.mkdir()
    (folder / "verify_pack.py").write_bytes(pack.members["verify_pack.py"])
    (folder / "pack.zip").write_bytes(pack.whole)
    asked = [sys.executable, "-I", "-S", "verify_pack.py", "pack.zip", *words]
    return subprocess.run(asked, cwd=folder, env={}, capture_output=True, text=True, timeout=60, check=False)


def checked(whole: bytes, key: str, place: Path) -> int:
    """What the verifier ends with, asked in this process."""
    place.write_bytes(whole)
    return report_on(str(place), keys=[key], witnesses=[], checkpoint=None).code


def packed_again(pack: Packed, **changed: bytes) -> bytes:
    """The pack with some members replaced, as a ZIP that is sound in itself."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in pack.members.items():
            archive.writestr(name, changed.get(name, content))
    return out.getvalue()


async def whole_log(marked: Marked, **pin: int) -> Packed:
    """The pack of the whole log, for whoever runs the ledger."""
    actor = Actor(named("operator"), "LEDGER", frozenset({Role.SYSTEM}))  # type: ignore[arg-type]  # plain ids will do
    everything = Scope(actor, None)
    packs = marked.stand.app.state.packs
    plan = await packs.finder.whole_log(Sight(actor, everything, everything), Pin(**pin))  # type: ignore[arg-type]
    async with packs.maker.made(plan) as pack:
        return unpacked(pack.file.read())


@pytest.mark.parametrize(("role", "organisation"), READERS)
async def test_a_case_holds_for_every_reader(marked: Marked, tmp_path: Path, role: Role, organisation: str) -> None:
    pack = await marked.pack(CASE, role, organisation=organisation)

    told = alone(pack, tmp_path / "alone", "--key", marked.key)
    assert (told.returncode, told.stderr) == (HOLDS, ""), told.stdout


async def test_a_sample_holds(marked: Marked, tmp_path: Path) -> None:
    pack = await marked.pack(f"samples/{SAMPLE}")

    told = alone(pack, tmp_path / "alone", "--key", marked.key)
    assert (told.returncode, told.stderr) == (HOLDS, ""), told.stdout


async def test_the_whole_log_holds_and_opens_nothing(marked: Marked, tmp_path: Path) -> None:
    pack = await whole_log(marked)

    told = alone(pack, tmp_path / "alone", "--key", marked.key)
    assert (told.returncode, told.stderr) == (HOLDS, ""), told.stdout
    assert pack.json("opened.json") == []
    assert pack.members["events.ndjson"].count(b"\n") == pack.json("pack.json")["size"]
    assert b"Planted" not in pack.whole


async def test_the_log_is_shown_to_have_grown_from_the_auditors_checkpoint(marked: Marked, tmp_path: Path) -> None:
    earlier = await marked.pack(CASE)
    size = earlier.json("pack.json")["size"]
    await marked.chronicle.record(marked.chronicle.report("more"), cases=[named("more")])
    pack = await marked.pack(named("more"), since=size)
    (tmp_path / "held").write_bytes(earlier.members["checkpoint"])

    key, held = marked.key, str(tmp_path / "held")
    told = alone(pack, tmp_path / "alone", "--key", key, "--checkpoint", held)
    assert (told.returncode, told.stderr) == (HOLDS, ""), told.stdout
    assert pack.json("proofs.json")["consistency"]["from"] == size
    without = alone(await marked.pack(named("more")), tmp_path / "without", "--key", key, "--checkpoint", held)
    assert without.returncode == NOT_CHECKED, without.stdout


@pytest.mark.parametrize("since", ["0", "999999", "-1", "x"])
async def test_a_checkpoint_that_cannot_have_come_before_is_refused(marked: Marked, since: str) -> None:
    answer = await marked.ask(str(CASE), since=since)

    assert (answer.status_code, answer.json()["code"]) == (400, "request.parameter-invalid")
    assert answer.json()["errors"][0]["pointer"] == "?since"


async def test_a_checkpoint_that_is_larger_than_that_of_the_pin_is_refused(marked: Marked) -> None:
    earlier = (await marked.pack(CASE)).json("pack.json")["size"]
    await marked.chronicle.record(marked.chronicle.report("larger"), cases=[named("larger")])
    larger = (await marked.pack(CASE, min_position=earlier + 1)).json("pack.json")["size"]

    answer = await marked.ask(str(CASE), as_known_at=earlier, since=larger)
    assert (answer.status_code, answer.json()["code"]) == (400, "request.parameter-invalid")


async def test_a_pack_that_another_key_of_the_same_name_signed_does_not_hold(marked: Marked, tmp_path: Path) -> None:
    pack = await marked.pack(CASE)
    forger = Signer.from_seed(pack.json("pack.json")["log"], b"another seed of thirty-two bytes")

    assert alone(pack, tmp_path / "other", "--key", forger.vkey).returncode != HOLDS


async def test_one_changed_byte_in_any_member_is_found(marked: Marked, tmp_path: Path) -> None:
    pack = await marked.pack(f"samples/{SAMPLE}")
    key = marked.key
    assert checked(packed_again(pack), key, tmp_path / "same") == HOLDS

    for name, content in pack.members.items():
        if content:
            place = len(content) * 2 // 3
            changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
            assert checked(packed_again(pack, **{name: changed}), key, tmp_path / "changed") == CHANGED, name


async def test_one_changed_byte_anywhere_in_the_file_is_never_taken_for_whole(marked: Marked, tmp_path: Path) -> None:
    pack = await marked.pack(CASE, Role.AUDITOR)
    key, content = marked.key, pack.members["events.ndjson"]
    place = pack.whole.index(content) + len(content) // 2
    changed = pack.whole[:place] + bytes([pack.whole[place] ^ 1]) + pack.whole[place + 1 :]

    assert checked(changed, key, tmp_path / "changed") == CHANGED
    told = alone(Packed(changed, pack.members), tmp_path / "alone", "--key", key)
    assert told.returncode == CHANGED, told.stdout


async def test_an_event_or_a_whole_stream_left_out_is_found(marked: Marked, tmp_path: Path) -> None:
    pack = await marked.pack(CASE, Role.AUDITOR)
    key = marked.key
    lines = pack.members["events.ndjson"].splitlines(keepends=True)

    shorter = packed_again(pack, **{"events.ndjson": b"".join(lines[:-1])})
    assert checked(shorter, key, tmp_path / "shorter") == CHANGED


async def test_what_is_written_down_for_auditors_checks_it_by_hand(marked: Marked, tmp_path: Path) -> None:
    pack = await marked.pack(CASE, Role.AUDITOR)
    for name in ("checkpoint", "proofs.json", "events.ndjson"):
        (tmp_path / name).write_bytes(pack.members[name])
    shown = (Path(__file__).parents[3] / "docs" / "packs.md").read_text(encoding="utf-8")
    by_hand = shown.split("```python\n")[1].split("```")[0]

    def checks() -> subprocess.CompletedProcess[str]:
        asked = [sys.executable, "-I", "-S", "-c", by_hand]
        return subprocess.run(asked, cwd=tmp_path, env={}, capture_output=True, text=True, timeout=60, check=False)

    assert checks().stdout == "every event is in the log with this root\n"
    changed = pack.members["events.ndjson"].replace(b'"kind":"action"', b'"kind":"Action"', 1)
    (tmp_path / "events.ndjson").write_bytes(changed)
    assert "is not in the log" in checks().stderr


async def test_a_log_that_goes_on_under_another_name_signs_its_packs_in_that(marked: Marked, tmp_path: Path) -> None:
    await marked.pack(CASE)
    marked.proofs.go_on(2)
    await marked.chronicle.record(marked.chronicle.report("gone on"), cases=[named("gone on")])

    pack = await marked.pack(named("gone on"), Role.AUDITOR)
    told = alone(pack, tmp_path / "alone", "--key", marked.key)
    assert (told.returncode, told.stderr) == (HOLDS, ""), told.stdout
    assert pack.json("pack.json")["log"].endswith("/2")
    assert json.loads(pack.members["events.ndjson"])["record"]["log"] == pack.json("pack.json")["log"][:-2]
