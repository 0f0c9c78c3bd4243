"""The events of a pack in their order: each follows from the ones before it, in its stream and in time."""

from __future__ import annotations

from collections import Counter
from typing import Callable, NamedTuple

from service.proof.offline.damage import DamageError
from service.proof.offline.records import Entry, check_payload

DAMAGES_MAX = 1_000
"""So many are looked for at most, to name the first."""


class StreamHead(NamedTuple):
    """The newest event of a stream so far, and what its stream is."""

    position: int
    version: int
    leaf: bytes
    kind: str
    organisation: str
    cases: tuple[str, ...]


class History:
    """Takes in events one by one, and keeps what each stream came to."""

    def __init__(self, size: int, *, whole: bool) -> None:
        """A history of a log of this size, all of it (`whole`) or some of its streams."""
        self.size = size
        self._whole = whole
        self.count = 0
        self.streams: dict[str, StreamHead] = {}
        self.joined: dict[str, list[tuple[int, str]]] = {}
        """The streams of each case, with the position at which each joined it."""
        self.types: set[str] = set()
        self.editions: set[str] = set()
        self.damages: list[DamageError] = []
        self._position = 0
        self._recorded_at = ""

    def take(self, entry: Entry) -> None:
        """Check an event against those before it; what does not follow is added to `damages`."""
        for check in (self._place, check_payload, self._request, self._version, self._chain, self._stream, self._time):
            self._note(check, entry)
        self._keep(entry)

    def _note(self, check: Callable[[Entry], None], entry: Entry) -> None:
        try:
            check(entry)
        except DamageError as damage:
            self.damages.append(damage)

    def _place(self, entry: Entry) -> None:
        if self._whole:
            return  # `order_damage` says more, once all positions are known
        if entry.position <= self._position:
            raise DamageError("reordered", f"it stands after position {self._position} in the file", entry.position)
        if entry.position > self.size:
            raise DamageError("inserted", f"the checkpoint covers only {self.size} events", entry.position)

    def _request(self, entry: Entry) -> None:
        record, request = entry.record, entry.record["request"]
        if not request["first_position"] <= entry.position <= request["last_position"]:
            raise DamageError("renumbered", "its request put it at another position", entry.position)
        ahead = request["last_position"] - entry.position
        if request["stream"] != record["stream"] or request["stream_version"] - ahead != record["stream_version"]:
            raise DamageError("edited", "its request was about another stream or version", entry.position)
        if request["recorded_at"] != record["recorded_at"]:
            raise DamageError("edited", "its request was recorded at another time", entry.position)

    def _version(self, entry: Entry) -> None:
        head = self.streams.get(entry.record["stream"])
        follows, version = (head.version if head else 0) + 1, entry.record["stream_version"]
        if version > follows:
            raise DamageError("missing", f"version {follows} of its stream is not here", entry.position)
        if version < follows:
            raise DamageError("inserted", f"version {version} of its stream stands already", entry.position)

    def _chain(self, entry: Entry) -> None:
        head = self.streams.get(entry.record["stream"])
        if head is None:
            if entry.record["previous"] is not None:
                raise DamageError("missing", "the event of its stream before it is not here", entry.position)
        elif entry.record["previous"] != head.leaf.hex() and entry.record["stream_version"] == head.version + 1:
            raise DamageError(
                "edited", f"the next event of its stream, at {entry.position}, names another leaf hash", head.position
            )

    def _stream(self, entry: Entry) -> None:
        record, cases = entry.record, tuple(entry.record["cases"])
        head = self.streams.get(record["stream"])
        before = head.cases if head else ()
        new = cases[len(before) :]
        if head and (record["kind"], record["stream_organisation"]) != (head.kind, head.organisation):
            raise DamageError("edited", "its stream had another kind or organisation before", entry.position)
        if cases[: len(before)] != before or list(new) != sorted(set(new)) or set(new) & set(before):
            raise DamageError(
                "edited", "a stream never leaves a case, and joins several in the order of ids", entry.position
            )
        if new and entry.position != record["request"]["first_position"]:
            raise DamageError("edited", "a stream joins a case with the first event of a request", entry.position)

    def _time(self, entry: Entry) -> None:
        if entry.record["recorded_at"] < self._recorded_at:
            raise DamageError("edited", f"back-dated: recorded before position {self._position}", entry.position)

    def _keep(self, entry: Entry) -> None:
        record, head = entry.record, self.streams.get(entry.record["stream"])
        for case in record["cases"][len(head.cases) if head else 0 :]:
            self.joined.setdefault(case, []).append((entry.position, record["stream"]))
        self.streams[record["stream"]] = StreamHead(
            entry.position,
            record["stream_version"],
            entry.leaf,
            record["kind"],
            record["stream_organisation"],
            tuple(record["cases"]),
        )
        self.count += 1
        self.types.add(record["type"])
        self.editions.update(record["editions"])
        self._position, self._recorded_at = entry.position, record["recorded_at"]


def order_damage(positions: list[int], size: int) -> DamageError | None:
    """What is wrong with the positions of a whole log, which count from 1 to its size; None where nothing is."""
    expected = list(range(1, size + 1))
    if positions == expected:
        return None
    wrong = next((place for place, position in zip(expected, positions) if place != position), None)
    if wrong is None:
        return _by_length(len(positions), size)
    twice = [position for position, count in Counter(positions).items() if count > 1]
    absent = sorted(set(expected) - set(positions))
    if absent and len(positions) == size:
        return DamageError("renumbered", "no event has this position: one was given another", absent[0])
    if absent:
        return DamageError("missing", "the event is not here", absent[0])
    if twice:
        return DamageError("inserted", "two events claim this position", min(twice))
    return DamageError("reordered", f"position {positions[wrong - 1]} stands in its place", wrong)


def _by_length(found: int, size: int) -> DamageError:
    if found > size:
        return DamageError("inserted", f"the checkpoint covers only {size} events", size + 1)
    return DamageError(
        "truncated", f"the checkpoint covers {size} events, and the pack stops before this one", found + 1
    )
