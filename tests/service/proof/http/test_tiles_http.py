"""Tiles over HTTP: whoever reads them as static files rebuilds the root of the checkpoint from them alone."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from service.proof.checkpoint import Checkpoint
from service.proof.notes import split_note
from service.proof.tiles import TileNodes, completed_tiles, partial_tiles, tile_path
from service.proof.tree import root_at
from tests.support.proof.proved import a_proved_ledger
from tests.support.proof.served import Served, served
from tests.support.running.ledgers import a_request
from tests.support.running.postgres import EMBEDDED, Server

pytestmark = pytest.mark.asyncio(loop_scope="module")

EVENTS = 2 * 256 + 88
"""Enough for full tiles, and for one of each level that is not full."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stand(servers: dict[int, Server], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with a_proved_ledger(servers[EMBEDDED]) as proved:
        await proved.ledger.append_batch([a_request(None, 0, *[b"{}"] * 100) for _ in range(EVENTS // 100)])
        await proved.prove()
        async with served(proved, tmp_path_factory.mktemp("served")) as made:
            yield made


async def test_the_root_is_rebuilt_from_the_tiles(stand: Served) -> None:
    text, _ = split_note((await stand.get("/v1/audit/tiles/checkpoint")).text)
    checkpoint = Checkpoint.parse(text)
    wanted = [*completed_tiles(0, checkpoint.size), *partial_tiles(checkpoint.size)]
    assert {tile.level for tile in wanted} == {0, 1}
    needed = [tile for tile in wanted if tile.level or tile.width < 256]  # full ones of level 0 are told by level 1

    tiles = {}
    for level, number, width in needed:
        answer = await stand.get(f"/v1/audit/tiles/{tile_path(level, number, width)}")
        assert (answer.status_code, len(answer.content)) == (200, width * 32)
        tiles[level, number] = answer.content

    assert root_at(TileNodes(tiles), checkpoint.size) == checkpoint.root


async def test_a_full_tile_may_also_be_read_in_part_and_never_changes(stand: Served) -> None:
    whole = await stand.get("/v1/audit/tiles/tile/0/000")
    part = await stand.get("/v1/audit/tiles/tile/0/000.p/7")

    assert part.content == whole.content[: 7 * 32]
    assert "immutable" in whole.headers["Cache-Control"]
