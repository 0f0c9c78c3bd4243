"""What is gathered for a pack, case by case: lines, opened words, proofs and names; only places are held in memory."""

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
import rfc8785

from service.reading.audit.packs.members import Sheaf, Spool, joined
from service.reading.audit.packs.opened import Heard, Standing
from service.reading.audit.packs.proving import HeadProof, Subject
from service.store.ledger import LedgerEvent


class Gathering:
    """Everything but the page. What belongs to two cases of a sample is gathered once."""

    def __init__(self, spool: Callable[[], Spool]) -> None:
        self._lines, self._opened, self._inclusion, self._heads = (Sheaf(spool()) for _ in range(4))
        self._subjects: dict[Subject, None] = {}
        self.streams: dict[str, list[list[str | int]]] = {}
        """For each case its streams, each with the position at which it joined."""
        self.types: set[str] = set()
        self.editions: set[str] = set()
        self.words_opened = False
        """Whether anything that people wrote, or whom it names, is shown in words."""

    def add_events(
        self, events: Iterable[Heard], leaves: Mapping[int, bytes], paths: Mapping[int, Sequence[bytes]]
    ) -> None:
        """Events as their reader hears them, with what the tree commits to and the path of each."""
        for each in events:
            event = each.event
            position = event.position
            self._lines.add(position, line(leaves[position], event.payload))
            if entries := list(each.opened()):
                self._opened.add(position, b",".join(entries))
            path = rfc8785.dumps([coded(part) for part in paths[position]])
            self._inclusion.add(str(position), b'"%d":%b' % (position, path))
            self.words_opened |= any(value.standing is Standing.OPEN for value in each.values)
            self.add_subject("stream", event.stream)
            self.types.add(event.type)
            self.editions.update(event.editions)

    def add_subject(self, kind: str, subject: UUID) -> None:
        """It will be proven where this stream or case ended."""
        self._subjects[kind, subject] = None

    @property
    def subjects(self) -> Sequence[Subject]:
        """What is to be proven, each once."""
        return list(self._subjects)

    def add_heads(self, proofs: Iterable[HeadProof]) -> None:
        """Proofs of where streams and cases ended."""
        for proof in proofs:
            self._heads.add(len(self._heads), rfc8785.dumps(_head(proof)))

    def lines(self) -> Iterator[bytes]:
        """`events.ndjson`."""
        yield from self._lines.pieces()

    def opened(self) -> Iterator[bytes]:
        """`opened.json`."""
        yield b"["
        yield from joined(self._opened.pieces())
        yield b"]"

    def proofs(self, consistency: Mapping[str, Any] | None) -> Iterator[bytes]:
        """`proofs.json`, its members in the order of their names."""
        yield b'{"consistency":' + rfc8785.dumps(dict(consistency) if consistency else None) + b',"heads":['
        yield from joined(self._heads.pieces())
        yield b'],"inclusion":{'
        yield from joined(self._inclusion.pieces())
        yield b'},"streams":' + rfc8785.dumps(self.streams) + b"}"


def line(leaf: bytes, payload: bytes) -> bytes:
    """One event of `events.ndjson`: what the tree commits to, and the stored payload as text."""
    # of a text alone a plain writer gives the canonical bytes, in a fraction of the time
    return b'{"payload":%b,"record":%b}\n' % (orjson.dumps(payload.decode()), leaf)


def joined_at(case: UUID, events: Iterable[LedgerEvent]) -> list[tuple[UUID, int]]:
    """The streams of a case, each with the position at which it joined, in the order in which they did."""
    found: dict[UUID, int] = {}
    for event in events:
        if case in event.cases:
            found.setdefault(event.stream, event.position)
    return sorted(found.items(), key=lambda each: (each[1], each[0]))


def coded(value: bytes) -> str:
    """Bytes as base64."""
    return b64encode(value).decode()


def _head(proof: HeadProof) -> dict[str, Any]:
    return {
        "kind": proof.kind,
        "subject": str(proof.subject),
        "bucket": [[key.hex(), value.hex()] for key, value in proof.bucket],
        "siblings": [coded(sibling) for sibling in proof.siblings],
    }
