"""Carrying out what-if questions: one at a time in each process, case by case, and never faster than reports allow.

Nothing is written but the result. A case is read from its streams at the position of the question; after each, as much
time is left to others as it took. What was found is kept step by step, so that whoever comes after a runner that died
goes on where it stopped.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from typing import Final
from uuid import UUID

import structlog

from domain.incident.what_if.comparing import Compared, compare
from domain.incident.what_if.editions import Change
from domain.kernel.words import Code
from domain.policy.library import EditionUnknownError, Policy
from service.handling.identifiers import new_id
from service.reading.queries import ReadModelsUnavailableError, reached
from service.store.codec import Codec
from service.store.ledger import Ledger, LedgerEvent, LedgerUnavailableError
from service.store.what_ifs.asked import ResultRow, Step, WhatIf
from service.store.what_ifs.cases import CaseAt, Cases
from service.store.what_ifs.jobs import WhatIfs
from service.worker.what_if.findings import Counts, counts_in, rows_of
from service.worker.what_if.replaying import retold

POLL_SECONDS: Final = 0.5
_CASES_AT_ONCE: Final = 100
_STEP_SECONDS: Final = 2.0
_PAUSE_SECONDS_MAX: Final = 5.0
_TIDY_SECONDS: Final = 60.0
_PASSING: Final = (ReadModelsUnavailableError, LedgerUnavailableError)
"""The database is away: the question is gone on with when it is back."""

OUTSIDE_SPAN: Final = "outside_span"
ENTERED_IN_ERROR: Final = "entered_in_error"
"""Why a case is passed over."""

_FAILED: Final = "It could not be carried out; the service has recorded the failure under the id of the question."

LOG = structlog.get_logger()


class LeaseLostError(Exception):
    """Somebody else carries out the question now."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at one case found: the comparison with its rows, or (`passed_over`) why there is none."""

    passed_over: str | None
    compared: Compared | None = None
    rows: tuple[ResultRow, ...] = ()


@dataclass
class Progress:
    """How far a question is; `rows` are those that are not kept yet."""

    after: tuple[str, int] | None
    looked_at: int
    total: int
    counts: Counts
    rows: list[ResultRow] = field(default_factory=list)

    def add(self, case: CaseAt, found: Found) -> None:
        """One case more was looked at."""
        if found.compared is not None:
            self.counts.add(found.compared)
        elif found.passed_over is not None:
            self.counts.cases[found.passed_over] += 1
        self.rows.extend(found.rows)
        self.looked_at += 1
        self.after = (case.provider, case.position)

    def step(self) -> Step:
        """What is kept now; the rows are handed over."""
        rows, self.rows = self.rows, []
        counts = self.counts.stored()
        return Step(after=self.after, looked_at=self.looked_at, total=self.total, counts=counts, rows=rows)


class Runner:
    """Carries out the questions that nobody else holds, until it is cancelled."""

    def __init__(self, jobs: WhatIfs, ledger: Ledger, codec: Codec, policy: Policy) -> None:
        self._jobs = jobs
        self._cases = Cases(jobs.engine)
        self._ledger = ledger
        self._codec = codec
        self._policy = policy
        self._text = text_of(policy)
        self._runner = new_id()
        self._tidy_at = 0.0

    async def run(self) -> None:
        """Look for questions and answer them, and close them in the end; a bad day of the database is waited out."""
        async with aclosing(self._jobs):
            await self._run()

    async def _run(self) -> None:
        pause = POLL_SECONDS
        while True:
            try:
                if not await self.answer_next():
                    await self._rest()
                pause = POLL_SECONDS
            except _PASSING as error:
                LOG.warning("what-if tries again", error=type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _PAUSE_SECONDS_MAX)

    async def _rest(self) -> None:
        """Wait for the next question; once in a while, delete what nobody finds any more."""
        now = asyncio.get_running_loop().time()
        if now >= self._tidy_at:
            self._tidy_at = now + _TIDY_SECONDS
            async with reached():
                await self._jobs.forget_expired()
        await asyncio.sleep(POLL_SECONDS)

    async def answer_next(self) -> bool:
        """Carry out one question, if one waits; whether one did.

        Raises:
            ReadModelsUnavailableError, LedgerUnavailableError: the database is away; the question stays held.
        """
        async with reached():
            job = await self._jobs.claim(self._runner, policy=self._text)
        if job is None:
            return False
        try:
            await self._answer(job)
        except asyncio.CancelledError:
            await self._jobs.release(job.id, self._runner)
            raise
        except _PASSING:
            raise
        except LeaseLostError:
            LOG.warning("what-if was taken over", what_if=str(job.id))
        except Exception as error:  # noqa: BLE001 - one question that cannot be answered does not end the others
            await self._fail(job, error)
        return True

    async def _fail(self, job: WhatIf, error: Exception) -> None:
        LOG.error("what-if failed", what_if=str(job.id), error=type(error).__name__)
        known = isinstance(error, EditionUnknownError)
        failure = f"This build does not carry an edition of a case: {error}." if known else _FAILED
        async with reached():
            await self._jobs.fail(job.id, self._runner, failure)

    async def _answer(self, job: WhatIf) -> None:
        change = Change(tuple(map(Code, job.question.editions)), frozenset(job.question.without))
        progress = await self._begun(job)
        loop = asyncio.get_running_loop()
        kept_at = loop.time()
        while found := await self._next(job, progress):
            for case in found:
                began = loop.time()
                await self._look(case, job, progress, change=change)
                if loop.time() - kept_at >= _STEP_SECONDS:
                    await self._keep(job, progress)
                    kept_at = loop.time()
                await asyncio.sleep(loop.time() - began)
            await self._keep(job, progress)
        async with reached():
            await self._jobs.finish(job.id, self._runner)

    async def _begun(self, job: WhatIf) -> Progress:
        async with reached():
            total = await self._cases.count(job.providers, up_to=job.position)
        progress = Progress(job.after, job.looked_at, total, counts_in(job.counts))
        await self._keep(job, progress)
        return progress

    async def _next(self, job: WhatIf, progress: Progress) -> list[CaseAt]:
        async with reached():
            return await self._cases.next(job.providers, up_to=job.position, after=progress.after, limit=_CASES_AT_ONCE)

    async def _keep(self, job: WhatIf, progress: Progress) -> None:
        async with reached():
            if not await self._jobs.keep(job.id, self._runner, progress.step()):
                raise LeaseLostError

    async def _look(self, case: CaseAt, job: WhatIf, progress: Progress, *, change: Change) -> None:
        events = await self._ledger.read_case(case.incident, up_to=job.position)
        # In a thread: a long case must not keep the loop, and with it every report, from going on.
        look = partial(self._compared, case.incident, events, change=change, question=job)
        progress.add(case, await asyncio.to_thread(look))

    def _compared(self, incident: UUID, events: Sequence[LedgerEvent], *, change: Change, question: WhatIf) -> "Found":
        case = retold(incident, events, self._codec)
        span = question.question
        discovered = case.report.discovered_at
        if span.discovered_from is not None and discovered < span.discovered_from:
            return Found(OUTSIDE_SPAN)
        if span.discovered_to is not None and discovered >= span.discovered_to:
            return Found(OUTSIDE_SPAN)
        found = compare(case.moments(), change, self._policy, facts=case.facts(), as_of=question.as_of)
        return Found(ENTERED_IN_ERROR) if found is None else Found(None, found, tuple(rows_of(case, found)))


def text_of(policy: Policy) -> str:
    """What tells one policy from another: its editions to the letter, and its calendar."""
    words = [*sorted(edition.reference for edition in policy.editions), policy.calendar.version]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()
