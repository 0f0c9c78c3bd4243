"""Random samples in a chronicle: one that is written down by hand, and a desk that draws real ones."""

import hashlib
from datetime import timedelta
from typing import Final
from uuid import UUID

from domain.audit_sample.commands.commit_sample import CommitSample
from domain.audit_sample.commands.draw_sample import DrawSample
from domain.audit_sample.drawing import PopulationMember, digest_of, hash_of
from domain.audit_sample.events import SampleCommitted, SampleDrawn
from domain.kernel.actor import Role
from domain.kernel.streams import LEDGER_STREAM
from domain.kernel.words import DecisionId, Digest, IncidentId, OdsCode, SampleId, Seed
from domain.ledger.commands.move_clock import MoveClock
from domain.policy.questions import Outcome, Question
from service.bootstrap import AGGREGATES
from service.handling.book import Book, Secrets
from service.handling.desk import Desk
from service.handling.order import Order
from service.handling.tasks.audit_sample import COMMIT_SAMPLE, DRAW_SAMPLE
from service.handling.tasks.ground import LEDGER_OWNER, MOVE_CLOCK
from service.handling.time import LedgerTime
from service.policy import read_policy
from service.reading.populations import KnownPopulations
from service.store.codec import Codec
from service.vault.keyring import Keyring
from tests.support.chronicle import Chronicle, named
from tests.support.desks import an_order, system
from tests.support.golden_events import TEST_KEK
from tests.support.read_models.projections import envelope, first_envelope

SEED: Final = Seed("a seed that only the auditor knows: 7f3c1d")


async def draw_sample(chronicle: Chronicle, name: str, *, decision: str, incident: str) -> None:
    """A sample of one decision out of one, of those that met the question of safeguarding."""
    until = chronicle.clock + timedelta(minutes=2)
    committed = SampleCommitted(
        **first_envelope(named(name), at=chronicle.clock),
        providers=(OdsCode("ZZ1"),),
        question=Question.SAFEGUARDING,
        outcome=Outcome.MET,
        size=5,
        population_until=until,
        seed_hash=hash_of(SEED),
    )
    position = (await chronicle.record(committed)).last_position
    member = PopulationMember(DecisionId(named(decision)), IncidentId(named(incident)), OdsCode("ZZ1"))
    drawn = SampleDrawn(
        **envelope(named(name), at=until),
        seed=SEED,
        position=position,
        beacon=named(f"event {named(name)} 0"),
        population=1,
        population_digest=digest_of([member]),
        drawn=(member,),
    )
    await chronicle.record(drawn, after=timedelta(minutes=3))


class Auditor:
    """Somebody who commits to samples and draws them, at a desk over the chronicle's own ledger."""

    def __init__(self, chronicle: Chronicle, order: Order | None = None) -> None:
        secrets = Secrets(keyring=Keyring(TEST_KEK), digests=b"d" * 32)
        book = Book(chronicle.ledger, Codec(AGGREGATES), secrets, build="test")
        time = LedgerTime(chronicle.ledger, simulated=True)
        populations = KnownPopulations(chronicle.queries)
        self._desk = Desk(chronicle.ledger, book, read_policy(), time, populations=populations)
        self._chronicle = chronicle
        self._order = order or an_order(Role.AUDITOR, number=8)

    async def commits(self, name: str, *providers: str, size: int, until: timedelta) -> None:
        """Commit to a sample of decisions that safeguarding was not met."""
        command = CommitSample(
            sample=SampleId(named(name)),
            providers=tuple(OdsCode(provider) for provider in providers) or None,
            question=Question.SAFEGUARDING,
            outcome=Outcome.NOT_MET,
            size=size,
            population_until=self._chronicle.clock + until,
            seed_hash=Digest(hashlib.sha256(SEED.encode()).hexdigest()),
        )
        await self._desk.begin(self._order, COMMIT_SAMPLE, lambda _pen: command, stream=named(name))
        await self._chronicle.tell()

    async def waits(self, span: timedelta) -> None:
        """Let time pass on the chronicle's clock."""
        self._chronicle.clock += span
        command = MoveClock(to_at=self._chronicle.clock)
        await self._desk.change(system(LEDGER_OWNER), MOVE_CLOCK, lambda _pen: command, stream=LEDGER_STREAM)
        await self._chronicle.tell()

    async def draws(self, sample: UUID) -> None:
        """Draw a sample."""
        await self._desk.change(self._order, DRAW_SAMPLE, lambda _pen: DrawSample(seed=SEED), stream=sample)
        await self._chronicle.tell()
