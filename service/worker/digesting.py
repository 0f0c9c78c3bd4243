"""Digests of the access log: once a period, what was read since the last one is committed to the ledger.

Nothing is kept of how far they came: the ledger's own digests say it, and whoever starts looks for the last of them, day by
day backwards. A digest is given under a key made of the number that it begins with. Every digest begins where another
ended, so no two can ever begin alike: two workers at once, or one that died between the append and the answer, do no harm.

The records are read and their chain is worked out again before it is committed to, from the last digest on. A log that was
changed meanwhile is not committed to: that is said, and `incident-ledger verify` names the place.
"""

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import structlog

from domain.access_log.commands.begin_access_day import BeginAccessDay
from domain.access_log.commands.digest_access_log import DigestAccessLog
from domain.access_log.events import AccessLogDigested
from domain.access_log.stretch import LogStretch
from domain.kernel.actor import Actor
from domain.kernel.refusal import Refusal
from domain.kernel.streams import access_day_stream
from domain.kernel.words import Digest
from domain.policy.clocks import local_day
from service.handling.desk import Desk
from service.handling.order import Order, Receipt
from service.handling.tasks.access_log import BEGIN_ACCESS_DAY, DIGEST_ACCESS_LOG
from service.store.access.canonical import GENESIS, chained
from service.store.access.log import AccessLog
from service.store.access.records import AccessLogUnavailableError
from service.store.codec import Codec
from service.store.ledger import LedgerUnavailableError

_DAYS_AT_ONCE: Final = 64
_READ_AT_ONCE: Final = 1_000
_PASSING: Final[tuple[type[Exception], ...]] = (AccessLogUnavailableError, LedgerUnavailableError)
_SUBJECT: Final = "access-log"

LOG = structlog.get_logger()


class AccessLogChangedError(Exception):
    """The access log is not what the last digest committed to, or its chain is broken after it."""


@dataclass(frozen=True, slots=True)
class Digested:
    """How far the ledger's digests go, and in which day's stream the last one stands; 0: there is none yet."""

    to_number: int = 0
    hash: bytes = GENESIS
    day: date = date.min


class Digester:
    """Commits the access log to the ledger, once a period and only where something was read."""

    def __init__(self, desk: Desk, access_log: AccessLog, actor: Actor, codec: Codec, *, seconds: float) -> None:
        self._desk = desk
        self._access_log = access_log
        self._actor = actor
        self._codec = codec
        self._seconds = seconds
        self._last: Digested | None = None

    async def run(self) -> None:
        """Digest until it is cancelled; a bad day of the database is waited out."""
        while True:
            try:
                await self.digest()
            except _PASSING as error:
                LOG.warning("access log is digested later", error=type(error).__name__)
            except AccessLogChangedError as error:
                LOG.critical("access log is not digested", because=str(error))
            await asyncio.sleep(self._seconds)

    async def digest(self) -> Receipt | None:
        """Commit to what was read since the last digest; None where that is nothing, or another worker was faster.

        Raises:
            AccessLogChangedError: the log is not what it was; nothing is committed to.
            AccessLogUnavailableError, LedgerUnavailableError: try again later.
        """
        last = self._last or await self._find_last()
        now = await self._follow(last)
        if now.to_number == last.to_number:
            return None
        stretch = LogStretch(from_number=last.to_number + 1, to_number=now.to_number, digest=Digest(now.hash.hex()))
        try:
            receipt = await self._give(stretch, now.day)
        except Refusal as refusal:
            # Another worker committed to some of it first: the next look finds how far that went.
            self._last = None
            LOG.info("access log digested by another", code=refusal.code)
            return None
        self._last = now
        return receipt

    async def _follow(self, last: Digested) -> Digested:
        """The chain from a digest to the newest record, worked out again.

        Raises:
            AccessLogChangedError: it is broken, or ends before the digest.
        """
        head = await self._access_log.head()
        if head.number < last.to_number:
            raise AccessLogChangedError(f"it ends with record {head.number}, before record {last.to_number}")
        number, digest = last.to_number, last.hash
        while number < head.number:
            for record in await self._access_log.after(number, limit=min(_READ_AT_ONCE, head.number - number)):
                number, digest = number + 1, chained(digest, record)
                if record.number != number or record.hash != digest:
                    raise AccessLogChangedError(f"its chain is broken at record {number}")
        return Digested(number, digest, max(await self._today(), last.day))

    async def _find_last(self) -> Digested:
        """The last digest in the ledger: of the newest day that has one. By another clock it may be tomorrow already."""
        [opening] = await self._desk.ledger.read_all(after=0, limit=1)
        first, day = local_day(opening.recorded_at), await self._today() + timedelta(days=1)
        while day >= first:
            days = [day - timedelta(days=back) for back in range(_DAYS_AT_ONCE)]
            look = await self._desk.ledger.look(None, [(access_day_stream(each), 0) for each in days])
            for each in days:
                if told := look.events.get(access_day_stream(each)):
                    fact = self._codec.decode(told[-1])
                    assert isinstance(fact, AccessLogDigested)  # a day begins together with its first digest
                    return Digested(fact.to_number, bytes.fromhex(fact.digest), each)
            day = days[-1] - timedelta(days=1)
        return Digested()

    async def _today(self) -> date:
        """The ledger's day; its days never go back, whatever the clock of this machine does."""
        head = await self._desk.ledger.head()
        now = await self._desk.time.now()
        return local_day(now if head.recorded_at is None else max(now, head.recorded_at))

    async def _give(self, stretch: LogStretch, day: date) -> Receipt:
        stream = access_day_stream(day)
        order = Order(
            actor=self._actor,
            client=_SUBJECT.encode(),
            subject=_SUBJECT,
            fingerprint=f"{stretch.to_number} {stretch.digest}".encode(),
            key=f"from {stretch.from_number}",
        )
        if await self._desk.ledger.read_stream(stream):
            command = DigestAccessLog(stretch=stretch)
            return await self._desk.change(order, DIGEST_ACCESS_LOG, lambda _pen: command, stream=stream)
        beginning = BeginAccessDay(day=day, stretch=stretch)
        return await self._desk.begin(order, BEGIN_ACCESS_DAY, lambda _pen: beginning, stream=stream)
