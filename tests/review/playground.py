"""A PostgreSQL database with the schema every case of the oracle starts from."""

from __future__ import annotations

import runpy
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from tests.fixtures.databases import server_database
from tests.fixtures.servers import Server
from tests.review.casebook import CASES, Case

RESET = """
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT nspname FROM pg_namespace
        WHERE left(nspname, 3) <> 'pg_' AND nspname <> 'information_schema'
    LOOP EXECUTE 'DROP SCHEMA ' || quote_ident(name) || ' CASCADE'; END LOOP;
END $$;
CREATE SCHEMA public;
"""


@pytest.fixture(scope="module", name="server_engine")
def _server_engine(server: Callable[[str], Server]) -> Iterator[sa.Engine]:
    """One PostgreSQL database for all cases; creating one for each would take most of the time."""
    with server_database("postgresql", server("postgresql")) as url:
        options = {"options": "-c synchronous_commit=off"}  # do not wait for the disk
        engine = sa.create_engine(url, pool_size=1, max_overflow=0, connect_args=options)
        yield engine
        engine.dispose()


@pytest.fixture(name="database")
def _database(server_engine: sa.Engine) -> sa.Engine:
    """The database with nothing but the schema every case starts from."""
    schema = (CASES / "postgresql/schema.sql").read_text()
    with server_engine.begin() as connection:
        connection.exec_driver_sql(RESET)
        connection.exec_driver_sql(schema)
    return server_engine


def run_function(engine: sa.Engine, path: Path, function: str) -> None:
    """Run one function of a revision as Alembic does: in a transaction of its own."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"transaction_per_migration": True})
        with context.begin_transaction(_per_migration=True), Operations.context(context):
            runpy.run_path(str(path))[function]()


def set_up(case: Case, database: sa.Engine) -> None:
    with database.begin() as connection:
        for statement in case.headers("setup"):
            connection.exec_driver_sql(statement)
