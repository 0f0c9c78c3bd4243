"""A ledger that stands in a database, with its read models: facts are sealed, appended on a simulated clock, and told."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from domain.action.events import ActionAgreed, Strength
from domain.evidence.events import EvidencePreserved
from domain.incident.duty_events import DutyOpened
from domain.incident.events import IncidentReported
from domain.incident.words import Location, RecordType
from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.streams import LEDGER_STREAM, organisation_stream
from domain.kernel.words import Code, DutyId, IncidentId, Label, OdsCode, PersonId, Reference
from domain.ledger.events import Clock, LedgerOpened
from domain.organisation.events import OrganisationKind, OrganisationRegistered, ProviderCommissioned, ProviderType
from domain.policy.duties import DutyTerms
from domain.policy.edition import Force, Unit
from projections.engine.follower import Follower
from projections.engine.model import AnyReadModel
from projections.engine.queries import ReadModels
from projections.models import MODELS
from service.handling.time import LedgerTime
from service.reading.queries import Queries
from service.store.codec import Codec, stored_name
from service.store.ledger import Appended, AppendRequest, Ledger, NewEvent
from service.store.sealing import Opener, Pen
from service.vault.keyring import Keyring
from service.worker.feed import LedgerFeed
from tests.projections.engine.database import EngineDatabase
from tests.support.decisions import NOON
from tests.support.golden_events import TEST_KEK
from tests.support.read_models.projections import envelope, first_envelope
from tests.support.running.ledgers import a_key, postgres_ledger
from tests.support.running.postgres import Server
from tests.support.sample_events import kind_of

_NAMESPACE: Final = UUID("5f5b0a8e-0d0c-5c1e-8a55-6f3f0f6a2c12")
LATER: Final = timedelta(minutes=1)


def named(name: str) -> UUID:
    """The id of whatever has this name in a chronicle."""
    return uuid5(_NAMESPACE, name)


class Chronicle:
    """Tells facts to a ledger; `clock` is when the next one is recorded, one minute later each time."""

    def __init__(self, ledger: Ledger, database: EngineDatabase, engine: AsyncEngine, feed: LedgerFeed) -> None:
        self.ledger = ledger
        self.engine = engine
        self.clock = NOON
        keyring = Keyring(TEST_KEK)
        self.pen = Pen(keyring, new_id=(named(f"key {number}") for number in count()).__next__)
        time = LedgerTime(ledger, simulated=True)
        self.queries = Queries(ReadModels(engine, feed), ledger, codec=Codec(), opener=Opener(keyring), time=time)
        self.database = database
        self._feed = feed
        self._versions: dict[UUID, int] = {}
        self._stored_keys: set[UUID] = set()
        self._followers: dict[str, Follower] = {}

    async def record(
        self,
        fact: Fact | FirstFact,
        *,
        organisation: str = "ZZ1",
        cases: Iterable[UUID] = (),
        after: timedelta = LATER,
        actor: str = "actor",
    ) -> Appended:
        """Append a fact, `after` the one before it; read models are not told yet."""
        stream, opening = fact.originator_id, isinstance(fact, LedgerOpened)
        version = self._versions.get(stream, 0)
        values = {each.name: getattr(fact, each.name) for each in fields(fact)} | {"originator_version": version + 1}
        self.clock = self.clock if opening else self.clock + after
        event_id = named(f"event {stream} {version}")
        payload = self.pen.seal(event_id, type(fact)(**values))
        new_keys = tuple(key for key in self.pen.new_keys() if key.key_id not in self._stored_keys)
        outcome = await self.ledger.append(
            AppendRequest(
                stream=stream,
                kind=kind_of(type(fact)),
                expected_version=version,
                events=(NewEvent(event_id, stored_name(fact), payload, fact.timestamp, ("psirf-2022@1",)),),
                key=a_key(),
                body=a_key("body"),
                organisation=organisation,
                actor=named(actor),
                correlation="chronicle",
                cases=tuple(cases),
                new_keys=new_keys,
                clock=self.clock,
                born="simulated" if opening else None,
            )
        )
        assert isinstance(outcome, Appended), outcome
        self._versions[stream] = version + 1
        self._stored_keys |= {key.key_id for key in new_keys}
        return outcome

    async def tell(self, *models: AnyReadModel) -> int:
        """Let read models (all of them, unless named) catch up with the ledger; the position they are at."""
        head = await self.ledger.head()
        for model in models or MODELS:
            if model.name not in self._followers:
                self._followers[model.name] = await self.database.follower(model)
            follower = self._followers[model.name]
            while follower.held.position < head.position:
                await follower.take(await self._feed.read(after=follower.held.position, limit=100))
        return head.position

    async def open(self) -> None:
        """The first event of the ledger, and three organisations.

        ZZQ commissions ZZ1 with no end, and ZZ2 up to and with the day on which the ledger was opened.
        """
        await self.record(LedgerOpened(**first_envelope(LEDGER_STREAM), clock=Clock.SIMULATED), organisation="LEDGER")
        for ods, name in (("ZZ1", "First Trust"), ("ZZ2", "Second Trust"), ("ZZQ", "Some ICB")):
            await self.record(registered(ods, name), organisation=ods)
        await self.record(commissioned("ZZ1", "ZZQ"), organisation="ZZ1")
        await self.record(commissioned("ZZ2", "ZZQ", to_on=NOON.date()), organisation="ZZ2")

    def report(self, name: str, *, provider: str = "ZZ1", discovered_at: datetime = NOON, **changes: Any) -> Any:
        """A report of an incident; what happened is named after it."""
        stream = named(name)
        reported = IncidentReported(
            **first_envelope(stream, at=discovered_at),
            provider=OdsCode(provider),
            provider_type=Code("health_service_body"),
            reporting_organisation=OdsCode(provider),
            record_type=RecordType.INCIDENT,
            source_system=Code("example-lrms"),
            local_reference=Reference(name),
            discovered_at=discovered_at,
            occurred=None,
            what_happened=self.pen.narrative(stream, f"What happened in {name}"),
            location=Location(Label("North site"), Label("Surgery"), Label("urology"), None),
            patients=None,
            extensions=None,
            regime=Code("psirf-2022"),
            editions=(Code("psirf-2022@1"),),
        )
        return replace(reported, **changes)

    def agreed(self, name: str, incident: str, *, due_on: date, **changes: Any) -> Any:
        """An action that answers an incident."""
        stream = named(name)
        action = ActionAgreed(
            **first_envelope(stream, at=self.clock),
            incidents=(IncidentId(named(incident)),),
            response=None,
            findings=(),
            areas=(),
            change=self.pen.narrative(stream, f"The change of {name}"),
            owner=PersonId(named("owner")),
            owner_name=self.pen.personal(PersonId(named("owner")), "Olive Owner"),
            owner_role=Label("ward manager"),
            due_on=due_on,
            strength=Strength.STRONGER,
            measure=None,
            expected_effect=None,
        )
        return replace(action, **changes)

    def preserved(self, name: str, incident: str) -> EvidencePreserved:
        """An item of evidence of an incident."""
        stream = named(name)
        return EvidencePreserved(
            **first_envelope(stream, at=self.clock),
            incident=IncidentId(named(incident)),
            item=self.pen.narrative(stream, f"The item {name}"),
            sha256=None,
            custodian=self.pen.personal(PersonId(named("keeper")), "Kit Keeper"),
            place=None,
        )


@asynccontextmanager
async def a_chronicle(server: Server) -> AsyncIterator[Chronicle]:
    """An opened ledger in a database of its own, with nothing told to the read models yet."""
    made = server.new_database()
    database = EngineDatabase(made)
    engine = create_async_engine(database.reader_url())
    async with postgres_ledger(made) as ledger:
        feed = LedgerFeed(ledger, Codec())
        chronicle = Chronicle(ledger, database, engine, feed)
        await chronicle.open()
        yield chronicle
    await engine.dispose()
    await database.close()


def registered(ods: str, name: str) -> OrganisationRegistered:
    """An organisation enters the register; a code that ends in Q is a commissioner's."""
    provider = not ods.endswith("Q")
    return OrganisationRegistered(
        **first_envelope(organisation_stream(OdsCode(ods))),
        ods=OdsCode(ods),
        name=Label(name),
        kind=OrganisationKind.PROVIDER if provider else OrganisationKind.COMMISSIONER,
        provider_type=ProviderType.HEALTH_SERVICE_BODY if provider else None,
        psirf_adopted_on=None,
    )


