"""The migrations build exactly the tables that the code declares."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from service.store.schema import METADATA
from tests.support.running.database import Database

SCHEMAS = ("ledger", "vault")


@contextmanager
def opened(database: Database) -> Iterator[Connection]:
    with create_engine(database.url(driver="postgresql+psycopg"), poolclass=NullPool).connect() as connection:
        yield connection


def test_the_migrated_database_has_the_declared_tables(database: Database) -> None:
    with opened(database) as connection:
        options = {
            "include_schemas": True,
            "include_name": lambda name, kind, _: kind != "schema" or name in SCHEMAS,
            "compare_server_default": True,
        }
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), METADATA)
    assert differences == []


def test_constraints_are_named_as_declared(database: Database) -> None:
    declared = {
        (table.fullname, str(constraint.name)) for table in METADATA.tables.values() for constraint in table.constraints
    }
    with opened(database) as connection:
        built = connection.execute(
            text(
                "select format('%s.%s', nspname, relname), conname from pg_constraint c"
                " join pg_class r on r.oid = c.conrelid join pg_namespace n on n.oid = r.relnamespace"
                " where nspname = any(:schemas) and contype <> 'n'"
            ),
            {"schemas": list(SCHEMAS)},
        ).all()
    assert {(table, name) for table, name in built} == declared


def test_the_view_of_standing_events_is_the_only_other_relation(database: Database) -> None:
    with opened(database) as connection:
        inspector = inspect(connection)
        views = {f"{schema}.{name}" for schema in SCHEMAS for name in inspector.get_view_names(schema)}
    assert views == {"ledger.standing_events"}
