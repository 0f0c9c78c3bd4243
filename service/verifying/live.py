"""The whole verification of a live ledger, in one snapshot of its database."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import asyncpg

from service.proof.offline.damage import CannotCheckError, DamageError
from service.proof.offline.notes import VerifierKey
from service.proof.offline.report import Report
from service.vault.keyring import Keyring
from service.verifying import questions
from service.verifying.chunks import SECONDS, STRETCH, Chunk, Connection, previous_leaves, read_chunk
from service.verifying.reads import check_reads
from service.verifying.resuming import State, take_up
from service.verifying.sealed import Vault, boxes_in
from service.verifying.second_look import look_again
from service.verifying.signed_beside import (
    check_cosignatures,
    check_map,
    check_origins,
    check_published,
    check_tiles,
)
from service.verifying.statements import Statements, no_keys
from service.verifying.tables import CLAIMS, LEDGER, PROOF, answers
from service.verifying.walk import Walk

BEYOND_MAX: Final = 100_000
"""A position that lies further beyond all events than this was not given by the ledger."""

_NEWEST: Final = "select note from proof.checkpoints order by size desc limit 1"
_ORIGINS: Final = "select origin, since_size from proof.origins order by number"
_BEYOND: Final = "select min(position) from ledger.events where position > $1"
_NAME: Final = re.compile(r"(incident-ledger/(?:simulated/)?[0-9a-f-]{36})(?:/[0-9]+)?")

_NO_ANSWER: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)

KeysOf = Callable[[str], list[VerifierKey]]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Trusted:
    """What whoever verifies brings: keys, witnesses, checkpoints they hold, and what opens the sealed values."""

    keys_of: KeysOf
    """The keys of the log under a name that it has or had."""
    witnesses: list[VerifierKey] = field(default_factory=list)
    held: tuple[bytes, ...] = ()
    remembered: tuple[bytes, ...] = ()
    """What the signer remembers that it signed last, of this log and perhaps of others."""
    keyring: Keyring | None = None
    journal: frozenset[UUID] | None = None
    """The keys that were destroyed, as the folder of the keys remembers it."""
    state: State | None = None


@dataclass(frozen=True, slots=True)
class _Extent:
    events: int
    head: int
    protected: int
    leaves: int
    below: int


class Verification:
    """One verification; `report` tells what was found, `state` how far everything held."""

    def __init__(self, connection: Connection, trusted: Trusted, report: Report) -> None:
        self._connection = connection
        self._trusted = trusted
        self._report = report
        self._vault = None if trusted.keyring is None else Vault(trusted.keyring, trusted.journal)
        self.state: State | None = None

    async def run(self, progress: Progress = lambda _done, _all: None) -> None:
        """Verify everything in one snapshot; what the database does not answer is told as not checked."""
        try:
            async with self._connection.transaction(isolation="repeatable_read", readonly=True):
                await self.run_within(progress)
        except _NO_ANSWER as error:
            self._report.unanswered.append(f"the database did not answer everything: {type(error).__name__}")

    async def run_within(self, progress: Progress = lambda _done, _all: None) -> None:
        """Verify everything as the transaction sees it that the connection is in."""
        row = await self._connection.fetchrow(questions.EXTENT, timeout=SECONDS)
        with self._report.part():
            await self._verify(_Extent(*(row or (0, 0, 0, 0, 0))), progress)

    async def _verify(self, extent: _Extent, progress: Progress) -> None:
        if not extent.events and not extent.protected:
            raise CannotCheckError("the ledger is empty: there is nothing to verify")
        walk = await self._walk_of(extent)
        if self._trusted.state is not None:
            await take_up(self._connection, walk, self._trusted.state)
        resumed = walk.position
        await self._walk(walk, extent, progress)
        walk.end()
        await look_again(self._connection, walk)
        self._report.damages += walk.damages
        self._report.damages += walk.statements.held_against(walk.roots, extent.head)
        self._report.damages += [each async for each in self._beside(walk, extent)]
        await self._sealed(whole=resumed == 0, protected=extent.protected)
        await self._tell(walk, extent, resumed)
        if walk.mark is not None and not self._report.damages:
            self.state = State(walk.log, walk.mark)

    async def _walk_of(self, extent: _Extent) -> Walk:
        made = await self._made_name()
        note = await self._connection.fetchval(_NEWEST) or ""
        named = _NAME.fullmatch(note.partition("\n")[0])
        log = named[1] if named else made
        if log != made:
            self._name_differs(log, made)
        rows = await self._connection.fetch(_ORIGINS)
        origins = [(row[0], row[1]) for row in rows] or [(log, 0)]
        if log not in [name for name, _ in origins]:
            origins.insert(0, (log, 0))
        keys = [key for name, _ in origins for key in self._trusted.keys_of(name)]
        no_keys(keys)
        statements = Statements(origins, keys)
        for held in self._trusted.held:
            statements.hold(held, [*keys, *self._trusted.witnesses])
        with self._report.part():
            statements.recall(self._trusted.remembered)
        return Walk(log, statements, extent.protected, extent.leaves)

    async def _made_name(self) -> str:
        first = await self._connection.fetchrow(questions.FIRST)
        event, simulated = first or ("", False)
        return f"incident-ledger/{'simulated/' if simulated else ''}{event}"

    def _name_differs(self, log: str, made: str) -> None:
        if made.rpartition("/")[2] == log.rpartition("/")[2]:
            sentence = "ledger.origin says that the log has another clock than the one in its signed name"
            self._report.damages.append(DamageError("column-changed", sentence))

    async def _walk(self, walk: Walk, extent: _Extent, progress: Progress) -> None:
        last = extent.head if extent.head <= extent.events + BEYOND_MAX else extent.events
        if extent.below:
            walk.damages.append(DamageError("inserted", "an event stands before the first position", 1))
        if extent.head < extent.protected:
            sentence = f"{extent.protected} events were signed, and the log ends before this one"
            walk.damages.append(DamageError("truncated", sentence, extent.head + 1))
        ahead = asyncio.create_task(self._read(walk.position + 1, last))
        try:
            while (chunk := await ahead) is not None:
                previous = await previous_leaves(self._connection, walk.wanted(chunk))
                boxes = (
                    [box for rows in chunk.rows.values() for row in rows for box in boxes_in(row)]
                    if self._vault
                    else []
                )
                if self._vault is not None:
                    await self._vault.fetch(self._connection, boxes)
                ahead = asyncio.create_task(self._read(chunk.last + 1, last))
                await asyncio.to_thread(walk.take, chunk, previous)
                if self._vault is not None:
                    walk.damages += await asyncio.to_thread(self._vault.open, boxes)
                progress(chunk.last, last)
        finally:
            ahead.cancel()
            await asyncio.gather(ahead, return_exceptions=True)

    async def _read(self, first: int, last: int) -> Chunk | None:
        if first > last:
            return None
        return await read_chunk(self._connection, first, min(last, first - (first - 1) % STRETCH + STRETCH - 1))

    async def _beside(self, walk: Walk, extent: _Extent) -> AsyncIterator[DamageError]:
        """What stands in every other table."""
        beyond = await self._connection.fetchval(_BEYOND, max(walk.position, extent.events))
        if beyond is not None:
            yield DamageError("renumbered", "an event stands beyond all others", beyond)
        counted = {"known": 0, "unknown": 0}
        signed = walk.since if walk.map_holds else 0
        for part in (
            *(answers(self._connection, asked) for asked in (LEDGER, CLAIMS, PROOF)),
            check_origins(self._connection, walk.log),
            check_tiles(self._connection),
            check_cosignatures(self._connection, self._trusted.witnesses, counted),
            check_map(self._connection, signed, walk.map.buckets),
            check_published(self._connection, [each for each in walk.statements.held if walk.has(each)]),
            check_reads(self._connection, self._report),
        ):
            async for damage in part:
                yield damage
        if counted["known"]:
            self._report.holds(f"{counted['known']} cosignatures of witnesses")
        if counted["unknown"]:
            self._report.says(f"{counted['unknown']} cosignatures are of witnesses whose keys are not at hand")

    async def _sealed(self, *, whole: bool, protected: int) -> None:
        vault = self._vault
        if vault is None:
            self._report.says("the keyring is not at hand: sealed values, their keys and actors were not opened")
            return
        found = [each async for each in vault.check_keys(self._connection, whole=whole, protected=protected)]
        found += [each async for each in vault.check_actors(self._connection)]
        self._report.damages += found
        if not found:
            told = f"{vault.opened} sealed values open in their places, {vault.erased} are erased"
            self._report.holds(f"{told}; {vault.destroyed} keys are destroyed, each named by an erasure")
        if vault.unknown:
            self._report.unanswered.append(f"{vault.unknown} values are under keys that are not at hand")

    async def _tell(self, walk: Walk, extent: _Extent, resumed: int) -> None:
        if resumed:
            self._report.warns(
                f"positions 1 to {resumed} were verified before, as the state says, and not looked at again"
            )
        if not walk.damages:
            self._report.holds(
                f"{walk.events} events, position {resumed + 1} to {walk.position}: each is the one of its leaf"
            )
            self._report.holds(f"{walk.statements.signed} checkpoints are signed by the log, each over these events")
        for held in walk.statements.held:
            if walk.roots.get(held.size) == held.root:
                self._report.holds(f"the checkpoint that you hold, at size {held.size}, is of this history")
            elif held.size <= min(resumed, extent.head):
                self._report.unanswered.append(
                    f"your checkpoint at {held.size} lies before the state: verify without it"
                )
        known = walk.statements.remembered
        if known is not None and walk.roots.get(known.size) == known.root:
            self._report.holds(f"the checkpoint that the signer remembers, at size {known.size}, is of this history")
        if known is not None and known.size > extent.protected:
            sentence = f"the checkpoint that the signer remembers, at size {known.size}, is not in proof.checkpoints"
            self._report.warns(f"{sentence}: it was taken out, or the signer was stopped before it could publish it")
        if not extent.protected:
            self._report.unanswered.append("nothing is signed yet: no event is protected")
            return
        tail, seconds = await self._connection.fetchrow(questions.TAIL, extent.protected) or (0, 0)
        if tail:
            span = f"{float(seconds or 0):.3f} seconds"
            self._report.warns(
                f"unprotected tail: {tail} events over {span} after the newest checkpoint, at {extent.protected}"
            )
        else:
            self._report.says(
                f"unprotected tail: 0 events over 0 seconds after the newest checkpoint, at {extent.protected}"
            )
