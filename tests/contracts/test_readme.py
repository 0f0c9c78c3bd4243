"""The README is true: its tree is the tree, the files it names exist, its commands run."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
TREE = README.split("## The tree", 1)[1].split("```", 2)[1]


def told() -> set[str]:
    """Every entry of the tree as a path: a folder ends in a slash; indented ones belong to the folder above them."""
    entries: set[str] = set()
    above = ""
    for line in TREE.strip().splitlines():
        if line.startswith("  "):
            entries.add(above + line.split()[0])
        elif re.match(r"\w+/", line):
            above = line.split()[0]
            entries.add(above)
        else:
            entries.update(line.split())
    return entries


def files() -> list[str]:
    """What git knows; in a copy without git, what lies there but for caches and builds."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        return listed.stdout.splitlines()
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    made = {"__pycache__", "dist"}
    return [str(path) for path in found if not any(part.startswith(".") or part in made for part in path.parts)]


def tracked() -> set[str]:
    """The files, cut to the top level and, below the three roots, to their folders."""
    names = [Path(name).parts for name in files() if not name.startswith(".")]
    tops = {parts[0] + ("/" if len(parts) > 1 else "") for parts in names}
    roots = {"domain", "projections", "service"}
    rooms = {f"{parts[0]}/{parts[1]}/" for parts in names if parts[0] in roots and len(parts) > 2}
    return tops | rooms


@pytest.mark.parametrize(
    "named", sorted(set(re.findall(r"`((?:domain|projections|service|openapi|docs)/[\w/.]+)`", README)))
)
def test_a_file_that_the_readme_names_exists(named: str) -> None:
    assert (ROOT / named).exists()


@pytest.mark.parametrize("verb", sorted(set(re.findall(r"incident-ledger (\w+)", README, re.MULTILINE))))
def test_a_verb_that_the_readme_names_is_one(verb: str) -> None:
    program = Path(sys.executable).parent / "incident-ledger"
    shown = subprocess.run([program, verb, "--help"], capture_output=True, text=True, check=False)

    assert shown.returncode == 0


@pytest.mark.parametrize("target", sorted(set(re.findall(r"^make (\w+)", README, re.MULTILINE))))
def test_a_make_target_that_the_readme_names_is_one(target: str) -> None:
    shown = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)

    assert shown.returncode == 0
