"""The verifier as one file, put together from the modules of `offline`: always the same text from the same modules."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from importlib.resources import files
from typing import Final, TypeGuard

_PACKAGE: Final = "service.proof.offline"
_HEAD: Final = '''\
#!/usr/bin/env python3
"""Check an evidence pack of an Incident Ledger, offline, with nothing installed but Python 3.9 or later.

    python3 verify_pack.py PACK.zip --key "THE LOG'S VERIFIER KEY"

Ends with 0 where everything holds, 1 where something was changed, 2 where it could not be checked. This file is made
from the modules of the verifier, each of which follows under its name; nothing of the service is in it.
"""

from __future__ import annotations

'''
_TAIL: Final = '\n\nif __name__ == "__main__":\n    sys.exit(main())\n'


class NamesCollideError(ValueError):
    """Two modules of the verifier use one name: in one file they would be one thing."""


@dataclass(frozen=True, slots=True)
class _Module:
    name: str
    text: str
    tree: ast.Module

    @property
    def needs(self) -> list[str]:
        """The modules of the verifier that it imports."""
        return [str(node.module).rpartition(".")[2] for node in self._imports() if _is_ours(node)]

    @property
    def imports(self) -> Iterator[tuple[str, str]]:
        """What it imports of the standard library: names, and of which module where not the module itself is meant."""
        for node in self._imports():
            origin = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            if not _is_ours(node) and origin != "__future__":
                yield from ((origin, each.name) for each in node.names)

    @property
    def names(self) -> Iterator[str]:
        """What it defines."""
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                yield node.name
            elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
                yield from (each.id for each in ast.walk(node) if _is_made(each) and isinstance(each, ast.Name))

    @property
    def body(self) -> str:
        """Its text without its imports and its first sentence, which becomes a comment."""
        dropped = {line for node in self._imports() for line in _lines(node)} | set(_lines(self.tree.body[0]))
        kept = [line for number, line in enumerate(self.text.splitlines(), start=1) if number not in dropped]
        said = (ast.get_docstring(self.tree) or "").splitlines()
        return "\n".join([f"# {self.name}: {said[0]}", "", *"\n".join(kept).strip("\n").splitlines()])

    def _imports(self) -> Iterator[ast.Import | ast.ImportFrom]:
        return (node for node in self.tree.body if isinstance(node, ast.Import | ast.ImportFrom))


@cache
def verifier_text() -> str:
    """The one-file verifier.

    Raises:
        NamesCollideError: two modules use one name.
    """
    modules = {each.name: each for each in _modules()}
    order = [modules[name] for name in _ordered(modules)]
    taken: dict[str, str] = {}
    for module in order:
        for name in set(module.names):
            if taken.setdefault(name, module.name) != module.name:
                raise NamesCollideError(f"{name} is in {taken[name]} and in {module.name}")
    return _HEAD + _imports_of(order) + "\n\n\n" + "\n\n\n".join(module.body for module in order) + "\n" + _TAIL


def _imports_of(modules: list[_Module]) -> str:
    origins: dict[str, set[str]] = {}
    for origin, name in (each for module in modules for each in module.imports):
        origins.setdefault(origin, set()).add(name)
    whole = [f"import {name}" for name in sorted(origins.pop("", set()))]
    parts = [f"from {origin} import {', '.join(sorted(names))}" for origin, names in sorted(origins.items())]
    return "\n".join(whole + parts)


def _modules() -> Iterator[_Module]:
    for file in files(_PACKAGE).iterdir():
        if file.name.endswith(".py") and file.name != "__init__.py":
            text = file.read_text(encoding="utf-8")
            yield _Module(file.name.removesuffix(".py"), text, ast.parse(text))


def _ordered(modules: dict[str, _Module]) -> list[str]:
    """Each module after those that it needs; else by name."""
    sorter = TopologicalSorter({name: sorted(module.needs) for name, module in sorted(modules.items())})
    sorter.prepare()
    order: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        order += ready
        sorter.done(*ready)
    return order


def _is_ours(node: ast.Import | ast.ImportFrom) -> TypeGuard[ast.ImportFrom]:
    return isinstance(node, ast.ImportFrom) and (node.module or "").startswith(_PACKAGE)


def _is_made(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def _lines(node: ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)
