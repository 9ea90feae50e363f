"""Schemas: on the search path, translated, and one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from alembic_guard.facts import SchemaChange
from alembic_guard.live import SchemaWatcher
from alembic_guard.live.catalog import read_catalog
from tests.live.battery import Models, build_models, execute
from tests.live.stories import ensure_ledger, migrate


@pytest.fixture(name="admin")
def _admin(new_database: Callable[..., URL]) -> Iterator[sa.Engine]:
    engine = sa.create_engine(new_database("postgresql"), poolclass=sa.pool.NullPool)
    for schema in ("tenant_a", "tenant_b", "shared"):
        execute(engine, f"create schema {schema}")
    ensure_ledger(engine)
    yield engine
    engine.dispose()


def create_sessions(engine: sa.Engine, schema: str) -> None:
    execute(
        engine,
        f"create table {schema}.sessions(id serial primary key, title text, metadata text)",
        f"insert into {schema}.sessions(title, metadata) values ('{schema}', 'kept')",
    )


def rename(engine: sa.Engine, schema: str) -> int:
    change = SchemaChange("rename_column", schema, "sessions", "metadata", "session_metadata")
    sql = f"alter table {schema}.sessions rename column metadata to session_metadata"
    return migrate(engine, sql, change)


def texts(engine: sa.Engine, models: Models) -> list[tuple[str, str]]:
    with Session(engine) as session:
        return [(row.title, row.md) for row in session.scalars(sa.select(models.session))]


def test_a_table_further_down_the_search_path_is_found(admin: sa.Engine) -> None:
    create_sessions(admin, "shared")
    options = {"options": "-c search_path=tenant_a,shared,public"}
    app = sa.create_engine(admin.url, connect_args=options)
    models = build_models()
    with SchemaWatcher(app, models.base.metadata.tables["sessions"].metadata, config=False) as w:
        assert "sessions" not in {d.table.name for d in w.report.differences}  # type: ignore[union-attr]
        assert w.wait_for(rename(admin, "shared"), 10)
        assert texts(app, models) == [("shared", "kept")]
    app.dispose()


def test_the_first_of_two_tables_on_the_search_path_counts(admin: sa.Engine) -> None:
    create_sessions(admin, "tenant_a")
    execute(admin, "create table shared.sessions(other int)")
    with admin.connect() as connection:
        connection.exec_driver_sql("set search_path = tenant_a, shared")
        catalog = read_catalog(connection, [None, "shared", "tenant_b"])

    assert catalog.columns(None, "sessions") == ("id", "title", "metadata")
    assert catalog.columns("shared", "sessions") == ("other",)
    assert catalog.columns("tenant_b", "sessions") is None
    assert catalog.columns("tenant_a", "sessions") is None


def test_an_engine_for_one_tenant_is_translated(admin: sa.Engine) -> None:
    for schema in ("tenant_a", "tenant_b"):
        create_sessions(admin, schema)
    app = sa.create_engine(admin.url).execution_options(schema_translate_map={None: "tenant_a"})
    models = build_models()
    with SchemaWatcher(app, models.base, config=False) as watcher:
        assert watcher.wait_for(rename(admin, "tenant_b"), 10)
        assert texts(app, models) == [("tenant_a", "kept")]
        assert watcher.wait_for(rename(admin, "tenant_a"), 10)
        assert texts(app, models) == [("tenant_a", "kept")]
    app.dispose()


def test_two_databases_have_a_watcher_each(
    admin: sa.Engine, new_database: Callable[..., URL]
) -> None:
    """With models of their own, which are renamed apart."""
    create_sessions(admin, "public")
    other = sa.create_engine(new_database("sqlite"))
    execute(other, "create table sessions(id integer primary key, title text, metadata text)")
    execute(other, "insert into sessions(title, metadata) values ('other', 'kept')")
    ensure_ledger(other)
    app = sa.create_engine(admin.url)
    mine, theirs = build_models(), build_models()
    with (
        SchemaWatcher(app, mine.base.metadata, config=False) as one,
        SchemaWatcher(other, theirs.base.metadata, config=False) as two,
    ):
        assert one.wait_for(rename(admin, "public"), 10)
        assert texts(app, mine) == [("public", "kept")]
        assert texts(other, theirs) == [("other", "kept")]
        epoch = migrate(
            other,
            "alter table sessions rename column metadata to session_metadata",
            SchemaChange("rename_column", None, "sessions", "metadata", "session_metadata"),
        )
        assert two.wait_for(epoch, 10)
        assert texts(other, theirs) == [("other", "kept")]
    app.dispose()
    other.dispose()
