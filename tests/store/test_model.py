"""Any history of appends: every ledger answers as a list of accepted requests would, read from end to end."""

from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from service.store.ledger import (
    Appended,
    AppendRequest,
    CaseGuard,
    Claimed,
    Conflict,
    Guard,
    GuardFailed,
    KeyReused,
    Ledger,
    NewKey,
    Outcome,
)
from service.store.memory import MemoryLedger
from tests.support.running.ledgers import LEDGER, NOON, a_key, a_request, an_event, an_opening, postgres_ledger, stood
from tests.support.running.postgres import Loop, Server, versions

STREAMS = [UUID(int=number) for number in range(1, 5)]
CASES = [UUID(int=number) for number in range(51, 53)]
VAULT = [NewKey(UUID(int=number), UUID(int=number % 2), b"wrapped", "kek") for number in range(101, 104)]

streams = st.sampled_from(STREAMS)
requests = st.builds(
    AppendRequest,
    stream=streams,
    kind=st.just("action"),
    expected_version=st.integers(0, 4),
    events=st.integers(1, 3).map(lambda number: tuple(an_event(b"%d" % number) for _ in range(number))),
    key=st.sampled_from([a_key(f"key {number}") for number in range(40)]),
    body=st.sampled_from([a_key("body")] * 4 + [a_key("another body")]),
    organisation=st.just("ZZ1"),
    actor=st.just(UUID(int=1)),
    cases=st.lists(st.sampled_from(CASES), unique=True, max_size=2).map(tuple),
    guards=st.lists(st.builds(Guard, streams, st.integers(0, 3)), max_size=1).map(tuple),
    case_guards=st.lists(st.builds(CaseGuard, st.sampled_from(CASES), st.integers(0, 3)), max_size=1).map(tuple),
    claims=st.lists(st.sampled_from([a_key(f"claim {n}") for n in range(3)]), unique=True, max_size=1).map(tuple),
    new_keys=st.lists(st.sampled_from(VAULT), unique=True, max_size=1).map(tuple),
    clock=st.none() | st.integers(-2, 9).map(lambda hours: NOON + timedelta(hours=hours)),
)


@dataclass
class Oracle:
    """Accepted requests in order; every question is answered by reading them all."""

    accepted: list[tuple[AppendRequest, Appended]] = field(default_factory=list)

    def decide(self, request: AppendRequest) -> Outcome:
        for earlier, appended in self.accepted:
            if earlier.key == request.key:
                return replace(appended, replayed=True) if earlier.body == request.body else KeyReused()
        return self.obstacle(request) or self.accept(request)

    def obstacle(self, request: AppendRequest) -> Outcome | None:
        version = self.version(request.stream)
        if version != request.expected_version:
            return Conflict(version)
        failed = [guard.stream for guard in request.guards if self.version(guard.stream) != guard.version]
        failed += [guard.case for guard in request.case_guards if len(self.members(guard.case)) != guard.streams]
        if failed:
            return GuardFailed(failed[0])
        for earlier, _ in self.accepted:
            for digest in set(request.claims) & set(earlier.claims):
                if earlier.stream != request.stream:
                    return Claimed(digest, earlier.stream)
        known = {key.key_id for earlier, _ in self.accepted for key in earlier.new_keys}
        return Conflict(version) if known & {key.key_id for key in request.new_keys} else None

    def accept(self, request: AppendRequest) -> Appended:
        first = self.head() + 1
        moment = max([self.moment(), request.clock] if request.clock else [self.moment()])
        last = first + len(request.events) - 1
        version = request.expected_version + len(request.events)
        appended = Appended(request.stream, version, first, last, moment)
        self.accepted.append((request, appended))
        return appended

    def head(self) -> int:
        return 1 + sum(len(request.events) for request, _ in self.accepted)

    def moment(self) -> datetime:
        return self.accepted[-1][1].recorded_at if self.accepted else NOON

    def version(self, stream: UUID) -> int:
        return sum(len(request.events) for request, _ in self.accepted if request.stream == stream)

    def members(self, case: UUID) -> list[UUID]:
        return list(dict.fromkeys(request.stream for request, _ in self.accepted if case in request.cases))

    def events(self) -> list[tuple[Any, ...]]:
        joined: dict[UUID, list[UUID]] = {}
        told: list[tuple[Any, ...]] = []
        for request, appended in self.accepted:
            cases = joined.setdefault(request.stream, [])
            cases += sorted(set(request.cases) - set(cases))
            for place, event in enumerate(request.events):
                position, version = appended.first_position + place, request.expected_version + 1 + place
                told.append((position, request.stream, version, event.event_id, appended.recorded_at, tuple(cases)))
        return told


def fresh(request: AppendRequest) -> AppendRequest:
    """The same with new event ids: Hypothesis draws the same value more than once."""
    return replace(request, events=tuple(an_event(event.payload) for event in request.events))


def depend(one: AppendRequest, other: AppendRequest) -> bool:
    """Whether one of two requests writes what the other writes or relies on."""
    return not (
        _written(one).isdisjoint(_written(other) | _relied_on(other)) and _relied_on(one).isdisjoint(_written(other))
    )


