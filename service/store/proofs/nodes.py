"""The nodes of the stored tree: complete subtrees, hashed together from at most 128 stored hashes each."""

from collections.abc import Iterable
from typing import Final

from asyncpg import Connection, Record

from service.proof.hashing import HASH_SIZE
from service.proof.tree import GrowingTree, Known, Node, frontier, root_of

HEIGHT: Final = 8
"""Levels of the tree in one tile."""

# A node below level 8 lies over leaves, one above over the roots of tiles: as many as its level says within its tile.
_LOW: Final = """
    select w.level, w.number, string_agg(l.hash, ''::bytea order by l.position)
    from unnest($1::int[], $2::bigint[]) as w (level, number)
    join proof.leaves l on l.position > w.number << w.level and l.position <= (w.number + 1) << w.level
    group by w.level, w.number
"""
_HIGH: Final = """
    select w.level, w.number, string_agg(t.root, ''::bytea order by t.number)
    from unnest($1::int[], $2::bigint[]) as w (level, number)
    join proof.tiles t on t.level = w.level / 8 - 1
     and t.number >= w.number << (w.level % 8) and t.number < (w.number + 1) << (w.level % 8)
    group by w.level, w.number
"""
_NEW_TILES: Final = """
    insert into proof.tiles (level, number, hashes, root)
    select $1::smallint, w.number, case when $1 = 0
        then (select string_agg(l.hash, ''::bytea order by l.position) from proof.leaves l
              where l.position > w.number * 256 and l.position <= (w.number + 1) * 256)
        else (select string_agg(t.root, ''::bytea order by t.number) from proof.tiles t
              where t.level = $1 - 1 and t.number >= w.number * 256 and t.number < (w.number + 1) * 256)
        end, w.root
    from unnest($2::bigint[], $3::bytea[]) as w (number, root)
"""
_NEW_LEAVES: Final = """
    insert into proof.leaves (position, hash)
    select $1 + w.n, w.hash from unnest($2::bytea[]) with ordinality as w (hash, n)
"""


class NodeMissingError(Exception):
    """The stored tree lacks a part that must be there: it was damaged."""

    def __init__(self, node: Node) -> None:
        first, last = (node.number << node.level) + 1, (node.number + 1) << node.level
        super().__init__(f"The stored tree lacks hashes of the positions {first} to {last}: it was damaged.")


async def read_nodes(connection: "Connection[Record]", nodes: Iterable[Node]) -> Known:
    """The hashes of these complete subtrees.

    Raises:
        NodeMissingError: leaves or tiles are missing.
    """
    wanted = set(nodes)
    hashes: dict[tuple[int, int], bytes] = {}
    for statement, asked in (
        (_LOW, [node for node in wanted if node.level < HEIGHT]),
        (_HIGH, [node for node in wanted if node.level >= HEIGHT]),
    ):
        if not asked:
            continue
        found = await connection.fetch(statement, [node.level for node in asked], [node.number for node in asked])
        hashes |= {(row[0], row[1]): _hashed(Node(row[0], row[1]), row[2]) for row in found}
    for node in sorted(wanted):
        if tuple(node) not in hashes:
            raise NodeMissingError(node)
    return Known(hashes)


async def read_tree(connection: "Connection[Record]", size: int) -> GrowingTree:
    """The stored tree at a size, to go on from.

    Raises:
        NodeMissingError: leaves or tiles are missing.
    """
    edge = frontier(size)
    known = await read_nodes(connection, edge)
    return GrowingTree(size, [known.hash_at(*node) for node in edge])


class Growth:
    """Leaves that are appended to a tree, and the tiles that they fill; written in one go."""

    def __init__(self, tree: GrowingTree) -> None:
        self._tree = tree
        self._first = tree.size
        self._leaves: list[bytes] = []
        self._full: dict[int, dict[int, bytes]] = {}

    def append(self, leaf: bytes) -> None:
        """Append the hash of one leaf."""
        self._leaves.append(leaf)
        self._tree.append(leaf, self._tell)

    async def write(self, connection: "Connection[Record]") -> None:
        """Store what was appended, in the caller's transaction.

        Raises:
            asyncpg.UniqueViolationError: another worker has stored leaves at these positions.
        """
        await connection.execute(_NEW_LEAVES, self._first, self._leaves)
        for level, roots in sorted(self._full.items()):
            await connection.execute(_NEW_TILES, level, list(roots), list(roots.values()))

    def _tell(self, node: Node, digest: bytes) -> None:
        if node.level and not node.level % HEIGHT:
            self._full.setdefault(node.level // HEIGHT - 1, {})[node.number] = digest


def _hashed(node: Node, joined: bytes) -> bytes:
    """The one hash over the stored hashes that lie below a node, side by side."""
    hashes = [joined[start : start + HASH_SIZE] for start in range(0, len(joined), HASH_SIZE)]
    if len(hashes) != 1 << node.level % HEIGHT:
        raise NodeMissingError(node)
    return root_of(hashes)
