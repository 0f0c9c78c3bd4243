"""The verifier's own mutations: with any one of its checks taken out, some bad pack tells it from the original."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

from service.proof.one_file import verifier_text
from tests.support.proof.bad_packs.brought import Brought
from tests.support.proof.bad_packs.judging import Verifier, all_bad, written


@dataclass
class Mutation:
    """A check taken out of the tree for as long as it is compiled."""

    name: str
    lines: range
    holder: list[Any]
    place: int
    instead: ast.AST

    def compiled(self, tree: ast.Module) -> CodeType:
        """The verifier without the check."""
        kept, self.holder[self.place] = self.holder[self.place], self.instead
        try:
            return compile(tree, "verify_pack.py", "exec")
        finally:
            self.holder[self.place] = kept


def mutations(tree: ast.Module) -> Iterator[Mutation]:
    """Every raise taken out, and every alternative of a condition under which something is raised."""
    for node in ast.walk(tree):
        for holder in (getattr(node, "body", None), getattr(node, "orelse", None)):
            statements: list[Any] = holder if isinstance(holder, list) else []
            for place, each in enumerate(statements):
                if isinstance(each, ast.Raise) and each.exc is not None:
                    yield Mutation("raise", _lines(each), statements, place, ast.copy_location(ast.Pass(), each))
        if isinstance(node, ast.If) and isinstance(node.test, ast.BoolOp) and isinstance(node.body[-1], ast.Raise):
            neutral = isinstance(node.test.op, ast.And)
            for place, each in enumerate(node.test.values):
                instead = ast.copy_location(ast.Constant(neutral), each)
                yield Mutation(f"operand {place}", _lines(node.body[-1]), node.test.values, place, instead)


def _lines(node: ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


class Judged:
    """The bad packs, what the verifier says of each, and at which lines it says so."""

    def __init__(self, folder: Path) -> None:
        self.tree = ast.parse(verifier_text())
        self.verifier = Verifier(compile(self.tree, "verify_pack.py", "exec"))
        self.packs: list[tuple[Path, Brought, tuple[str, ...] | None, set[int]]] = []
        for number, bad in enumerate(all_bad()):
            brought = bad.make()
            path = written(brought, folder / str(number))
            with self.verifier.raised() as lines:
                told = _told(self.verifier, path, brought)
            self.packs.append((path, brought, told, lines))

    def tells(self, mutation: Mutation) -> bool:
        """Whether a pack tells the mutation from the original: those that are found at it come first."""
        mutant = Verifier(mutation.compiled(self.tree))
        nearest = sorted(self.packs, key=lambda pack: not pack[3] & set(mutation.lines))
        return any(_told(mutant, path, brought) != told for path, brought, told, _ in nearest)


def _told(mutant: Verifier, path: Path, brought: Brought) -> tuple[str, ...] | None:
    """Every sentence that is found; None where it ends with an error, which the original never does."""
    try:
        report = mutant.report(path, brought)
    except Exception:  # noqa: BLE001 - a mutant may do anything
        return None
    return (str(report.code), *map(str, report.damages), *report.unanswered)


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    return Judged(tmp_path_factory.mktemp("packs"))


@pytest.mark.parametrize("part", range(4))
def test_every_check_that_is_taken_out_is_missed(part: int, judged: Judged) -> None:
    found = list(mutations(judged.tree))
    assert len(found) > 130

    survivors = [f"{each.name} at {each.lines}" for each in found[part::4] if not judged.tells(each)]

    assert survivors == []
