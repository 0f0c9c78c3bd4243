"""The worker that follows the log with the tree: what it signs can be checked, and nothing is left out or doubled."""

from collections.abc import AsyncIterator

import pytest

from service.proof.tree import root_of
from tests.support.proof.proved import Proved, a_proved_ledger
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
    assert opened.checkpoint.size == 4
    assert opened.checkpoint.root == root_of(each.hash for each in leaves)
    assert [each.leaf.position for each in leaves] == [1, 2, 3, 4]
