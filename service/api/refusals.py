"""The status of each refusal of the domain: one table."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from typing import Final

import domain
from domain.kernel.refusal import Refusal
from service.api.refusing.codes import ProblemKind

DEFAULT_STATUS: Final = 409
"""A rule of the field said no to a well-formed command: it conflicts with the facts that stand."""

STATUSES: Final[Mapping[str, int]] = {}
"""Refusals that are not a conflict with the facts that stand: 403 for who may, 404 for what is not, 422 for content."""


def kind_of(refusal: type[Refusal]) -> ProblemKind:
    """The problem that a refusal is answered with; its title is the refusal's own sentence."""
    status = STATUSES.get(refusal.code, DEFAULT_STATUS)
    return ProblemKind(refusal.code, status, refusal.title().rstrip("."), "See reasons[]: each is one sentence.")


def load_refusals() -> None:
    """Import every module of the domain, so that `known_refusals` misses none."""
    for module in pkgutil.walk_packages(domain.__path__, f"{domain.__name__}."):
        importlib.import_module(module.name)


def known_refusals() -> list[type[Refusal]]:
    """Every refusal that has a code, of the modules of the domain that are loaded, in order of code."""
    return sorted({kind for kind in _below(Refusal) if kind.code}, key=lambda kind: kind.code)


def _below(refusal: type[Refusal]) -> Iterator[type[Refusal]]:
    for kind in refusal.__subclasses__():
        if kind.__module__.startswith(f"{domain.__name__}."):
            yield kind
        yield from _below(kind)
