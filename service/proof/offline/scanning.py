"""One walk over the events of a pack: everything that can be said of them while they pass by."""

from __future__ import annotations

from array import array
from typing import NamedTuple

from service.proof.offline.checkpoints import Checkpoint
from service.proof.offline.damage import DamageError
from service.proof.offline.histories import DAMAGES_MAX, History, order_damage
from service.proof.offline.manifest import Manifest
from service.proof.offline.members import Members
from service.proof.offline.merkle import Tree
from service.proof.offline.opened import Opened
from service.proof.offline.proofs import Proofs, check_included
from service.proof.offline.reading import parsed
from service.proof.offline.records import Entry, entry_of

EVENTS = "events.ndjson"


class Scan(NamedTuple):
    """What the walk came to."""

    history: History
    opened: Opened
    root: bytes
    roots: dict[int, bytes]
    """Roots of the tree at the sizes that were asked for, of a whole log."""


def scanned(
    members: Members, manifest: Manifest, proofs: Proofs | None, checkpoint: Checkpoint | None, held: Checkpoint | None
) -> Scan:
    """Walk over the events.

    Raises:
        DamageError: there are none, or `opened.json` is not of the form that packs have.
    """
    walk = _Walk(manifest, proofs, checkpoint, Opened(_listed(members)))
    sizes = {held.size} if held else set()
    if manifest.kind == "log" and proofs is not None and proofs.grown is not None:
        sizes.add(proofs.grown.size)
    try:
        for number, line in enumerate(members.lines(EVENTS)):
            walk.take(entry_of(line, walk.expected(number), manifest.log_in_records))
            if walk.tree.size in sizes:
                walk.roots[walk.tree.size] = walk.tree.root()
            if len(walk.history.damages) >= DAMAGES_MAX:
                break
        else:
            walk.end()
    except DamageError as damage:
        walk.history.damages.append(damage)
    return Scan(walk.history, walk.opened, walk.tree.root(), walk.roots)


def _listed(members: Members) -> object:
    try:
        return parsed(members.read("opened.json"))
    except ValueError:
        raise DamageError("edited", "opened.json is not JSON") from None


class _Walk:
    def __init__(
        self, manifest: Manifest, proofs: Proofs | None, checkpoint: Checkpoint | None, opened: Opened
    ) -> None:
        self.history = History(manifest.size, whole=manifest.kind == "log")
        self.opened = opened
        self.tree = Tree()
        self.roots: dict[int, bytes] = {}
        self._whole = manifest.kind == "log"
        self._proofs = proofs
        self._checkpoint = checkpoint
        self._positions = array("q")
        self._awaited = sorted(proofs.inclusion) if proofs and not self._whole else []

    def expected(self, number: int) -> int:
        """The position of the event in a line, where the line itself does not say it."""
        return self._awaited[number] if number < len(self._awaited) else number + 1

    def take(self, entry: Entry) -> None:
        """Take in the next event."""
        self._positions.append(entry.position)
        for check in (self._included, self.opened.meet):
            try:
                check(entry)
            except DamageError as damage:  # noqa: PERF203 - rare, and the others are still to be made
                self.history.damages.append(damage)
        self.history.take(entry)

    def _included(self, entry: Entry) -> None:
        if self._whole:
            self.tree.add(entry.leaf)
        elif self._proofs is not None and self._checkpoint is not None:
            check_included(entry, self._proofs, self._checkpoint)

    def end(self) -> None:
        """Pass where all events are here that should be.

        Raises:
            DamageError: one is missing of which the proofs speak.
        """
        if self._whole:
            wrong = order_damage(list(self._positions), self.history.size)
            if wrong is not None:
                self.history.damages.insert(0, wrong)
            return
        absent = sorted(set(self._awaited) - set(self._positions))
        if absent:
            raise DamageError("missing", "the proofs speak of this event, and it is not here", absent[0])
