"""A desk over the in-memory ledger, with a fictitious trust and its commissioner registered."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from domain.incident.commands.report_incident import ReportIncident
from domain.incident.words import RecordType
from domain.kernel.actor import Actor, Role
from domain.kernel.harm import PatientHarm
from domain.kernel.streams import LEDGER_STREAM, organisation_stream
from domain.kernel.words import ActorId, Code, IncidentId, Label, OdsCode, Reference
from domain.ledger.commands.open_ledger import OpenLedger
from domain.ledger.events import Clock
from domain.organisation.commands.commission_provider import CommissionProvider
from domain.organisation.commands.register_organisation import RegisterOrganisation
from domain.organisation.events import OrganisationKind, ProviderType
from service.bootstrap import AGGREGATES
from service.handling.book import Book, Secrets
from service.handling.desk import Desk
from service.handling.identifiers import new_id
from service.handling.order import Order, Receipt
from service.handling.pen import Pen
from service.handling.tasks.ground import COMMISSION_PROVIDER, LEDGER_OWNER, OPEN_LEDGER, REGISTER_ORGANISATION
from service.handling.tasks.incident import REPORT_INCIDENT
from service.handling.time import LedgerTime
from service.policy import read_policy
from service.store.codec import Codec
from service.store.ledger import Ledger
from service.store.memory import MemoryLedger
from service.vault.keyring import Keyring

DISCOVERED = datetime.now(UTC) - timedelta(hours=2)


def an_order(
    *roles: Role, org: str = "ZZ1", key: str | None = None, body: bytes = b"body", number: int = 7, **more: Any
) -> Order:
    """A command from somebody of an organisation."""
    actor = Actor(ActorId(UUID(int=number)), OdsCode(org), frozenset(roles or {Role.PATIENT_SAFETY_MANAGER}))
    client = f"{org}:{number}".encode()
    return Order(actor=actor, client=client, subject=f"subject-{number}", fingerprint=body, key=key, **more)


def system(org: str = LEDGER_OWNER) -> Order:
    """A command of the ledger itself."""
    return an_order(Role.SYSTEM, org=org, number=1)


def a_report(reference: str = "R-1", *, provider: str = "ZZ1") -> Callable[[Pen], ReportIncident]:
    """A report about one patient whose harm is not yet known."""

    def make(pen: Pen) -> ReportIncident:
        return ReportIncident(
            incident=IncidentId(pen.stream),
            provider=OdsCode(provider),
            record_type=RecordType.INCIDENT,
            source_system=Code("local"),
            local_reference=Reference(reference),
            discovered_at=DISCOVERED,
            occurred=None,
            what_happened=pen.narrative("A swab was found to be missing at the final count."),
            location=None,
            patients=(PatientHarm(1, None, None),),
            extensions=None,
        )

    return make


async def report(desk: Desk, order: Order, reference: str = "R-1", *, provider: str = "ZZ1") -> Receipt:
    """Report an incident at the desk."""
    return await desk.begin(order, REPORT_INCIDENT, a_report(reference, provider=provider), stream=new_id())


def _given(command: Any) -> Callable[[Pen], Any]:
    return lambda _pen: command


async def a_desk(ledger: Ledger | None = None, *, clock: Clock = Clock.REAL, time: LedgerTime | None = None) -> Desk:
    """A desk on an opened ledger: trusts ZZ1 and ZZ2, and the commissioner ZZQ of ZZ1."""
    ledger = ledger or MemoryLedger()
    secrets = Secrets(keyring=Keyring({1: bytes(range(32))}), digests=b"d" * 32)
    book = Book(ledger, Codec(AGGREGATES), secrets, build="test")
    desk = Desk(ledger, book, read_policy(), time or LedgerTime(ledger, simulated=clock is Clock.SIMULATED))
    await desk.begin(system(), OPEN_LEDGER, lambda _pen: OpenLedger(clock=clock), stream=LEDGER_STREAM)
    for ods, kind, kept in (
        ("ZZ1", OrganisationKind.PROVIDER, ProviderType.HEALTH_SERVICE_BODY),
        ("ZZ2", OrganisationKind.PROVIDER, ProviderType.HEALTH_SERVICE_BODY),
        ("ZZQ", OrganisationKind.COMMISSIONER, None),
    ):
        command = RegisterOrganisation(
            ods=OdsCode(ods), name=Label(f"Fictitious {ods}"), kind=kind, provider_type=kept, psirf_adopted_on=None
        )
        await desk.begin(system(), REGISTER_ORGANISATION, _given(command), stream=organisation_stream(OdsCode(ods)))
    relation = CommissionProvider(
        commissioner=OdsCode("ZZQ"), from_on=(DISCOVERED - timedelta(days=400)).date(), to_on=None
    )
    await desk.change(system("ZZ1"), COMMISSION_PROVIDER, _given(relation), stream=organisation_stream(OdsCode("ZZ1")))
    return desk
