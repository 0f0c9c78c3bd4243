"""The few commands that anybody needs, and the pins that they install."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"^(?P<name>[a-z0-9-]+)(?:\[[a-z,-]+\])?==(?P<version>[^\s;\\]+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / "requirements" / name).read_text()))


@pytest.mark.parametrize("target", ["install", "run", "test", "check", "bench", "soak"])
def test_make_knows_the_target(target: str) -> None:
    subprocess.run(["make", "--dry-run", target], cwd=ROOT, check=True, capture_output=True)


def test_ci_runs_the_same_tests_as_everybody() -> None:
    script = ROOT / ".ci" / "run"
    commands = [line for line in script.read_text().splitlines() if line and not line.startswith("#")]

    assert commands[-1] == "exec make test"
    assert os.access(script, os.X_OK)


def test_a_run_keeps_its_simulated_ledger_apart_from_a_real_one() -> None:
    said = subprocess.run(["make", "--dry-run", "run"], cwd=ROOT, check=True, capture_output=True, text=True).stdout

    assert ":-.incident-ledger-demo}" in said


@pytest.mark.parametrize("name", ["run.txt", "build.txt", "dev.txt"])
def test_every_pin_has_hashes_and_no_address(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text()
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]

    assert "://" not in text
    assert not re.search(r"--(index-url|extra-index-url|find-links|trusted-host)", text)
    unhashed = [
        line
        for line, following in zip(lines, [*lines[1:], ""], strict=True)
        if not line.startswith(" ") and "--hash=sha256:" not in following
    ]
    assert unhashed == []


@pytest.mark.parametrize("name", ["run.txt", "build.txt"])
def test_what_runs_is_what_was_tested(name: str) -> None:
    assert pins(name).items() <= pins("dev.txt").items()
