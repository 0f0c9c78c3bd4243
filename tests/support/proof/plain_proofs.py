"""Proofs of a small ledger from the pure functions alone: everything is held in memory and computed from the whole log."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Final
from uuid import UUID

from typing_extensions import override

from service.proof import heads
from service.proof.checkpoint import HEADS, sign_checkpoint
from service.proof.checkpoint import Checkpoint as LogCheckpoint
from service.proof.hashing import node_hash
from service.proof.leaf import Leaf, Request, origin_of
from service.proof.notes import SignatureLine, Signer, sign_note, with_lines
from service.proof.tree import Nodes, consistency_path, inclusion_path, root_at
from service.reading.audit.packs.proving import Checkpoint, HeadProof, Proofs, Subject
from service.store.ledger import Ledger, LedgerEvent

SEED: Final = b"a seed of thirty-two bytes, fixed"


class _Hashes(Nodes):
    def __init__(self, hashes: Sequence[bytes]) -> None:
        self._hashes = hashes

    @override
    def hash_at(self, level: int, index: int) -> bytes:
        if level == 0:
            return self._hashes[index]
        return node_hash(self.hash_at(level - 1, 2 * index), self.hash_at(level - 1, 2 * index + 1))


class PlainProofs(Proofs):
    """The proofs of a ledger; a checkpoint is made by `cut`, up to the ledger's head.

    `at_need`: one is also made when somebody asks for one that is not there.
    """

    def __init__(self, ledger: Ledger, *, at_need: bool = False) -> None:
        self._ledger = ledger
        self._at_need = at_need
        self._leaves: list[Leaf] = []
        self._events: list[LedgerEvent] = []
        self._checkpoints: list[Checkpoint] = []
        self._newest: dict[UUID, bytes] = {}
        self._log = ""
        self.signers: list[Signer] = []

    async def cut(self) -> Checkpoint:
        """Take in what was appended, and sign a checkpoint of it."""
        head = (await self._ledger.head()).position
        while len(self._events) < head:
            for event in await self._ledger.read_all(after=len(self._events), limit=500):
                self._take(event)
        origin = self.signers[0].name
        root = root_at(_Hashes([leaf.hash for leaf in self._leaves]), head)
        tree = heads.HeadsTree(heads.bucket_hashes(self._entries(head)))
        made = Checkpoint(
            size=head,
            root=root,
            note=sign_checkpoint(LogCheckpoint(origin, head, root), self.signers),
            heads_note=sign_checkpoint(LogCheckpoint(origin + HEADS, head, tree.root), self.signers),
        )
        self._checkpoints.append(made)
        return made

    def go_on(self, number: int) -> None:
        """Sign under another name from now on, as a log does that was restored to an older state."""
        self.signers = [Signer.from_seed(f"{self._log}/{number}", SEED[:32])]

    def witness(self, line: SignatureLine) -> None:
        """Add a witness's line to the newest checkpoint."""
        newest = self._checkpoints.pop()
        self._checkpoints.append(replace(newest, note=with_lines(newest.note, [line])))

    def _take(self, event: LedgerEvent) -> None:
        if not self._events:
            self._log = origin_of(event.event_id, simulated=True)
            self.signers = [Signer.from_seed(self._log, SEED[:32])]
        leaf = _leaf(event, self._log, self._newest.get(event.stream))
        self._leaves.append(leaf)
        self._events.append(event)
        self._newest[event.stream] = leaf.hash

    def _entries(self, size: int) -> list[heads.Entry]:
        streams: dict[UUID, heads.Entry] = {}
        cases: dict[UUID, dict[UUID, int]] = {}
        for leaf, event in zip(self._leaves[:size], self._events, strict=False):
            streams[event.stream] = heads.stream_entry(event.stream, event.version, leaf.hash)
            for case in event.cases:
                cases.setdefault(case, {}).setdefault(event.stream, event.position)
        of_cases = [
            heads.case_entry(case, [heads.Joined(stream, at) for stream, at in joined.items()])
            for case, joined in cases.items()
        ]
        return [*streams.values(), *of_cases]

    @override
    async def latest(self) -> Checkpoint | None:
        return self._checkpoints[-1] if self._checkpoints else None

    @override
    async def checkpoint_at(self, size: int) -> Checkpoint | None:
        return next((each for each in self._checkpoints if each.size == size), None)

    @override
    async def checkpoint_at_or_after(self, position: int) -> Checkpoint | None:
        found = next((each for each in self._checkpoints if each.size >= position), None)
        if found is None and self._at_need and (await self._ledger.head()).position >= position:
            return await self.cut()
        return found

    @override
    async def leaves(self, positions: Sequence[int]) -> Mapping[int, bytes]:
        return {position: self._leaves[position - 1].data for position in positions}

    @override
    async def inclusion(self, positions: Sequence[int], size: int) -> Mapping[int, Sequence[bytes]]:
        hashes = _Hashes([leaf.hash for leaf in self._leaves])
        return {position: inclusion_path(hashes, position - 1, size) for position in positions}

    @override
    async def heads(self, subjects: Sequence[Subject], size: int) -> Sequence[HeadProof]:
        entries = self._entries(size)
        tree = heads.HeadsTree(heads.bucket_hashes(entries))
        return [_head(tree, entries, kind, subject) for kind, subject in subjects]

    @override
    async def consistency(self, first: int, second: int) -> Sequence[bytes]:
        return consistency_path(_Hashes([leaf.hash for leaf in self._leaves]), first, second)

    @override
    def verifier_keys(self, origin: str) -> Sequence[str]:
        return [signer.vkey for signer in self.signers]

    @override
    def sign(self, text: str, origin: str) -> str:
        return sign_note(text, self.signers)


def _head(tree: heads.HeadsTree, entries: Sequence[heads.Entry], kind: str, subject: UUID) -> HeadProof:
    key = heads.stream_key(subject) if kind == "stream" else heads.case_key(subject)
    bucket = [entry for entry in entries if heads.bucket_of(entry.key) == heads.bucket_of(key)]
    proof = heads.prove_head(tree, key, bucket)
    return HeadProof(kind, subject, [(entry.key, entry.value) for entry in proof.bucket], proof.siblings)


def _leaf(event: LedgerEvent, log: str, previous: bytes | None) -> Leaf:
    """A leaf whose request is a plain stand-in: each event counts as one of its own."""
    digest = sha256(str(event.position).encode()).digest()
    return Leaf(
        log=log,
        position=event.position,
        id=event.event_id,
        stream=event.stream,
        stream_version=event.version,
        kind=event.kind,
        stream_organisation=event.organisation,
        cases=event.cases,
        type=event.type,
        payload_sha256=sha256(event.payload).digest(),
        organisation=event.organisation,
        actor=event.actor,
        correlation_id=event.correlation,
        causation_id=event.causation,
        effective_at=event.effective_at,
        recorded_at=event.recorded_at,
        editions=event.editions,
        build=event.build,
        request=Request(digest, digest, event.stream, event.version, event.position, event.position, event.recorded_at),
        previous=previous,
    )
