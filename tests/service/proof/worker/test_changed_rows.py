"""Every stored column of an event is under the tree: changing any of them is another leaf, and stops the prover."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from service.store.proofs.leaves import LeafImpossibleError
from service.worker.proving.extending import RECENT
from tests.support.proof.proved import Proved, a_proved_ledger
from tests.support.running.ledgers import a_request, stood
from tests.support.running.postgres import EMBEDDED, Server

pytestmark = pytest.mark.asyncio(loop_scope="module")

OTHER_UUID, OTHER_TIME = "'00000000-0000-0000-0000-00000000000f'", "'2020-01-01T00:00:00Z'"
EVENT = "update ledger.events set {} where position = 3"
STREAM = "update ledger.streams set {} where stream = (select stream from ledger.events where position = 3)"
CASES = "update ledger.stream_cases set {} where stream = (select stream from ledger.events where position = 3)"
REQUEST = "update ledger.keys set {} where first_position = 2"
CHANGES = [
    EVENT.format("payload = '{\"n\":9}'"),
    EVENT.format("type = 'action.accepted.v1'"),
    EVENT.format("organisation = 'ZZ2'"),
    EVENT.format(f"actor = {OTHER_UUID}"),
    EVENT.format("correlation = 'another'"),
    EVENT.format(f"causation = {OTHER_UUID}"),
    EVENT.format(f"effective_at = {OTHER_TIME}"),
    EVENT.format(f"recorded_at = {OTHER_TIME}"),
    EVENT.format("recorded_at = recorded_at + interval '1 microsecond'"),
    EVENT.format("editions = '{other-2026@1}'"),
    EVENT.format("build = 'another'"),
    EVENT.format(f"event_id = {OTHER_UUID}"),
    STREAM.format("kind = 'incident'"),
    STREAM.format("organisation = 'ZZ2'"),
    CASES.format(f"case_id = {OTHER_UUID}"),
    CASES.format("position = 4"),
    REQUEST.format("key = '\\x00'"),
    REQUEST.format("body = '\\x00'"),
    REQUEST.format(f"stream = {OTHER_UUID}"),
    REQUEST.format("version = 9"),
    REQUEST.format("last_position = 9"),
    REQUEST.format(f"recorded_at = {OTHER_TIME}"),
]
MISSING = [
    ("delete from ledger.events where position = 3", "position 3: there is no event"),
    ("delete from ledger.keys where first_position = 2", "position 3: the request that appended it is not known"),
    (
        "delete from ledger.streams where stream = (select stream from ledger.events where position = 3)",
        "position 3: its stream is not known",
    ),
    (EVENT.format("version = 7"), "position 3: the event before it in its stream is missing"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def proved(servers: dict[int, Server]) -> AsyncIterator[Proved]:
    async with a_proved_ledger(servers[EMBEDDED]) as made:
        await made.report(events=3, cases=(uuid4(),))
        await made.prove()
        yield made


@pytest.mark.parametrize("change", CHANGES)
async def test_a_changed_column_is_another_leaf(proved: Proved, change: str) -> None:
    before = await proved.leaf_hash(3)
    connection = await proved.owner()
    transaction = connection.transaction()
    await transaction.start()
    assert (await connection.execute(change)).split()[-1] != "0"

    assert await proved.leaf_hash(3, connection) != before

    await transaction.rollback()
    await connection.close()


@pytest.mark.parametrize(("change", "says"), MISSING)
async def test_a_missing_row_is_named(proved: Proved, change: str, says: str) -> None:
    connection = await proved.owner()
    transaction = connection.transaction()
    await transaction.start()
    assert (await connection.execute(change)).split()[-1] != "0"

    with pytest.raises(LeafImpossibleError) as told:
        await proved.leaf_hash(3, connection)

    assert str(told.value) == says
    await transaction.rollback()
    await connection.close()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (EVENT.format("payload = '{}'"), "The event at position 3 is not the one that was signed: it was changed."),
        (
            "update ledger.events set event_id = gen_random_uuid() where position = 1",
            "The event at position 1 is not the one that was signed: it was changed.",
        ),
        (
            "delete from ledger.events where position = 4",
            "The event at position 4 is not the one that was signed: it was changed.",
        ),
        ("update proof.leaves set hash = sha256('') where position = 2", "The first 4 events are not those"),
        ("delete from proof.leaves where position = 2", "The stored tree lacks hashes of the positions 1 to 4"),
        ("update proof.checkpoints set root = sha256('')", "The stored tree of 4 leaves is not the one"),
        ("update proof.checkpoints set heads_root = sha256('')", "The stored map of heads at 4 events is not"),
        ("update proof.head_buckets set hash = sha256('')", "The stored map of heads at 4 events is not"),
    ],
)
async def test_what_was_changed_stops_the_prover_when_it_takes_up_the_tree(
    servers: dict[int, Server], change: str, says: str
) -> None:
    async with a_proved_ledger(servers[EMBEDDED]) as proved:
        await proved.report(events=3)
        await proved.prove()
        await proved.tamper(change)
        await proved.report()

        with capture_logs() as said:
            await proved.prover().run()  # returns: it has stopped

        status, message = await proved.standing()
        assert (status, [each["event"] for each in said if each["log_level"] == "critical"]) == (
            "stopped",
            ["proof stopped"],
        )
        assert message is not None
        assert says in message
        standing = await proved.proofs.standing()
        assert (standing.stopped, standing.alarm) == (True, message)
        assert standing.checkpoint is not None
        assert standing.checkpoint.size == 4


async def test_a_gap_in_the_log_stops_the_prover_before_it(servers: dict[int, Server]) -> None:
    async with a_proved_ledger(servers[EMBEDDED]) as proved:
        await proved.prove()
        await proved.report(events=3)
        await proved.tamper("delete from ledger.events where position = 3")

        await proved.prover().run()

        assert await proved.standing() == (
            "stopped",
            "position 3: there is no event; the next one stands at 4",
        )
        assert (await proved.proofs.latest() or pytest.fail("none")).size == 1


async def test_a_change_further_back_is_left_to_the_whole_check_and_the_log_goes_on(servers: dict[int, Server]) -> None:
    async with a_proved_ledger(servers[EMBEDDED]) as proved:
        await stood(proved.ledger, a_request(None, 0, *[b"{}"] * (RECENT + 5)))
        before = await proved.prove()
        await proved.tamper("update ledger.events set payload = '[]' where position = 3")
        await proved.report()

        after = await proved.prove()

        assert (await proved.opened(after)).checkpoint.size == before.size + 1
        assert await proved.leaf_hash(3) != (await proved.proofs.leaf_hashes([3]))[3]
