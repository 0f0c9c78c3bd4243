"""Packs as they are made: what a plan names is read, opened as far as its reader may see, proven, written and signed."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import IO, Any, Final
from uuid import UUID

import rfc8785

from domain.policy.library import Policy
from service.reading.audit.packs import shelf
from service.reading.audit.packs.gathering import Gathering, coded, joined_at, line
from service.reading.audit.packs.members import Members, spools
from service.reading.audit.packs.opened import Heard, heard, secrets_of
from service.reading.audit.packs.pages import page
from service.reading.audit.packs.pages.chapters import chapter_of
from service.reading.audit.packs.plan import PackKind, Plan
from service.reading.audit.packs.proving import Proofs
from service.reading.opening import Opening
from service.store.codec import Codec
from service.store.ledger import Ledger, LedgerEvent

FORMAT: Final = "incident-ledger-pack/1"
AT_ONCE: Final = 2
"""So many packs are made at once, in each process: each of them may need a file as large as itself."""

PATIENCE_SECONDS: Final = 10.0
_READ_AT_ONCE: Final = 500
_PROVEN_AT_ONCE: Final = 1000
"""Each proof of heads begins with the hashes of all buckets of the map."""

Progress = Callable[[int, int], None]


class PacksBusyError(Exception):
    """As many packs as this process makes at once are being made; nothing was read."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that is ready to be sent: a file at its beginning, its size, and the SHA-256 of its `pack.json`.

    Packs with the same digest are the same to the byte, but for signatures of keys that were added or retired since.
    `words_opened`: something that people wrote, or whom it names, is in it in words.
    """

    file: IO[bytes]
    size: int
    digest: str
    words_opened: bool


class PackMaker:
    """Makes packs; what a plan names was found to exist for its reader before."""

    def __init__(
        self,
        ledger: Ledger,
        codec: Codec,
        *,
        opening: Opening,
        proofs: Proofs,
        policy: Policy,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._patience_seconds = patience_seconds
        self._ledger = ledger
        self._codec = codec
        self._opening = opening
        self._proofs = proofs
        self._policy = policy
        self._places = asyncio.Semaphore(AT_ONCE)

    @asynccontextmanager
    async def made(self, plan: Plan, progress: Progress = lambda _done, _total: None) -> AsyncIterator[Pack]:
        """The pack of a plan; its file is gone when the context ends.

        Raises:
            PacksBusyError: too many are being made.
            LedgerUnavailableError: the database went away.
        """
        with spools() as spool:
            out = spool()
            async with self.place():
                digest, words_opened = await self._write(plan, out, progress)
            size = out.tell()
            out.seek(0)
            yield Pack(out, size, digest, words_opened)

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Hold one of the places in which packs are made.

        Raises:
            PacksBusyError: all of them stay taken.
        """
        try:
            async with asyncio.timeout(self._patience_seconds):
                await self._places.acquire()
        except TimeoutError:
            raise PacksBusyError from None
        try:
            yield
        finally:
            self._places.release()

    async def _write(self, plan: Plan, out: IO[bytes], progress: Progress) -> tuple[str, bool]:
        """Write the whole file; the digest of `pack.json`, and whether words are opened in it."""
        with spools() as spool:
            members, gathering = Members(spool), Gathering(spool)
            if plan.kind is PackKind.LOG:
                await self._write_log(plan, members, progress)
            else:
                await self._write_cases(plan, members, gathering, progress)
            return await asyncio.to_thread(self._seal, plan, members, out), gathering.words_opened

    async def _write_cases(self, plan: Plan, members: Members, gathering: Gathering, progress: Progress) -> None:
        with members.writing("timeline.html") as told:
            told.write(page.opening(_front(plan)))
            for number, case in enumerate(plan.cases, start=1):
                told.write(await self._chapter(plan, case, number, gathering))
                progress(number, len(plan.cases))
            told.write(page.closing())
        for stream in plan.streams:
            events = await self._ledger.read_stream(stream)
            await self._gather(plan, [each for each in events if each.position <= plan.size], gathering)
        subjects = gathering.subjects
        for start in range(0, len(subjects), _PROVEN_AT_ONCE):
            gathering.add_heads(await self._proofs.heads(subjects[start : start + _PROVEN_AT_ONCE], plan.size))
        consistency = await self._consistency(plan)
        await asyncio.to_thread(_write_gathered, members, gathering, consistency)
        self._add_shelf(members, gathering.types, gathering.editions)

    async def _chapter(self, plan: Plan, case: UUID, number: int, gathering: Gathering) -> bytes:
        """Gather a case; what the page tells of it."""
        events = await self._ledger.read_case(case, up_to=plan.size)
        streams = joined_at(case, events)
        gathering.streams[str(case)] = [[str(stream), position] for stream, position in streams]
        gathering.add_subject("case", case)
        heard_here = await self._gather(plan, events, gathering)

        def written() -> bytes:
            told = chapter_of(case, heard_here, as_of=plan.as_of, codec=self._codec)
            return page.chapter(told, number=number, names=plan.names)

        return await asyncio.to_thread(written)

    async def _gather(self, plan: Plan, events: Sequence[LedgerEvent], gathering: Gathering) -> Sequence[Heard]:
        """Gather whole streams; how their reader hears them."""
        facts: dict[int, Any] = await asyncio.to_thread(
            lambda: {event.position: self._codec.decode(event) for event in events}
        )
        words = await self._opening.of(secrets_of(events, facts, plan.sight))
        positions = [event.position for event in events]
        leaves = await self._proofs.leaves(positions)
        paths = await self._proofs.inclusion(positions, plan.size)

        def add() -> Sequence[Heard]:
            found = heard(events, facts, plan.sight, words)
            gathering.add_events(found, leaves, paths)
            return found

        return await asyncio.to_thread(add)

    async def _write_log(self, plan: Plan, members: Members, progress: Progress) -> None:
        """The whole log: nothing is opened, and nothing needs a path, for the tree can be built from it."""
        counts: dict[str, int] = {}
        editions: set[str] = set()
        with members.writing("events.ndjson") as lines:
            after = 0
            while after < plan.size:
                events = await self._ledger.read_all(after=after, limit=min(_READ_AT_ONCE, plan.size - after))
                leaves = await self._proofs.leaves([event.position for event in events])
                lines.write(b"".join(line(leaves[event.position], event.payload) for event in events))
                for name, same in groupby(sorted(event.type for event in events)):
                    counts[name] = counts.get(name, 0) + len([*same])
                editions.update(edition for event in events for edition in event.editions)
                after = events[-1].position
                progress(after, plan.size)
        members.add("opened.json", b"[]")
        nothing: dict[str, Any] = {
            "consistency": await self._consistency(plan),
            "heads": [],
            "inclusion": {},
            "streams": {},
        }
        members.add("proofs.json", rfc8785.dumps(nothing))
        members.add("timeline.html", page.opening(_front(plan)) + page.whole_log(counts) + page.closing())
        self._add_shelf(members, counts, editions)

    async def _consistency(self, plan: Plan) -> dict[str, Any] | None:
        if plan.since is None:
            return None
        path = await self._proofs.consistency(plan.since.size, plan.size)
        return {"from": plan.since.size, "root": coded(plan.since.root), "path": [coded(each) for each in path]}

    def _add_shelf(self, members: Members, types: Iterable[str], editions: Iterable[str]) -> None:
        for name in sorted(types):
            members.add(f"schemas/{name}.json", shelf.schema(name))
        found = dict(filter(None, (shelf.edition_text(self._policy, each) for each in sorted(editions))))
        for name, text in found.items():
            members.add(f"editions/{name}.toml", text)
        members.add(shelf.VERIFIER, shelf.verifier())

    def _seal(self, plan: Plan, members: Members, out: IO[bytes]) -> str:
        """Say and sign what the pack is, and write it all; the digest of what is said."""
        members.add("README.txt", shelf.read_me(plan.kind))
        members.add("checkpoint", plan.checkpoint.note.encode())
        members.add("heads", plan.checkpoint.heads_note.encode())
        members.add("log.vkey", "".join(f"{key}\n" for key in self._proofs.verifier_keys(plan.log)).encode())
        said = rfc8785.dumps(_described(plan, members.digests()))
        digest = hashlib.sha256(said)
        members.add("pack.json", said)
        signed = self._proofs.sign(f"{FORMAT}\n{plan.log}\n{coded(digest.digest())}\n", plan.log)
        members.add("pack.note", signed.encode())
        members.write_to(out)
        return digest.hexdigest()


