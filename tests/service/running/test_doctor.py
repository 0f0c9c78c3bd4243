"""The command line's first verbs, as a newcomer types them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from service.policy import read_calendar
from service.settings import Settings, read_settings
from service.store.checkup import examine
from service.store.connect import Database, connect
from service.store.migrate import migrate, newest_revision

ROOT = Path(__file__).parents[3]


def incident_ledger(*words: str, folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", "from service.cli.main import run; run()", *words]
    inherited = {name: value for name, value in os.environ.items() if "LEDGER" not in name and "DATABASE" not in name}
    return subprocess.run(
        command,
        cwd=folder,
        env={**inherited, "PYTHONPATH": str(ROOT), "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_migrate_then_doctor_find_everything_well(spare_home: Path, tmp_path: Path) -> None:
    home = {"INCIDENT_LEDGER_HOME": str(spare_home)}
    migrated = incident_ledger("migrate", folder=tmp_path, **home)
    doctor = incident_ledger("doctor", folder=tmp_path, **home)

    assert migrated.returncode == 0, migrated.stderr
    assert migrated.stdout.endswith(f"at {newest_revision()}\n")
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    assert "BAD" not in doctor.stdout
    assert "the writer may carry the ledger" in doctor.stdout


@pytest.mark.parametrize("verb", ["migrate", "doctor", "token"])
def test_a_misspelt_setting_is_told_in_one_line(verb: str, tmp_path: Path) -> None:
    more = ["--role", "auditor", "--org", "ZZ1", "--subject", "me"] if verb == "token" else []
    done = incident_ledger(verb, *more, folder=tmp_path, INCIDENT_LEDGER_HOMME="x")

    assert done.returncode == 2
    assert done.stderr == "incident-ledger: INCIDENT_LEDGER_HOMME is not a setting\n"
    assert done.stdout == ""


def test_a_server_that_cannot_be_reached_is_told_without_its_password(tmp_path: Path) -> None:
    done = incident_ledger("migrate", folder=tmp_path, DATABASE_URL="postgresql://me:hidden@127.0.0.1:9/ledger")

    assert done.returncode == 2
    assert "hidden" not in done.stdout + done.stderr
    assert done.stderr.count("\n") == 1


async def test_a_database_that_was_not_migrated_is_a_bad_finding(database: Database, tmp_path: Path) -> None:
    findings = {each.question: each async for each in examine(database, Settings(home=tmp_path))}

    assert not findings["the migrations are done"].good
    assert "incident-ledger migrate" in findings["the migrations are done"].says


async def test_the_calendar_is_named_with_what_was_proclaimed_and_what_of_it_changes_nothing(
    database: Database, tmp_path: Path
) -> None:
    days = {"INCIDENT_LEDGER_PROCLAIMED_HOLIDAYS": "2027-06-14,-2027-05-31,2027-12-28,-2027-06-15"}
    settings = read_settings({"INCIDENT_LEDGER_HOME": str(tmp_path), **days})

    findings = {each.question: each async for each in examine(database, settings)}

    version = f"{read_calendar().version}:not-2027-05-31:also-2027-06-14"
    said = findings["bank holidays are known"]
    assert (said.good, said.says) == (True, f"{version}; nothing changes by -2027-06-15,2027-12-28")


def test_doctor_shows_what_was_proclaimed_and_refuses_what_cannot_be_read(spare_home: Path, tmp_path: Path) -> None:
    name = "INCIDENT_LEDGER_PROCLAIMED_HOLIDAYS"
    shown = incident_ledger("doctor", folder=tmp_path, INCIDENT_LEDGER_HOME=str(spare_home), **{name: "2027-06-14"})
    refused = incident_ledger("doctor", folder=tmp_path, **{name: "Monday"})

    assert f"{name}: 2027-06-14 (" in shown.stdout
    assert f"{read_calendar().version}:also-2027-06-14" in shown.stdout
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"incident-ledger: {name}: 'Monday' is no day as 2027-06-14")


async def test_keys_that_others_can_read_are_a_bad_finding(database: Database, tmp_path: Path) -> None:
    await migrate(database)
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    (keys / "kek-1.key").write_text("secret")
    (keys / "kek-1.key").chmod(0o644)

    findings = [each async for each in examine(database, Settings(home=tmp_path))]

    assert [each.question for each in findings if not each.good] == [
        "only we can read the keys",
        "what hides persons is at hand",
    ]


async def test_a_read_model_that_another_program_filled_is_a_bad_finding(database: Database, tmp_path: Path) -> None:
    await migrate(database)
    owner = await connect(database.owner)
    await owner.execute("update projections.positions set code_version = code_version - 1 where name = 'timeliness'")
    await owner.close()

    findings = [each async for each in examine(database, Settings(home=tmp_path))]

    assert [(each.question, each.says) for each in findings if not each.good] == [
        ("the read models are built", "run incident-ledger rebuild timeliness")
    ]


async def test_a_role_that_may_rewrite_history_is_a_bad_finding(database: Database, tmp_path: Path) -> None:
    await migrate(database)
    unfit = Database(database.name, database.owner, database.owner, database.projector, database.reader)

    findings = [each async for each in examine(unfit, Settings(home=tmp_path))]

    assert [each.question for each in findings if not each.good] == ["the writer may carry the ledger"]
