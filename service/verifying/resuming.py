"""Going on where an earlier verification ended: what the auditor kept of it, and what of that is checked again.

The state says how far everything held, with the complete subtrees of the tree of that size. They are believed only where
they give the root that the log signed at that size. That the events up to there were looked at is the state's own word: it
is kept by the auditor, and what was changed there since is found by a verification from the beginning.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from service.proof.offline.damage import CannotCheckError, DamageError
from service.proof.offline.merkle import Tree
from service.verifying.chunks import SECONDS, Connection
from service.verifying.trees import TILE
from service.verifying.walk import Mark, Walk

_FORMAT: Final = "incident-ledger-verified/1"
_CHECKPOINT: Final = "select size, root, note, heads_root, heads_note, made_at from proof.checkpoints where size = $1"
_BUCKETS: Final = (
    "select distinct on (bucket) bucket, hash from proof.head_buckets where size <= $1 order by bucket, size desc"
)
_LEAVES: Final = "select hash from proof.leaves where position > $1 and position <= $2 order by position"
_RECORDED: Final = """
    select to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') from ledger.events where position = $1
"""


@dataclass(frozen=True, slots=True)
class State:
    """What an earlier verification of a log came to."""

    log: str
    mark: Mark


def read_state(path: Path) -> State | None:
    """The state in a file; None where there is no file yet.

    Raises:
        CannotCheckError: the file holds something else.
    """
    try:
        said = json.loads(path.read_bytes())
        if said["format"] != _FORMAT:
            raise ValueError(said["format"])
        return State(str(said["log"]), Mark(int(said["size"]), [bytes.fromhex(each) for each in said["complete"]]))
    except FileNotFoundError:
        return None
    except (OSError, KeyError, TypeError, ValueError, RecursionError):
        raise CannotCheckError(f"{path} is not what an earlier verification left: remove it to begin anew") from None


def write_state(path: Path, state: State) -> None:
    """Keep a state for the next time."""
    said = {
        "format": _FORMAT,
        "log": state.log,
        "size": state.mark.size,
        "complete": [each.hex() for each in state.mark.complete],
    }
    path.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")


async def take_up(connection: Connection, walk: Walk, state: State) -> None:
    """Let a walk begin behind what was verified before.

    Raises:
        CannotCheckError: the state is not one of this log.
        DamageError: the checkpoint or the map of heads at that size is not what was signed.
    """
    row = await connection.fetchrow(_CHECKPOINT, state.mark.size, timeout=SECONDS)
    if row is None or state.log != walk.log:
        raise CannotCheckError("the state is of another log, or the checkpoint that it ended at is not there")
    signed = walk.statements.check(tuple(row))
    tree = Tree()
    tree.size, tree.complete = state.mark.size, list(state.mark.complete)
    if tree.root() != signed.root or len(tree.complete) != tree.size.bit_count():
        raise CannotCheckError("the state does not give the root that the log signed at its size")
    walk.map.change({row[0]: row[1] for row in await connection.fetch(_BUCKETS, tree.size, timeout=SECONDS)})
    if walk.map.root != row[3]:
        raise DamageError(
            "column-changed", "the stored map of heads (proof.head_buckets) is not the signed one", tree.size
        )
    behind = tree.size - tree.size % TILE
    walk.trees.stored = tree
    walk.trees.tile = [each[0] for each in await connection.fetch(_LEAVES, behind, tree.size, timeout=SECONDS)]
    walk.position = walk.since = tree.size
    walk.roots[tree.size] = signed.root
    walk.recorded_at = await connection.fetchval(_RECORDED, tree.size) or ""
    walk.mark = state.mark
