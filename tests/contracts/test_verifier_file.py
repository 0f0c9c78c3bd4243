"""The verifier that auditors are given is one file, and nothing but the modules that are tested."""

import ast
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from service.document import write_contract
from service.proof.one_file import verifier_text

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "openapi" / "verify_pack.py"
MODULES = sorted((ROOT / "service" / "proof" / "offline").glob("*.py"))
OURS = "service.proof.offline"


def imported(tree: ast.Module) -> set[str]:
    found = {each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names}
    return found | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def test_the_published_verifier_is_what_its_modules_give() -> None:
    """Write it again with `incident-ledger openapi --write openapi`."""
    assert PUBLISHED.read_text(encoding="utf-8") == verifier_text()


def test_the_contract_is_written_with_the_verifier(tmp_path: Path) -> None:
    write_contract(tmp_path)

    assert (tmp_path / "verify_pack.py").read_text(encoding="utf-8") == verifier_text()


def test_the_verifier_defines_every_name_of_its_modules_once() -> None:
    names = [node.name for node in ast.parse(verifier_text()).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    modules = [ast.parse(path.read_text(encoding="utf-8")) for path in MODULES]
    defined = [n.name for tree in modules for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef)]

    assert sorted(names) == sorted(set(defined))
    assert len(files(OURS).joinpath("pack.py").read_text(encoding="utf-8")) < len(verifier_text())


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_the_verifier_imports_the_standard_library_alone_and_a_signature_where_there_is_one(path: Path) -> None:
    strangers = {
        name
        for name in imported(ast.parse(path.read_text(encoding="utf-8")))
        if not name.startswith(OURS) and name.partition(".")[0] not in sys.stdlib_module_names
    }

    assert {name.partition(".")[0] for name in strangers} == ({"cryptography"} if path.stem == "ed25519" else set())


def test_the_verifier_reads_as_an_older_python() -> None:
    """What an auditor's machine has may be older than what the service needs."""
    tree = ast.parse(verifier_text(), feature_version=(3, 9))

    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Match)]
