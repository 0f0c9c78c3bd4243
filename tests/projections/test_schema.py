"""The migrations build exactly the tables that the read models declare."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from projections.engine.tables import SCHEMA, declared_metadata
from projections.models import MODELS
from tests.support.running.database import Database

DECLARED = declared_metadata(MODELS)


def test_the_migrated_database_has_the_declared_tables(database: Database) -> None:
    options = {
        "include_schemas": True,
        "include_name": lambda name, kind, _: kind != "schema" or name == SCHEMA,
        "compare_server_default": True,
    }
    with create_engine(database.url(driver="postgresql+psycopg"), poolclass=NullPool).connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), DECLARED)

    assert differences == []


def test_text_is_ordered_by_its_bytes_wherever_it_is_declared_so(database: Database) -> None:
    declared = {
        (table.name, column.name)
        for table in DECLARED.tables.values()
        for column in table.columns
        if getattr(column.type, "collation", None) == "C"
    }
    with create_engine(database.url(driver="postgresql+psycopg"), poolclass=NullPool).connect() as connection:
        built = connection.execute(
            text(
                "select table_name, column_name from information_schema.columns"
                " where table_schema = :schema and collation_name = 'C'"
            ),
            {"schema": SCHEMA},
        )
        assert {tuple(row) for row in built} == declared


def test_every_read_model_answers_from_the_tables_of_its_code(database: Database) -> None:
    with create_engine(database.url(driver="postgresql+psycopg"), poolclass=NullPool).connect() as connection:
        live = {row[0]: row[1] for row in connection.execute(text("select name, table_version from projections.live"))}
        positions = connection.execute(text("select name, code_version from projections.positions")).all()

    assert live == {model.name: model.version for model in MODELS}
    beside = {("reactions", 1), ("nhs_numbers", 1), ("proof", 1)}
    assert {tuple(row) for row in positions} == {*((model.name, model.version) for model in MODELS)} | beside
