"""A verification that goes on where the last one ended: what its state may be believed, and what is checked again."""

import json
from pathlib import Path
from typing import Any

import pytest

from service.proof.offline.damage import CannotCheckError, first_of
from service.proof.offline.report import Report
from service.verifying.live import Verification
from service.verifying.resuming import State, read_state, write_state
from tests.support.proof.attacked import FIRST, SECOND, Attacked
from tests.support.running.database import Connection


async def verified(attacked: Attacked, connection: Connection, **changes: Any) -> tuple[Report, State | None]:
    report = Report()
    verification = Verification(connection, attacked.trusted(**{"held": (), **changes}), report)
    await verification.run_within()
    return report, verification.state


@pytest.fixture
async def state(attacked: Attacked, tmp_path: Path) -> State:
    """How far the ledger held when it ended at the first checkpoint."""
    statement = f"delete from proof.checkpoints where size > {FIRST}"
    async with attacked.attack("delete from proof.cosignatures", statement) as connection:
        _, found = await verified(attacked, connection)
    assert found is not None
    write_state(tmp_path / "state", found)
    read = read_state(tmp_path / "state")
    assert read == found
    return found


async def test_it_goes_on_behind_what_held_and_says_so(state: State, attacked: Attacked) -> None:
    async with attacked.attack() as connection:
        report, found = await verified(attacked, connection, state=state)

    assert state.mark.size == FIRST
    assert report.code == 0, report.text()
    assert any(f"positions 1 to {FIRST} were verified before" in line for line in report.lines)
    assert found is not None
    assert found.mark.size == SECOND


async def test_what_was_changed_behind_it_is_found(state: State, attacked: Attacked) -> None:
    async with attacked.attack("update ledger.events set payload = '{}' where position = 200") as connection:
        report, found = await verified(attacked, connection, state=state)

    assert (first_of(report.damages).kind, first_of(report.damages).position) == ("edited", 200)
    assert found is None, "a state is kept only of what held"


async def test_a_changed_event_before_it_is_not_looked_at_again(state: State, attacked: Attacked) -> None:
    """It says so, and a verification from the beginning finds it."""
    async with attacked.attack("update ledger.events set payload = '{}' where position = 40") as connection:
        report, _ = await verified(attacked, connection, state=state)
        whole, _ = await verified(attacked, connection)

    assert report.code == 0
    assert any(line.startswith("CAUTION  positions 1 to") for line in report.lines)
    assert first_of(whole.damages).position == 40


@pytest.mark.parametrize("change", ["root", "size", "log", "more"])
async def test_a_state_that_does_not_give_the_signed_root_is_refused(
    change: str, state: State, attacked: Attacked, tmp_path: Path
) -> None:
    write_state(tmp_path / "state", state)
    said = json.loads((tmp_path / "state").read_text())
    said["complete"][0] = bytes(32).hex() if change == "root" else said["complete"][0]
    said["size"] = SECOND if change == "size" else said["size"]
    said["log"] = "another" if change == "log" else said["log"]
    said["complete"] += [bytes(32).hex()] if change == "more" else []
    (tmp_path / "state").write_text(json.dumps(said))

    async with attacked.attack() as connection:
        report, found = await verified(attacked, connection, state=read_state(tmp_path / "state"))

    assert (report.code, found) == (2, None)


async def test_a_forged_checkpoint_at_its_end_is_found(state: State, attacked: Attacked) -> None:
    forged = f"update proof.checkpoints set root = sha256(root) where size = {FIRST}"
    async with attacked.attack(forged) as connection:
        report, _ = await verified(attacked, connection, state=state)

    assert first_of(report.damages).kind == "column-changed"


async def test_a_changed_map_of_heads_at_its_end_is_found(state: State, attacked: Attacked) -> None:
    changed = f"update proof.head_buckets set hash = sha256(hash) where size <= {FIRST}"
    async with attacked.attack(changed) as connection:
        report, _ = await verified(attacked, connection, state=state)

    assert first_of(report.damages).kind == "column-changed"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "incident-ledger-verified/1", "log": "a", "size": "x"}'])
def test_a_file_of_something_else_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "state").write_text(text)

    with pytest.raises(CannotCheckError):
        read_state(tmp_path / "state")


def test_no_file_is_no_state(tmp_path: Path) -> None:
    assert read_state(tmp_path / "state") is None
