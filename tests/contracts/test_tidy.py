"""The house's sizes and habits, held by test, with no list of exceptions."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ("domain", "projections", "service", "migrations")
BANNED = {"utils", "helpers", "common", "misc", "manager", "base"}


def modules(*roots: str) -> list[Path]:
    return sorted(path for root in roots for path in (ROOT / root).rglob("*.py") if "__pycache__" not in path.parts)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def nesting(node: ast.AST, depth: int = 0) -> int:
    """The deepest block inside a function; an `elif` is not deeper than its `if`."""
    blocks = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)
    deepest = depth
    for name, children in ast.iter_fields(node):
        for child in children if isinstance(children, list) else [children]:
            if not isinstance(child, ast.AST) or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            is_elif = isinstance(node, ast.If) and name == "orelse" and isinstance(child, ast.If)
            deepest = max(deepest, nesting(child, depth + (isinstance(child, blocks) and not is_elif)))
    return deepest


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_modules_are_small_rooms() -> None:
    limits = [(path, 300) for path in modules(*SOURCES)] + [(path, 400) for path in modules("tests")]
    too_long = [
        f"{named(path)}: {lines}" for path, limit in limits if (lines := len(path.read_text().splitlines())) > limit
    ]

    assert too_long == []


def test_functions_fit_on_one_screen() -> None:
    too_long = [
        f"{named(path)}:{node.lineno} {node.name}: {length}"
        for path in modules(*SOURCES, "tests")
        for node in functions(ast.parse(path.read_text()))
        if (length := (node.end_lineno or node.lineno) - node.lineno + 1) > 40
    ]

    assert too_long == []


def test_no_function_takes_more_than_five_parameters_by_place() -> None:
    def by_place(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
        names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
        return len([name for name in names if name not in {"self", "cls"}])

    too_many = [
        f"{named(path)}:{node.lineno} {node.name}"
        for path in modules(*SOURCES)
        for node in functions(ast.parse(path.read_text()))
        if by_place(node) > 5
    ]

    assert too_many == []


def test_nothing_nests_deeper_than_three_blocks() -> None:
    too_deep = [
        f"{named(path)}:{node.lineno} {node.name}"
        for path in modules(*SOURCES)
        for node in functions(ast.parse(path.read_text()))
        if nesting(node) > 3
    ]

    assert too_deep == []


def test_folders_hold_at_most_twenty_entries() -> None:
    folders = {path.parent for path in modules(*SOURCES, "tests")}
    too_full = {
        named(folder): count
        for folder in folders
        if (count := len([entry for entry in folder.iterdir() if entry.name not in {"__pycache__", "__init__.py"}]))
        > 20
    }

    assert too_full == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [named(path) for path in modules(*SOURCES, "tests") if path.stem in BANNED] == []


def test_every_module_opens_with_a_sentence() -> None:
    silent = [
        named(path)
        for path in modules(*SOURCES, "tests")
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]

    assert silent == []


def test_test_names_are_not_used_twice_in_a_module() -> None:
    for path in modules("tests"):
        tree = ast.parse(path.read_text())
        tops = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        assert [name for name, count in Counter(tops).items() if count > 1] == [], named(path)


@pytest.mark.parametrize("word", ["TO" + "DO", "FIX" + "ME", "X" + "XX"])
def test_nothing_is_left_for_later_in_a_comment(word: str) -> None:
    found = [
        f"{named(path)}:{number}"
        for path in modules(*SOURCES, "tests")
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if re.search(rf"\b{word}\b", line)
    ]

    assert found == []


def test_british_spelling_in_the_stored_and_public_words() -> None:
    american = re.compile(r"\b\w*(organiz|recogniz|authoriz|finaliz|summariz)\w*\b", re.IGNORECASE)
    allowed = {"authorization", "normalized"}  # the HTTP header, and other people's parameters
    found = [
        f"{named(path)}: {word.group()}"
        for path in modules("domain", "projections")
        for word in american.finditer(path.read_text())
        if word.group().lower() not in allowed
    ]

    assert found == []
