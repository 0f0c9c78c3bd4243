"""The `eventsourcing` library's own recorder test cases, run against our ledgers through a facade."""

from abc import abstractmethod
from collections.abc import Iterator
from contextlib import AsyncExitStack

import pytest

from service.store.ledger import Ledger
from service.store.memory import MemoryLedger
from tests.support.library.library_cases import (
    CASES,
    AggregateRecorderTestCase,
    ApplicationRecorderTestCase,
    NonInterleavingNotificationIDsBaseCase,
    RecorderTestCase,
)
from tests.support.library.recorders import ApplicationLedgerRecorder, LedgerRecorder
from tests.support.running.ledgers import an_opening, postgres_ledger, stood
from tests.support.running.postgres import EMBEDDED, Loop, Server

NOT_RUN = {
    "RecorderTestCase": "the base of the others, without a test of its own",
    "TrackingRecorderTestCase": "a read model's position moves in its own transaction, in the projection engine",
    "ProcessRecorderTestCase": "it writes events and a tracking position in one call; our append takes no position",
    "InfrastructureFactoryTestCase": "the ledger is wired in bootstrap, not made from environment variables",
    "TranscoderTestCase": "our codec has a closed list of stored names and writes no Python types",
}
"""The library's cases that cannot apply, and why."""


class OnALedger(RecorderTestCase):
    """Where the library's cases get their recorder: a new, opened ledger for each test."""

    INITIAL_VERSION = 0  # the facade adds one
    ledger: Ledger
    loop: Loop

    @abstractmethod
    async def open(self, servers: dict[int, Server], stack: AsyncExitStack) -> Ledger: ...

    @pytest.fixture(autouse=True)
    def _opened(self, servers: dict[int, Server]) -> Iterator[None]:
        self.loop, stack = Loop(), AsyncExitStack()
        self.ledger = self.loop.run(self.open(servers, stack))
        self.loop.run(stood(self.ledger, an_opening()))
        yield
        self.loop.run(stack.aclose())
        self.loop.close()


class InMemory(OnALedger):
    async def open(self, *_: object) -> Ledger:
        return MemoryLedger()


class InPostgres(OnALedger):
    async def open(self, servers: dict[int, Server], stack: AsyncExitStack) -> Ledger:
        return await stack.enter_async_context(postgres_ledger(servers[EMBEDDED].new_database()))


class AggregateCases(OnALedger, AggregateRecorderTestCase):
    def create_recorder(self) -> LedgerRecorder:
        return LedgerRecorder(self.ledger, self.loop)


class ApplicationCases(OnALedger, ApplicationRecorderTestCase[ApplicationLedgerRecorder]):
    def create_recorder(self) -> ApplicationLedgerRecorder:
        return ApplicationLedgerRecorder(self.ledger, self.loop)

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class NonInterleavingCases(OnALedger, NonInterleavingNotificationIDsBaseCase):
    def create_recorder(self) -> ApplicationLedgerRecorder:
        return ApplicationLedgerRecorder(self.ledger, self.loop)


class TestAggregateCasesInMemory(InMemory, AggregateCases):
    """A stream's events, in memory."""


class TestAggregateCasesInPostgres(InPostgres, AggregateCases):
    """A stream's events, in PostgreSQL."""


class TestApplicationCasesInMemory(InMemory, ApplicationCases):
    """The order of all events, in memory."""


class TestApplicationCasesInPostgres(InPostgres, ApplicationCases):
    """The order of all events, in PostgreSQL."""


class TestNonInterleavingCasesInMemory(InMemory, NonInterleavingCases):
    """Two appends never mix, in memory."""


class TestNonInterleavingCasesInPostgres(InPostgres, NonInterleavingCases):
    """Two appends never mix, in PostgreSQL."""


def test_every_case_of_the_library_is_run_or_has_a_reason() -> None:
    run = {
        case.__name__
        for case in (AggregateRecorderTestCase, ApplicationRecorderTestCase, NonInterleavingNotificationIDsBaseCase)
    }
    assert run | set(NOT_RUN) == CASES
