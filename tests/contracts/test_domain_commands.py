"""Every command of the domain is whole: somebody may give it, something handles it, a path takes it, a test decides it."""

import importlib
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

import pytest

from domain.access.table import PERMISSIONS
from domain.access_log.commands.begin_access_day import BeginAccessDay
from domain.access_log.commands.digest_access_log import DigestAccessLog
from domain.erasure.commands.carry_out_erasure import CarryOutErasure
from domain.incident.commands.bring_duties_up_to_date import BringDutiesUpToDate
from domain.kernel.actor import Role
from domain.ledger.commands.open_ledger import OpenLedger
from domain.ledger.commands.resume_ledger import ResumeLedger
from service.api.commands.routes import ROUTES, SIMULATION
from service.handling.tasks.all_tasks import ALL, BY_COMMAND

ROOT = Path(__file__).parents[2]
BY_THE_SYSTEM = {OpenLedger, ResumeLedger, BringDutiesUpToDate, BeginAccessDay, DigestAccessLog, CarryOutErasure}
"""Given by the ledger itself: they have no path, and no role but the system's may give them."""

MODULES = sorted(
    path for path in (ROOT / "domain").glob("*/commands/*.py") if path.stem != "__init__" and path.parts[-3] != "kernel"
)


def command_of(path: Path) -> type[Any]:
    """The one command that a module decides: the dataclass whose name is the module's own."""
    module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    name = "".join(word.capitalize() for word in path.stem.split("_"))
    found: type[Any] = getattr(module, name)
    assert is_dataclass(found)
    assert callable(getattr(module, path.stem))
    return found


COMMANDS = {command_of(path): path for path in MODULES}


def test_commands_are_found_where_they_are_expected() -> None:
    assert len(COMMANDS) == len(MODULES) > 40


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.__name__)
def test_somebody_may_give_the_command(command: type[Any]) -> None:
    roles = frozenset().union(*(roles for roles, _ in PERMISSIONS[command].lines))

    assert (roles - {Role.SYSTEM} == frozenset()) is (command in BY_THE_SYSTEM)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.__name__)
def test_something_handles_the_command(command: type[Any]) -> None:
    task = BY_COMMAND[command]

    assert task.decide.__name__ == COMMANDS[command].stem
    assert task.kind == COMMANDS[command].parts[-3]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.__name__)
def test_a_path_takes_the_command_unless_the_system_gives_it(command: type[Any]) -> None:
    taken = [route.path for route in (*ROUTES, SIMULATION) for task in route.tasks if task.command is command]

    assert len(taken) == (0 if command in BY_THE_SYSTEM else 1)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_the_command_has_a_test_file_of_its_name(path: Path) -> None:
    assert any((ROOT / "tests" / "domain" / path.parts[-3]).rglob(f"test_{path.name}"))


def test_no_permission_and_no_task_is_left_of_a_command_that_is_gone() -> None:
    assert set(PERMISSIONS) == set(COMMANDS)
    assert set(BY_COMMAND) == set(COMMANDS)
    assert len(ALL) == len(BY_COMMAND)