def _described(plan: Plan, digests: Mapping[str, str]) -> dict[str, Any]:
    actor = plan.sight.actor
    said: dict[str, Any] = {
        "format": FORMAT,
        "kind": plan.kind.value,
        "log": plan.log,
        "size": plan.size,
        "reader": {"organisation": actor.organisation, "roles": sorted(role.value for role in actor.roles)},
        "files": dict(digests),
    }
    if plan.kind is not PackKind.LOG:
        said["subjects"] = [str(case) for case in plan.cases]
    if plan.sample is not None:
        said["sample"] = dict(plan.sample)
    return said


def _front(plan: Plan) -> page.Front:
    actor = plan.sight.actor
    return page.Front(
        kind=plan.kind.value,
        log=plan.log,
        size=plan.size,
        root=coded(plan.checkpoint.root),
        recorded_at=plan.recorded_at,
        as_of=plan.as_of,
        organisation=actor.organisation,
        roles=sorted(role.value for role in actor.roles),
        cases=plan.cases,
        sample=plan.sample,
        names=plan.names,
    )


def _write_gathered(members: Members, gathering: Gathering, consistency: Mapping[str, Any] | None) -> None:
    files = {
        "events.ndjson": gathering.lines(),
        "opened.json": gathering.opened(),
        "proofs.json": gathering.proofs(consistency),
    }
    for name, pieces in files.items():
        with members.writing(name) as member:
            for piece in pieces:
                member.write(piece)
