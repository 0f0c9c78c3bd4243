"""The verifier of packs: honest ones hold, and of every bad one it names the kind and the place of the first damage."""

from pathlib import Path

import pytest

from service.proof.offline.command import main
from service.proof.one_file import verifier_text
from tests.support.proof.bad_packs.brought import Brought, honest, resealed
from tests.support.proof.bad_packs.judging import Bad, Told, Verifier, all_bad, written
from tests.support.proof.small_logs import Key, a_small_log
from tests.support.proof.small_packs import WITNESS, checkpoint, pack_of_case, pack_of_log


@pytest.fixture(scope="module")
def verifier() -> Verifier:
    return Verifier(compile(verifier_text(), "verify_pack.py", "exec"))


@pytest.mark.parametrize("kind", ["log", "case", "sample"])
def test_an_honest_pack_holds(kind: str, verifier: Verifier, tmp_path: Path) -> None:
    pack = honest(kind)
    brought = resealed(pack, witnesses=[WITNESS.vkey], checkpoint=checkpoint(pack.log, 6))

    report = verifier.report(written(brought, tmp_path / "pack.zip"), brought)

    assert report.text().endswith("EVERYTHING HOLDS\n")
    assert report.code == 0
    assert not any(line.startswith("CAUTION") for line in report.lines)


def test_a_log_that_was_gone_on_with_after_a_restore_signs_under_a_further_name(
    verifier: Verifier, tmp_path: Path
) -> None:
    log = a_small_log()
    before, log.key = log.key, Key(f"{log.origin}/2", 2)
    brought = resealed(
        pack_of_case(log, sorted(log.joined())[:1], since=6),
        keys=[before.vkey, log.key.vkey],
        checkpoint=checkpoint(a_small_log(), 6),
    )

    assert verifier.told(written(brought, tmp_path / "pack.zip"), brought) == Told(0, None, None)


def test_an_honest_folder_holds(verifier: Verifier, tmp_path: Path) -> None:
    brought = Brought(honest("case").files, keys=[honest("case").log.key.vkey])

    assert verifier.told(written(brought, tmp_path / "pack"), brought) == Told(0, None, None)


def test_a_pack_without_a_key_holds_by_its_own_and_says_so_loudly(verifier: Verifier, tmp_path: Path) -> None:
    brought = resealed(honest(), keys=[])

    report = verifier.report(written(brought, tmp_path / "pack.zip"), brought)

    assert report.code == 0
    assert any(line.startswith("CAUTION  No --key was given") for line in report.lines)


@pytest.mark.parametrize("bad", all_bad(), ids=lambda bad: bad.name)
def test_a_bad_pack_is_found(bad: Bad, verifier: Verifier, tmp_path: Path) -> None:
    brought = bad.make()
    expected = Told(2, None, None) if bad.kind is None else Told(1, bad.kind, brought.position)

    assert verifier.told(written(brought, tmp_path / "pack"), brought) == expected


def test_a_log_rewritten_with_its_own_key_is_not_found_by_whoever_holds_nothing(
    verifier: Verifier, tmp_path: Path
) -> None:
    """Nothing in one history shows that there is another: a held checkpoint or a witness does (see the bad packs)."""
    fork = a_small_log()
    fork.records[2]["build"] = "another"
    brought = resealed(pack_of_log(fork.chained()))

    assert verifier.told(written(brought, tmp_path / "pack.zip"), brought).code == 0


def test_the_opened_erased_and_sealed_values_are_counted(verifier: Verifier, tmp_path: Path) -> None:
    pack = honest("case")
    opened = pack.json("opened.json")
    erased = sum("erased" in each for each in opened)
    boxes = sum(line.count(b'\\"box\\":') for line in pack.lines())
    brought = resealed(pack)

    text = verifier.report(written(brought, tmp_path / "pack.zip"), brought).text()

    assert f"{len(opened) - erased} values opened, {erased} erased, {boxes - len(opened)} sealed" in text


@pytest.mark.parametrize(("make", "code"), [(honest, 0), (None, 2)])
def test_the_command_ends_with_what_it_found(
    make: object, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "pack.zip"
    if make is not None:
        path.write_bytes(honest().zipped())
    key = tmp_path / "log.vkey"
    key.write_text(honest().log.key.vkey)

    assert main([str(path), "--key", str(key)]) == code
    assert ("EVERYTHING HOLDS" in capsys.readouterr().out) is (code == 0)