def _written(request: AppendRequest) -> set[Any]:
    keys = {key.key_id for key in request.new_keys}
    return {("stream", request.stream), request.key, *request.claims, *request.cases, *keys}


def _relied_on(request: AppendRequest) -> set[Any]:
    return {*(("stream", guard.stream) for guard in request.guards), *(guard.case for guard in request.case_guards)}


def as_taken(batch: list[AppendRequest], answers: list[Any]) -> list[int]:
    """The places of a batch in the order in which they were taken, by the positions that they were given.

    Requests that depend on one another are taken in the order of the batch. One that waits for an earlier one lets others
    pass: that is what keeps a busy stream from holding up the rest.
    """
    taken: list[int] = []
    left = list(range(len(batch)))
    while left:
        ready = [place for place in left if not any(depend(batch[place], batch[each]) for each in left if each < place)]
        taken.append(min(ready, key=lambda place: _position(answers[place])))
        left.remove(taken[-1])
    return taken


def _position(answer: Any) -> int:
    """Where it stands; 0 for what wrote nothing, which changes nothing for anybody."""
    return answer.first_position if isinstance(answer, Appended) and not answer.replayed else 0


class LedgerMachine(RuleBasedStateMachine):
    """Appends at random to a simulated ledger, whose clock makes every answer predictable."""

    loop: Loop
    servers: dict[int, Server]
    name: str

    @initialize()
    def open(self) -> None:
        self.stack, self.oracle = AsyncExitStack(), Oracle()
        self.ledger: Ledger = self.loop.run(self.opened())

    async def opened(self) -> Ledger:
        ledger: Ledger = MemoryLedger()
        if self.name != "memory":
            database = self.servers[int(self.name)].new_database()
            ledger = await self.stack.enter_async_context(postgres_ledger(database))
        await stood(ledger, an_opening(simulated_at=NOON))
        return ledger

    @rule(request=requests)
    def append(self, request: AppendRequest) -> None:
        request = fresh(request)
        assert self.loop.run(self.ledger.append(request)) == self.oracle.decide(request)

    @rule(stream=streams, cases=st.lists(st.sampled_from(CASES), unique=True, max_size=2))
    def grow(self, stream: UUID, cases: list[UUID]) -> None:
        request = a_request(stream, self.oracle.version(stream), cases=tuple(cases))
        assert self.loop.run(self.ledger.append(request)) == self.oracle.decide(request)

    @rule(batch=st.lists(requests, max_size=8))
    def append_batch(self, batch: list[AppendRequest]) -> None:
        batch = [fresh(request) for request in batch]
        answers = self.loop.run(self.ledger.append_batch(batch))
        decided = {place: self.oracle.decide(batch[place]) for place in as_taken(batch, answers)}
        assert answers == [decided[place] for place in range(len(batch))]

    @rule(case=st.sampled_from(CASES), back=st.integers(0, 5))
    def read_case(self, case: UUID, back: int) -> None:
        members, until = self.oracle.members(case), max(self.oracle.head() - back, 0)
        assert [stream for stream, _ in self.loop.run(self.ledger.case_streams(case))] == members
        told = self.loop.run(self.ledger.read_case(case, up_to=until))
        joined = {event[1] for event in self.oracle.events() if case in event[5] and event[0] <= until}
        expected = [event[0] for event in self.oracle.events() if event[1] in joined and event[0] <= until]
        assert [event.position for event in told] == expected

    @rule(stream=streams, after=st.integers(0, 4), key=st.integers(0, 39))
    def look(self, stream: UUID, after: int, key: int) -> None:
        look = self.loop.run(self.ledger.look(a_key(f"key {key}"), [(stream, after)]))
        known = [(request, told) for request, told in self.oracle.accepted if request.key == a_key(f"key {key}")]
        assert (look.known is None) == (not known)
        if look.known is not None:
            assert (look.known.body, look.known.first_position) == (known[0][0].body, known[0][1].first_position)
        assert [event.version for event in look.events[stream]] == list(
            range(after + 1, self.oracle.version(stream) + 1)
        )

    @invariant()
    def stands_as_the_oracle_says(self) -> None:
        told = self.loop.run(self.ledger.read_all(after=1, limit=10_000))
        assert [
            (event.position, event.stream, event.version, event.event_id, event.recorded_at, event.cases)
            for event in told
        ] == self.oracle.events()

    def teardown(self) -> None:
        self.loop.run(self.stack.aclose())


@pytest.mark.parametrize("name", ["memory", *map(str, versions())])
def test_any_history_of_appends_stands_as_a_list_of_accepted_requests(name: str, servers: dict[int, Server]) -> None:
    loop = Loop()

    class Machine(LedgerMachine):
        pass

    Machine.loop, Machine.servers, Machine.name = loop, servers, name
    examples = 60 if name == "memory" else 12
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    loop.close()


def test_the_ledger_of_these_tests_is_opened_in_a_stream_of_its_own() -> None:
    assert LEDGER not in STREAMS
