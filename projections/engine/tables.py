"""The tables in schema `projections`: the engine's own, and those of one version of a read model."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    make_url,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.schema import CreateIndex, CreateTable

from projections.engine.columns import instant, words
from projections.engine.model import AnyReadModel

SCHEMA: Final = "projections"
_DIALECT: Final = make_url("postgresql+asyncpg://").get_dialect()()


@dataclass(frozen=True)
class Physical:
    """The tables of one version of a read model; `history` only where it is versioned."""

    current: Table
    history: Table | None
    state: Table

    def __iter__(self) -> Iterator[Table]:
        yield from (table for table in (self.current, self.history, self.state) if table is not None)


def engine_tables(metadata: MetaData) -> dict[str, Table]:
    """`positions` (how far each table version is, and whether it runs), `live` (which one answers), `rebuilds`."""
    positions = Table(
        "positions",
        metadata,
        Column("name", words(), primary_key=True),
        Column("table_version", Integer, primary_key=True, autoincrement=False),
        Column("code_version", Integer, nullable=False),
        Column("position", BigInteger, nullable=False, server_default=text("0")),
        Column("recorded_at", instant()),
        Column("changed_position", BigInteger, nullable=False, server_default=text("0")),
        Column("epoch", BigInteger, nullable=False, server_default=text("0")),
        Column("status", Text, nullable=False),
        Column("message", Text),
        schema=SCHEMA,
    )
    live = Table(
        "live",
        metadata,
        Column("name", words(), primary_key=True),
        Column("table_version", Integer, nullable=False),
        schema=SCHEMA,
    )
    rebuilds = Table(
        "rebuilds",
        metadata,
        Column("name", words(), primary_key=True),
        Column("table_version", Integer, primary_key=True, autoincrement=False),
        Column("position", BigInteger, nullable=False),
        Column("report", JSONB, nullable=False),
        schema=SCHEMA,
    )
    return {"positions": positions, "live": live, "rebuilds": rebuilds}


ENGINE: Final = engine_tables(MetaData())


def physical(model: AnyReadModel, table_version: int, metadata: MetaData) -> Physical:
    """Declare the tables of one version of a read model."""
    name = f"{model.name}_v{table_version}"
    state = Table(
        f"{name}_state",
        metadata,
        Column("key", Uuid, primary_key=True),
        Column("state", LargeBinary, nullable=False),
        schema=SCHEMA,
    )
    return Physical(
        current=_current(name, model.table, metadata),
        history=_history(name, model.table, metadata) if model.versioned else None,
        state=state,
    )


def _current(name: str, logical: Table, metadata: MetaData) -> Table:
    current = Table(
        name,
        metadata,
        *_columns(logical),
        Column("changed_position", BigInteger, nullable=False),
        PrimaryKeyConstraint("key"),
        schema=SCHEMA,
    )
    for index in logical.indexes:
        Index(f"{name}_{index.name}", *(current.columns[column.name] for column in index.columns))
    return current


def _history(name: str, logical: Table, metadata: MetaData) -> Table:
    history = Table(
        f"{name}_history",
        metadata,
        Column("changed_position", BigInteger, nullable=False),
        Column("changed_at", instant(), nullable=False),
        Column("gone", Boolean, nullable=False),
        *_columns(logical),
        PrimaryKeyConstraint("key", "changed_position"),
        schema=SCHEMA,
    )
    Index(f"{name}_history_position", history.columns["changed_position"])
    return history


def _columns(logical: Table) -> Iterator[Column[Any]]:
    yield from (Column(column.name, column.type, nullable=bool(column.nullable)) for column in logical.columns)


@lru_cache(maxsize=256)
def tables_of(model: AnyReadModel, table_version: int) -> Physical:
    """The tables of one version of a read model, declared once."""
    return physical(model, table_version, MetaData())


def declared_metadata(models: Iterable[AnyReadModel]) -> MetaData:
    """Everything that the migrations of schema `projections` must have built in a new database.

    There the tables of a read model are numbered as its code is: a migration that raises one raises the other.
    """
    metadata = MetaData()
    engine_tables(metadata)
    for model in models:
        physical(model, model.version, metadata)
    return metadata


def creation(model: AnyReadModel, table_version: int) -> list[str]:
    """The statements that make the tables of a version, and let the projector write and the reader read them.

    They run as the owner. Nobody but the owner can change a row of a history.
    """
    made = tables_of(model, table_version)
    indexes = sorted((index for table in made for index in table.indexes), key=lambda index: str(index.name))
    return [
        *(str(CreateTable(table).compile(dialect=_DIALECT)) for table in made),
        *(str(CreateIndex(index).compile(dialect=_DIALECT)) for index in indexes),
        *(
            _granted("projector", "select, insert" + ("" if table is made.history else ", delete"), table)
            for table in made
        ),
        *(_granted("reader", "select", table) for table in made if table is not made.state),
    ]


def _granted(role: str, rights: str, table: Table) -> str:
    # Roles are named after the database that made them; a copy or a restore may have another name, but keeps its grants.
    writes = "in" if role == "projector" else "not in"
    return f"""do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = '{SCHEMA}.positions'::regclass and acl.grantee <> relowner and acl.grantee {writes} (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant {rights} on {SCHEMA}.{table.name} to %s', granted); end loop;
    end $$"""  # noqa: S608 - names from our own declarations
