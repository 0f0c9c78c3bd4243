"""The composition root: every part of the service is made here, once, and handed to whoever needs it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.metadata import version
from typing import Final

import structlog
from eventsourcing.domain import Aggregate
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.access_log.state import AccessDay
from domain.action.state import Action
from domain.audit_sample.state import AuditSample
from domain.candour.state import Candour
from domain.erasure.state import Erasure
from domain.evidence.state import Evidence
from domain.incident.state import Incident
from domain.kernel.actor import Actor, Role
from domain.kernel.streams import LEDGER_STREAM, Kind
from domain.learning_response.state import LearningResponse
from domain.ledger.commands.open_ledger import OpenLedger
from domain.ledger.events import Clock
from domain.ledger.state import Ledger as LedgerAggregate
from domain.organisation.state import Organisation
from projections.engine.projector import Projector
from projections.engine.queries import ReadModels
from projections.models import MODELS
from service.handling.book import Book, Secrets
from service.handling.desk import Desk
from service.handling.order import Order
from service.handling.tasks.ground import LEDGER_OWNER, OPEN_LEDGER
from service.handling.time import LedgerTime
from service.identity.caller import Pseudonyms
from service.identity.key_files import KeyFolder
from service.policy import read_policy
from service.reading.audit.packs.door import Packs
from service.reading.audit.packs.stored import StoredProofs
from service.reading.audit.proofs import ProofReading
from service.reading.populations import KnownPopulations
from service.reading.queries import Queries
from service.reading.searching import PeopleSearch
from service.settings import Settings
from service.store.access.log import AccessLog, open_access_log
from service.store.codec import Codec
from service.store.connect import Database, check_server, connect, create_engine
from service.store.ledger import Ledger, LedgerUnavailableError
from service.store.postgres import open_ledger
from service.store.proofs.proofs import Proofs, open_proofs
from service.store.proofs.standing import check_standing
from service.store.proofs.witnesses import witnesses_in
from service.store.replays import replays_in
from service.store.sealing import Opener
from service.store.sealing.erased import erasures_in
from service.store.sealing.keyrings import opened_keyring
from service.store.sealing.numbers import Numbers
from service.store.what_ifs.jobs import what_ifs_in
from service.vault.blind_index import SECRET as BLIND_INDEX
from service.vault.keyring import Keyring
from service.worker.digesting import Digester
from service.worker.erasing import Eraser
from service.worker.feed import LedgerFeed
from service.worker.indexing import NumberIndexer
from service.worker.proving.prover import Prover
from service.worker.proving.witnessing import Witnessing
from service.worker.reacting import Reactor
from service.worker.recalculating import Recalculator, ToldClocks
from service.worker.replaying import Replayer
from service.worker.what_if.running import Runner

AGGREGATES: Final[Mapping[str, type[Aggregate]]] = {
    Kind.LEDGER: LedgerAggregate,
    Kind.ORGANISATION: Organisation,
    Kind.INCIDENT: Incident,
    Kind.EVIDENCE: Evidence,
    Kind.CANDOUR: Candour,
    Kind.LEARNING_RESPONSE: LearningResponse,
    Kind.ACTION: Action,
    Kind.AUDIT_SAMPLE: AuditSample,
    Kind.ERASURE: Erasure,
    Kind.ACCESS_LOG: AccessDay,
}
"""Which aggregate each kind of stream holds."""

LOG = structlog.get_logger()
_SYSTEM: Final = "system"


class SimulatedInProductionError(Exception):
    """A ledger on a simulated clock is for demonstrations and tests: it does not run in production mode."""


class ClockDiffersError(Exception):
    """The ledger was born on another clock than the one asked for; it keeps the one it was born with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Birth:
    """By which clock a ledger runs that is still empty, and (simulated) the moment at which it begins."""

    clock: Clock = Clock.REAL
    begins_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Core:
    """What every process of the service is made of: the ledger, the desk, the log as it is followed, the read models."""

    settings: Settings
    database: Database
    folder: KeyFolder
    keyring: Keyring
    ledger: Ledger
    codec: Codec
    book: Book
    desk: Desk
    feed: LedgerFeed
    read_models: ReadModels
    queries: Queries
    access_log: AccessLog
    proofs: Proofs
    system: Actor
    simulated: bool

    def projector(self) -> Projector:
        """The read models, kept in step with the log for as long as it runs."""
        return Projector(
            MODELS,
            feed=self.feed,
            connect=partial(connect, self.database.projector, application="incident-ledger projector"),
            report=lambda name, what: LOG.warning("read model", model=name, what=what),
            transient=(LedgerUnavailableError,),
        )

    def reactor(self) -> Reactor:
        """The reactions, given for as long as it runs."""
        connects = partial(connect, self.database.projector, application="incident-ledger reactions")
        return Reactor(self.desk, self.feed, connects, self.system.id)

    def recalculator(self) -> Recalculator:
        """What dates open clocks anew where the calendar has changed since; it runs until it has been through them."""
        return Recalculator(self.desk, ToldClocks(self.read_models, self.system), self.system.id)

    def prover(self) -> Prover:
        """What keeps the Merkle tree in step with the log and signs checkpoints, for as long as it runs."""
        connects = partial(connect, self.database.projector, application="incident-ledger prover")
        return Prover(connects, self.settings.keys)

    def digester(self) -> Digester:
        """What commits the access log to the ledger, for as long as it runs."""
        return Digester(self.desk, self.access_log, self.system, self.codec, seconds=self.settings.digest_seconds)

    def packs(self) -> Packs:
        """What makes evidence packs."""
        return Packs(self.queries, StoredProofs(self.proofs, self.settings.keys), self.desk.policy)

    def proof_reading(self) -> ProofReading:
        """What answers questions about the proof."""
        witnesses = witnesses_in(self.settings.witness_list)
        return ProofReading(self.proofs, self.ledger, keys=self.settings.keys, witnesses=witnesses)

    def witnessing(self) -> Witnessing:
        """What has checkpoints cosigned by the witnesses that the settings name, for as long as it runs."""
        return Witnessing(self.proofs, witnesses_in(self.settings.witness_list))

    def eraser(self) -> Eraser:
        """What carries out erasures that are due, for as long as it runs."""
        erasures = erasures_in(self.database, self.settings.keys)
        return Eraser(self.desk, self.read_models, erasures, self.system.id)

    def people_search(self) -> PeopleSearch:
        """What finds people by NHS number."""
        numbers = Numbers(partial(connect, self.database.reader, application="incident-ledger search"))
        return PeopleSearch(numbers, self.ledger, secret=self._blind_index)

    def number_indexer(self) -> NumberIndexer:
        """What keeps the index that is searched, for as long as it runs."""
        connects = partial(connect, self.database.projector, application="incident-ledger index of persons")
        opening = self.queries.opening
        return NumberIndexer(self.ledger, self.codec, opening, connects, secret=self._blind_index)

    def _blind_index(self) -> bytes:
        return self.folder.secret(BLIND_INDEX)

    def what_if_runner(self) -> Runner:
        """What carries out what-if questions, for as long as it runs."""
        return Runner(what_ifs_in(self.database), self.ledger, self.codec, self.desk.policy)

    def replayer(self) -> Replayer:
        """What carries out replays, for as long as it runs."""
        return Replayer(replays_in(self.database), self.feed, self.read_models, MODELS, reader=self.system)