def commissioned(provider: str, commissioner: str, *, to_on: date | None = None) -> ProviderCommissioned:
    """A commissioner buys services from a provider since 2020."""
    stream = organisation_stream(OdsCode(provider))
    return ProviderCommissioned(
        **envelope(stream), commissioner=OdsCode(commissioner), from_on=date(2020, 4, 1), to_on=to_on
    )


def opened_duty(name: str, incident: str, *, due_at: datetime | None, **terms: Any) -> DutyOpened:
    """A duty of an incident, met by telling the commissioner."""
    made = DutyTerms(
        rule=Code("PSIRF-01"),
        title=Label("Tell the commissioner"),
        edition=Code("psirf-2022@1"),
        force=Force.NATIONAL,
        source=Label("a test"),
        verified=False,
        unit=Unit.WORKING_DAYS if due_at else Unit.WITHOUT_NUMBER,
        length=2 if due_at else None,
        started_by=Code("incident.reported"),
        started_at=NOON,
        due_at=due_at,
        calendar=Code("england-2026"),
        actor=Code("provider"),
        recipients=(Code("commissioner"),),
        met_by=(Code("incident.notified:commissioner"),),
        set_aside_by=(),
        revived_by=(),
        person=None,
        response=None,
        pausable=True,
        extendable=True,
    )
    return DutyOpened(**envelope(named(incident)), duty=DutyId(named(name)), terms=replace(made, **terms))
