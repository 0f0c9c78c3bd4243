"""New checkpoints are sent to witnesses, with the proof that the log has only grown; their cosignatures are kept.

Each witness has its own pace: one that is away is tried again, and keeps nobody waiting. One that holds another history of
the log is an alarm: what both sides said is kept, and no checkpoint is signed in this name any more.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import httpx
import structlog

from service.proof.checkpoint import Checkpoint
from service.proof.notes import NoteError, Verified, split_note
from service.proof.witness import AddCheckpoint, Answer, Conflict, WitnessRefusedError, read_answer
from service.store.ledger import LedgerUnavailableError
from service.store.proofs.nodes import NodeMissingError
from service.store.proofs.proofs import Proofs, Published
from service.store.proofs.witnesses import Witness

LOG = structlog.get_logger()

_SECONDS: Final = 10.0
_LONGEST_ANSWER: Final = 16_384
_TURNS: Final = 3
"""How often a witness may name another size before it is left for later: another of our workers may be telling it too."""

_PASSING: Final = (httpx.HTTPError, LedgerUnavailableError, NodeMissingError, NoteError, WitnessRefusedError)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited, in seconds: between looks for a new checkpoint, and, longer each time, after an error."""

    between: float = 1.0
    longest_pause: float = 60.0


class HistoryDiffersError(Exception):
    """A witness holds another history of the log than the checkpoint that it was sent."""

    def __init__(self, status: int, answer: str) -> None:
        super().__init__(f"answered {status}")
        self.status = status
        self.answer = answer


class Witnessing:
    """Sends each witness that has an address the newest checkpoint, until it is cancelled."""

    def __init__(self, proofs: Proofs, witnesses: Sequence[Witness], *, patience: Patience | None = None) -> None:
        self._proofs = proofs
        self._witnesses = [witness for witness in witnesses if witness.address is not None]
        self._patience = patience or Patience()

    async def run(self) -> None:
        """Go on for ever, with every witness at its own pace; who holds another history is told nothing more."""
        async with httpx.AsyncClient(timeout=_SECONDS, follow_redirects=False) as client, asyncio.TaskGroup() as tasks:
            for witness in self._witnesses:
                tasks.create_task(self._tell_for_ever(_Told(self._proofs, witness, client)))
            await asyncio.Event().wait()

    async def _tell_for_ever(self, told: "_Told") -> None:
        pause = self._patience.between
        while True:
            try:
                await told.newest()
                pause = self._patience.between
            except HistoryDiffersError as conflict:
                name = told.witness.key.name
                LOG.critical("a witness holds another history", witness=name, status=conflict.status)
                return
            except _PASSING as error:
                pause = min(pause * 2, self._patience.longest_pause)
                LOG.warning("witness tries again", witness=told.witness.key.name, error=type(error).__name__)
            await asyncio.sleep(pause)


class _Told:
    """What one witness is told. `size` is the checkpoint that it is known to have cosigned last."""

    def __init__(self, proofs: Proofs, witness: Witness, client: httpx.AsyncClient) -> None:
        self.witness = witness
        self._proofs = proofs
        self._client = client
        self._size = 0

    async def newest(self) -> None:
        """Have the newest checkpoint cosigned, unless it is.

        Raises:
            HistoryDiffersError: the witness holds another history; the evidence is kept.
            WitnessRefusedError, NoteError, httpx.HTTPError: it does not cosign now.
        """
        latest = await self._proofs.latest()
        if latest is None or any(each.key_id == self.witness.key.key_id for each in latest.cosignatures):
            return
        for _ in range(_TURNS):
            found = await self._ask(latest)
            if not isinstance(found, Conflict):
                for verified in found:
                    await self._proofs.add_cosignature(latest.size, verified.line)
                self._size = latest.size
                return
            self._size = found.size
        raise WitnessRefusedError("the witness names one size after the other")

    async def _ask(self, latest: Published) -> tuple[Verified, ...] | Conflict:
        old = min(self._size, latest.size)
        path = tuple(await self._proofs.consistency(old, latest.size)) if old else ()
        request = AddCheckpoint(old, path, latest.signed.note)
        answer = await self._answer(request)
        if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY:
            await self._fail(latest, answer)
        checkpoint = Checkpoint.parse(split_note(latest.signed.note)[0])
        found = read_answer(answer, checkpoint, [self.witness.key])
        if isinstance(found, Conflict) and await self._differs(found, old):
            await self._fail(latest, answer)
        return found

    async def _differs(self, found: Conflict, old: int) -> bool:
        """Whether the witness, which was sent what starts from the size that it named, holds another history.

        So it does where it has another root at that size, or a larger tree than any that was signed; not where another of
        our workers was quicker.
        """
        newest = await self._proofs.latest()
        return found.size == old or newest is None or found.size > newest.size

    async def _answer(self, request: AddCheckpoint) -> Answer:
        async with self._client.stream(
            "POST", f"{self.witness.address}/add-checkpoint", content=request.body.encode()
        ) as response:
            content = b""
            async for piece in response.aiter_bytes():
                content += piece
                if len(content) > _LONGEST_ANSWER:
                    raise WitnessRefusedError("the witness answers at length")
        text = content.decode("utf-8", errors="replace")
        return Answer(HTTPStatus(response.status_code), response.headers.get("content-type", ""), text)

    async def _fail(self, latest: Published, answer: Answer) -> None:
        log, name = await self._proofs.log(), self.witness.key.name
        status = int(answer.status)
        await self._proofs.add_conflict(log, latest.signed, witness=name, status=status, answer=answer.body)
        raise HistoryDiffersError(status, answer.body)
