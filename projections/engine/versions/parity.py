"""Whether two table versions of a read model say the same: counts, a digest of each table, and the keys that differ."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from asyncpg import Connection
from sqlalchemy import Table

from projections.engine.model import AnyReadModel
from projections.engine.tables import SCHEMA, tables_of

_KEYS_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class TableParity:
    """How one table of the new version compares with the one that answers; a digest is over the rows in order of key.

    `columns` are those compared: all of them, or those that both have.
    """

    table: str
    columns: tuple[str, ...]
    rows_live: int
    rows_new: int
    only_live: int
    only_new: int
    different: int
    digest_live: str
    digest_new: str
    keys: tuple[str, ...]
    """The first few keys that differ; a key names a record and never a person."""


@dataclass(frozen=True, slots=True)
class Parity:
    """What was compared at one position; `same_code`: the tables must be equal."""

    position: int
    same_code: bool
    tables: tuple[TableParity, ...]

    @property
    def equal(self) -> bool:
        """Whether no row differs."""
        return all(each.digest_live == each.digest_new for each in self.tables)


async def compare(
    owner: Connection, model: AnyReadModel, *, live: int, new: int, position: int, same_code: bool
) -> Parity:
    """Compare two versions that stand at the same position, in the caller's transaction.

    Tables that the same code filled are compared whole, with history and state; otherwise what both show at present.
    """
    await owner.execute("set local timezone = 'UTC'")
    tables = list(tables_of(model, new)) if same_code else [tables_of(model, new).current]
    compared = []
    for table in tables:
        other = table.name.replace(f"_v{new}", f"_v{live}", 1)
        columns = [column.name for column in table.columns]
        if not same_code:
            columns = await _shared(owner, other, [column.name for column in model.table.columns])
        compared.append(await _compare(owner, table, other, columns))
    return Parity(position, same_code, tuple(compared))


async def _shared(owner: Connection, table: str, columns: Iterable[str]) -> list[str]:
    found = await owner.fetch(
        "select column_name from information_schema.columns where table_schema = $1 and table_name = $2", SCHEMA, table
    )
    there = {row["column_name"] for row in found}
    return [column for column in columns if column in there]


def _digests(table: str, key: Sequence[str], columns: Sequence[str]) -> str:
    return (
        f"select concat_ws(' ', {', '.join(key)}) collate \"C\" as k, "  # noqa: S608 - names from our own declarations
        f"sha256(convert_to(row({', '.join(columns)})::text, 'UTF8')) as d from {SCHEMA}.{table}"
    )


async def _compare(owner: Connection, table: Table, other: str, columns: Sequence[str]) -> TableParity:
    key = [column.name for column in table.primary_key.columns]
    found = await owner.fetchrow(
        f"""with l as ({_digests(other, key, columns)}), n as ({_digests(table.name, key, columns)})
            select count(l.d) as rows_live, count(n.d) as rows_new,
                   count(*) filter (where n.d is null) as only_live,
                   count(*) filter (where l.d is null) as only_new,
                   count(*) filter (where l.d <> n.d) as different,
                   encode(sha256(coalesce(string_agg(l.d, ''::bytea order by k), ''::bytea)), 'hex') as digest_live,
                   encode(sha256(coalesce(string_agg(n.d, ''::bytea order by k), ''::bytea)), 'hex') as digest_new,
                   coalesce((array_agg(k order by k) filter (where l.d is distinct from n.d))[1:{_KEYS_SHOWN}],
                            array[]::text[]) as keys
            from l full join n using (k)"""  # noqa: S608 - names from our own declarations
    )
    assert found is not None
    counts = {name: value for name, value in found.items() if name != "keys"}
    return TableParity(table=table.name, columns=tuple(columns), keys=tuple(found["keys"]), **counts)
