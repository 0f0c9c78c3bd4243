"""The worker that follows the log with the tree: what it signs can be checked, and nothing is left out or doubled."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from uuid import uuid4

import pytest

from service.proof.heads import Entry, Joined, bucket_hashes, case_entry, check_head, heads_root, stream_entry
from service.proof.tree import Remembered, consistency_path, root_at, root_of
from service.proof.verifying import check_consistency
from service.store.ledger import LedgerEvent
from service.store.proofs.heads import CASE, STREAM, Subject
from service.store.proofs.memory import remembered
from service.worker.proving.extending import CHUNK
from tests.support.proof.proved import Proved, a_proved_ledger, proving
from tests.support.running.ledgers import a_request, stood
from tests.support.running.postgres import EMBEDDED, Server


@pytest.fixture
async def proved(servers: dict[int, Server]) -> AsyncIterator[Proved]:
    async with a_proved_ledger(servers[EMBEDDED]) as made:
        yield made


async def test_a_checkpoint_covers_the_whole_log_and_is_signed_by_the_logs_key(proved: Proved) -> None:
    await proved.report(events=3)

    checkpoint = await proved.prove()
    opened = await proved.opened(checkpoint)

    leaves = await proved.proofs.leaves(range(1, 5))
    assert (opened.checkpoint.size, len(opened.by_log)) == (4, 1)
    assert opened.checkpoint.root == root_of(each.leaf.hash for each in leaves)
    assert [each.leaf.position for each in leaves] == [1, 2, 3, 4]


async def test_the_quick_hash_of_a_leaf_is_the_hash_of_its_canonical_bytes(proved: Proved) -> None:
    words = '"\\ \u0007 \u00e9 \u2028 \U0001f9ea \u007f </script>'
    await stood(proved.ledger, a_request(correlation=words, organisation=words, build=words))
    await proved.prove()

    [made] = await proved.proofs.leaves([2])

    assert made.leaf.correlation_id == words
    assert made.hash == made.leaf.hash


async def test_a_backlog_is_signed_in_chunks_each_of_which_continues_the_one_before(proved: Proved) -> None:
    await proved.ledger.append_batch([a_request(None, 0, *[b"{}"] * 500) for _ in range(2 * CHUNK // 500)])
    await proved.report()
    await proved.prove()

    published = await proved.proofs.checkpoints(below=10**9, limit=10)
    signed = [(each.size, each.root) for each in reversed(published)]
    assert [size for size, _ in signed] == [CHUNK, 2 * CHUNK, 2 * CHUNK + 2]
    for (first, first_root), (second, second_root) in pairwise(signed):
        check_consistency(first, second, await proved.proofs.consistency(first, second), first_root, second_root)


async def test_every_event_waiting_when_a_checkpoint_is_begun_is_under_it(proved: Proved) -> None:
    async with proving(proved.prover()) as task:
        for _ in range(20):
            before = (await proved.ledger.head()).position
            await proved.ledger.append_batch([a_request() for _ in range(25)])
            assert (await proved.covered(task)).size >= before + 25

    sizes = [each.size for each in await proved.proofs.checkpoints(below=10**9, limit=100)]
    assert sizes[0] == 501
    assert len(sizes) <= 21  # many events are under one checkpoint


async def test_the_stored_tree_is_the_tree_of_the_leaves(proved: Proved) -> None:
    await proved.ledger.append_batch([a_request(None, 0, *[b"{}"] * 100) for _ in range(6)])
    checkpoint = await proved.prove()

    whole = Remembered(each.leaf.hash for each in await proved.proofs.leaves(range(1, 602)))
    assert checkpoint.root == root_at(whole, 601)
    for first in (1, 2, 255, 256, 257, 512, 600, 601):
        assert await proved.proofs.consistency(first, 601) == consistency_path(whole, first, 601)


def heads_of(events: list[LedgerEvent], hashes: dict[int, bytes]) -> bytes:
    """The root of the map of heads, by its definition."""
    newest = {event.stream: event for event in events}
    cases: dict[object, dict[object, int]] = {}
    for event in events:
        for case in event.cases:
            cases.setdefault(case, {}).setdefault(event.stream, event.position)
    entries: list[Entry] = [
        *(stream_entry(each.stream, each.version, hashes[each.position]) for each in newest.values()),
        *(case_entry(case, [Joined(*each) for each in streams.items()]) for case, streams in cases.items()),  # type: ignore[arg-type] # ids
    ]
    return heads_root(bucket_hashes(entries))


async def test_the_map_of_heads_is_that_of_its_size_then_and_later(proved: Proved) -> None:
    first, second = uuid4(), uuid4()
    stream = await proved.report(events=2, cases=(first,))
    early = await proved.prove()
    await stood(proved.ledger, a_request(stream, 2, cases=(second,)))
    await proved.report(cases=(first,))
    late = await proved.prove()

    events = await proved.ledger.read_all(after=0, limit=100)
    hashes = {each.leaf.position: each.hash for each in await proved.proofs.leaves(range(1, 6))}
    for checkpoint in (early, late):
        stood_then = [event for event in events if event.position <= checkpoint.size]
        assert checkpoint.signed.heads_root == heads_of(stood_then, hashes)
    opened = await proved.opened(late)
    assert opened.checkpoint.size == 5


async def test_the_head_of_a_stream_and_the_streams_of_a_case_are_proved_and_so_is_that_there_is_none(
    proved: Proved,
) -> None:
    case = uuid4()
    one, two = await proved.report(events=2, cases=(case,)), await proved.report(cases=(case,))
    early = await proved.prove()
    await stood(proved.ledger, a_request(one, 2))
    late = await proved.prove()
    subjects = [Subject(STREAM, one), Subject(CASE, case), Subject(STREAM, uuid4()), Subject(CASE, uuid4())]

    for checkpoint, version, newest in ((early, 2, 3), (late, 3, 5)):
        found = await proved.proofs.heads_proofs(subjects, checkpoint.size)
        expected = [
            stream_entry(one, version, await proved.leaf_hash(newest)).value,
            case_entry(case, [Joined(one, 2), Joined(two, 4)]).value,
            None,
            None,
        ]
        assert [each.value for each in found] == expected
        assert found[1].streams == (Joined(one, 2), Joined(two, 4))
        for each in found:
            check_head(each.subject.key, each.value, each.proof, checkpoint.signed.heads_root)


async def test_two_provers_at_once_sign_one_history_and_one_goes_on_where_the_other_ends(proved: Proved) -> None:
    async with proving(proved.prover()) as one, proving(proved.prover()) as two:
        for _ in range(10):
            await proved.report(events=5)
            await asyncio.sleep(0.02)
        await proved.covered(one)
        for ending, other in ((one, two), (two, one)):
            if not other.cancelled():
                ending.cancel()
                await asyncio.gather(ending, return_exceptions=True)
                await proved.report()
                await proved.covered(other)
                break

    size = (await proved.ledger.head()).position
    latest = await proved.prove()
    made = await proved.proofs.leaves(range(1, size + 1))
    assert await proved.proofs.leaf_hashes(range(1, size + 2)) == {each.leaf.position: each.hash for each in made}
    assert latest.root == root_of(each.hash for each in made)
    last = remembered(proved.keys, (await proved.proofs.log()).origin.name)
    assert last is not None
    assert (last.size, last.root) == (latest.size, latest.root)


async def test_an_empty_ledger_is_waited_for(servers: dict[int, Server]) -> None:
    from tests.support.running.ledgers import an_opening

    database = servers[EMBEDDED].new_database()
    async with a_proved_ledger(servers[EMBEDDED], database) as proved, proving(proved.prover()) as task:
        await asyncio.sleep(0.1)
        assert await proved.proofs.latest() is None
        await stood(proved.ledger, an_opening())

        assert (await proved.covered(task)).size == 1