@asynccontextmanager
async def open_core(settings: Settings, database: Database, birth: Birth | None = None) -> AsyncIterator[Core]:
    """Open everything on a database that is migrated; an empty ledger is opened with its first event.

    Raises:
        DatabaseUnfitError: acknowledged events could be lost, or the user could rewrite history.
        SimulatedInProductionError, ClockDiffersError: the ledger's clock is not one to run on.
        LedgerBehindError, LedgerForkedError, LedgerLostError: it is not the ledger that was signed.
        KekSourceError, SecretFileError, JournalDamagedError: what hides persons, or was erased, cannot be known.
    """
    await _check(settings, database)
    await check_standing(database.reader, settings.keys)
    async with _opened(settings, database, birth) as core:
        yield core


@asynccontextmanager
async def open_unlike_signed(settings: Settings, database: Database) -> AsyncIterator[Core]:
    """As `open_core`, also where the ledger is not the one that was signed: for whoever decides to go on with it."""
    await _check(settings, database)
    async with _opened(settings, database, None) as core:
        yield core


@asynccontextmanager
async def _opened(settings: Settings, database: Database, birth: Birth | None) -> AsyncIterator[Core]:
    folder = KeyFolder(settings.keys)
    async with AsyncExitStack() as stack:
        keyring = await stack.enter_async_context(opened_keyring(settings, database))
        ledger = await stack.enter_async_context(open_ledger(database, connections=settings.reading_connections))
        reading = await stack.enter_async_context(_reading(settings, database))
        policy, codec = read_policy(settings.proclaimed_holidays), Codec(AGGREGATES)
        secrets = Secrets(keyring=keyring, digests=folder.secret("idempotency"))
        book = Book(ledger, codec, secrets, build=version("incident-ledger"))
        system = _system(folder)
        simulated = await _open_ledger(settings, ledger, book, system, birth)
        time, feed = LedgerTime(ledger, simulated=simulated), LedgerFeed(ledger, codec)
        read_models = ReadModels(reading, feed)
        access_log = await stack.enter_async_context(open_access_log(database, keyring))
        queries = Queries(read_models, ledger, codec=codec, opener=Opener(keyring), time=time)
        yield Core(
            settings=settings,
            database=database,
            folder=folder,
            keyring=keyring,
            ledger=ledger,
            codec=codec,
            book=book,
            desk=Desk(ledger, book, policy, time, populations=KnownPopulations(queries)),
            feed=feed,
            read_models=read_models,
            queries=queries,
            access_log=access_log,
            proofs=await stack.enter_async_context(open_proofs(database)),
            system=system,
            simulated=simulated,
        )


