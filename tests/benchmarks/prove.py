"""How fast the log is proved, and what that costs: catching up, and appends with and without the prover beside them.

All in one run on one durable server, in turn and in several rounds, so that the ratio means something on any machine. The
prover runs in the process that appends, as it does in `incident-ledger serve`.
    python -m tests.benchmarks.prove
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from statistics import median
from time import perf_counter
from typing import Final

from service.worker.proving.prover import Pace
from tests.benchmarks.append import a_report, produce
from tests.support.proof.proved import Proved, a_proved_ledger, proving
from tests.support.running.postgres import EMBEDDED, Server, running

WAITING: Final = 20_000
PRODUCERS: Final = 64
ROUNDS: Final = 5
PACE: Final = Pace()
_LOOKS: Final = 0.05


async def catch_up(proved: Proved) -> float:
    """Events a second, of a log that nobody has proved yet."""
    for _ in range(WAITING // 1_000):
        await proved.ledger.append_batch([a_report() for _ in range(1_000)])
    began = perf_counter()
    await proved.prove(pace=PACE)
    return WAITING / (perf_counter() - began)


class Lag:
    """How long the oldest event without a checkpoint has waited, at most."""

    def __init__(self, proved: Proved) -> None:
        self.longest = 0.0
        self._proved = proved

    async def watch(self) -> None:
        """Look again and again, until it is cancelled."""
        waiting: list[tuple[int, float]] = []
        while True:
            head, latest = (await self._proved.ledger.head()).position, await self._proved.proofs.latest()
            size = latest.size if latest else 0
            waiting = [each for each in [*waiting, (head, perf_counter())] if each[0] > size]
            if waiting:
                self.longest = max(self.longest, perf_counter() - waiting[0][1])
            await asyncio.sleep(_LOOKS)


@asynccontextmanager
async def watched(proved: Proved) -> AsyncIterator[Lag]:
    """A prover at work, and how far it is behind."""
    lag = Lag(proved)
    async with proving(proved.prover(pace=PACE)):
        watching = asyncio.create_task(lag.watch())
        yield lag
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def appends(proved: Proved) -> float:
    """Appends a second."""
    return await produce(lambda: proved.ledger.append(a_report()), PRODUCERS)


async def measure(server: Server) -> tuple[float, list[tuple[float, float]], float]:
    """The rate of catching up; rates of appends alone and with the prover, by round; the longest lag under them."""
    async with a_proved_ledger(server) as proved:
        caught_up = await catch_up(proved)
        rates, longest = [], 0.0
        for _ in range(ROUNDS):
            alone = await appends(proved)
            await proved.prove(pace=PACE)
            async with watched(proved) as lag:
                rates.append((alone, await appends(proved)))
            await proved.prove(pace=PACE)
            longest = max(longest, lag.longest)
    return caught_up, rates, longest


def main() -> None:
    """Measure and print."""
    with running(EMBEDDED, durable=True) as server:
        caught_up, rates, longest = asyncio.run(measure(server))
    ratio = median(beside / alone for alone, beside in rates)
    print(f"proof: {WAITING} events, then {PRODUCERS} producers, {ROUNDS} rounds")
    print(f"  catching up       {caught_up:>9,.0f} events/s")
    print(f"  appends alone     {median(alone for alone, _ in rates):>9,.0f} /s")
    print(f"  with the prover   {median(beside for _, beside in rates):>9,.0f} /s   {ratio:.2f} of them")
    print(f"  the longest that an event waited for its checkpoint meanwhile: {longest:.2f} s")


if __name__ == "__main__":
    main()
