"""A case with a mark in every sealed field, and the application that makes packs of it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from service.policy import read_policy
from service.reading.audit.packs.door import Packs
from tests.service.audit.packed import Marked, play
from tests.support.chronicle import a_chronicle
from tests.support.desk_of_queries import a_query_stand
from tests.support.proof.plain_proofs import PlainProofs
from tests.support.running.postgres import EMBEDDED, Server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def marked(servers: dict[int, Server], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Marked]:
    """A module may add to it; what it changes, it says."""
    async with a_chronicle(servers[EMBEDDED]) as chronicle:
        stand = a_query_stand(chronicle, tmp_path_factory.mktemp("packs"))
        proofs = PlainProofs(chronicle.ledger, at_need=True)
        stand.app.state.packs = Packs(chronicle.queries, proofs, read_policy())
        marked = Marked(stand, chronicle, proofs)
        await play(marked)
        yield marked