async def _check(settings: Settings, database: Database) -> None:
    for role in (database.writer, database.projector, database.reader):
        await check_server(role)
    witnesses_in(settings.witness_list)
    # before all else: also where the ledger is not gone on with, what was erased of it stays erased
    await erasures_in(database, settings.keys).make_good()


@asynccontextmanager
async def _reading(settings: Settings, database: Database) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(database.reader, connections=settings.reading_connections)
    try:
        yield engine
    finally:
        await engine.dispose()


def _system(folder: KeyFolder) -> Actor:
    pseudonym = Pseudonyms(folder.secret("pseudonyms")).actor(_SYSTEM, LEDGER_OWNER, _SYSTEM)
    return Actor(pseudonym, LEDGER_OWNER, frozenset({Role.SYSTEM}))


async def _open_ledger(settings: Settings, ledger: Ledger, book: Book, system: Actor, birth: Birth | None) -> bool:
    """Give an empty ledger its first event; whether it runs on a simulated clock."""
    head = await ledger.head()
    if head.position == 0:
        born = birth or Birth()
        desk = Desk(ledger, book, read_policy(), LedgerTime(ledger, simulated=False))
        order = Order(
            actor=system,
            client=b"ledger",
            subject=_SYSTEM,
            fingerprint=b"open",
            key="open",
            effective_at=born.begins_at,
        )
        await desk.begin(order, OPEN_LEDGER, lambda _pen: OpenLedger(clock=born.clock), stream=LEDGER_STREAM)
        head = await ledger.head()
    if birth is not None and head.simulated is not (birth.clock is Clock.SIMULATED):
        raise ClockDiffersError(f"this ledger runs on a {'simulated' if head.simulated else 'real'} clock")
    if head.simulated and settings.mode == "production":
        raise SimulatedInProductionError("the ledger was born on a simulated clock")
    return head.simulated
