"""Contract 5 and 6: what is read is what was stored, in full, and a case is found without any read model."""

from datetime import timedelta
from uuid import UUID, uuid4

from service.store.ledger import Ledger, LedgerEvent
from tests.support.running.ledgers import ACTOR, NOON, a_request, an_event, stood


async def test_every_column_comes_back_as_it_was_given(ledger: Ledger) -> None:
    event = an_event(b"\x00\xff", type="action.extended.v1", effective_at=NOON - timedelta(days=400))
    editioned = an_event(editions=("psirf-2022@1", 'odd "quoted" {name}, \\ and NULL', "", "null"))
    case, cause = uuid4(), uuid4()
    request = a_request(
        events=(event, editioned), cases=(case,), correlation="a trace", causation=cause, build="0.1.0+abc"
    )
    appended = await stood(ledger, request)
    first, second = await ledger.read_stream(request.stream)
    assert first == LedgerEvent(
        position=2,
        stream=request.stream,
        version=1,
        kind="action",
        event_id=event.event_id,
        type="action.extended.v1",
        payload=b"\x00\xff",
        organisation="ZZ1",
        actor=ACTOR,
        correlation="a trace",
        causation=cause,
        effective_at=NOON - timedelta(days=400),
        recorded_at=appended.recorded_at,
        editions=(),
        build="0.1.0+abc",
        cases=(case,),
    )
    assert second.editions == editioned.editions


async def test_what_was_not_given_is_none(ledger: Ledger) -> None:
    request = a_request()
    await stood(ledger, request)
    (event,) = await ledger.read_stream(request.stream)
    assert (event.correlation, event.causation, event.editions, event.cases) == (None, None, (), ())


async def test_instants_keep_their_microseconds(ledger: Ledger) -> None:
    instant = NOON.replace(microsecond=123457)
    request = a_request(events=(an_event(effective_at=instant),))
    await stood(ledger, request)
    assert (await ledger.read_stream(request.stream))[0].effective_at == instant


async def test_a_stream_is_read_after_a_version(ledger: Ledger) -> None:
    request = a_request(None, 0, b"one", b"two", b"three")
    await stood(ledger, request)
    assert [event.payload for event in await ledger.read_stream(request.stream, after=1)] == [b"two", b"three"]
    assert await ledger.read_stream(request.stream, after=3) == []
    assert await ledger.read_stream(uuid4()) == []


async def test_a_look_finds_the_newer_events_of_several_streams(ledger: Ledger) -> None:
    one, two, none = uuid4(), uuid4(), uuid4()
    await stood(ledger, a_request(one, 0, b"1", b"2"))
    await stood(ledger, a_request(two, 0, b"3"))
    await stood(ledger, a_request(one, 2, b"4"))
    look = await ledger.look(None, [(one, 1), (two, 0), (none, 0)])
    found = {stream: [event.payload for event in events] for stream, events in look.events.items()}
    assert found == {one: [b"2", b"4"], two: [b"3"], none: []}


async def test_a_case_is_read_across_its_streams_in_order_of_position(ledger: Ledger) -> None:
    case, evidence = uuid4(), uuid4()
    await stood(ledger, a_request(case, 0, b"1", cases=(case,)))
    await stood(ledger, a_request(uuid4(), 0, b"another case"))
    await stood(ledger, a_request(evidence, 0, b"2", cases=(case,), kind="evidence"))
    await stood(ledger, a_request(case, 1, b"3"))
    assert [event.payload for event in await ledger.read_case(case)] == [b"1", b"2", b"3"]
    assert [event.payload for event in await ledger.read_case(case, up_to=4)] == [b"1", b"2"]
    assert await ledger.case_streams(case) == [(case, "action"), (evidence, "evidence")]
    assert await ledger.cases_of(evidence) == [case]


async def test_a_case_that_nobody_began_has_nothing(ledger: Ledger) -> None:
    assert await ledger.read_case(uuid4()) == []
    assert await ledger.case_streams(uuid4()) == []
    assert await ledger.cases_of(uuid4()) == []


async def test_a_stream_that_joins_a_case_later_belongs_to_it_from_then_on(ledger: Ledger) -> None:
    action, first, second = uuid4(), UUID(int=900), UUID(int=800)
    await stood(ledger, a_request(action, 0, b"1", cases=(first,)))
    await stood(ledger, a_request(action, 1, b"2", b"3", cases=(first, second)))
    events = await ledger.read_all(after=1, limit=10)
    assert [event.cases for event in events] == [(first,), (first, second), (first, second)]
    assert await ledger.cases_of(action) == [first, second]
    assert [event.payload for event in await ledger.read_case(second)] == [b"1", b"2", b"3"]
    assert await ledger.read_case(second, up_to=2) == []


async def test_a_stream_belongs_to_several_cases_from_its_first_event(ledger: Ledger) -> None:
    one, two = sorted((uuid4(), uuid4()))
    await stood(ledger, a_request(uuid4(), 0, b"1", cases=(two, one)))
    assert (await ledger.read_all(after=1, limit=1))[0].cases == (one, two)


async def test_a_refused_append_joins_no_case(ledger: Ledger) -> None:
    case = uuid4()
    await ledger.append(a_request(uuid4(), 3, cases=(case,)))
    assert await ledger.case_streams(case) == []


async def test_the_kind_of_a_stream_is_the_one_it_began_with(ledger: Ledger) -> None:
    stream = uuid4()
    await stood(ledger, a_request(stream, kind="candour"))
    await stood(ledger, a_request(stream, 1, kind="action"))
    assert [event.kind for event in await ledger.read_stream(stream)] == ["candour", "candour"]
