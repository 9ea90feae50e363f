"""Policy ``rename``: the migration that comes out runs up, down and up, and keeps the rows."""

from __future__ import annotations

import contextlib
import logging
import textwrap
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.operations import Operations

from alembic_guard import Settings

OPTIONS = {
    "autogenerate_plugins": ["alembic.autogenerate.*", "alembic_guard.reserved"],
    "alembic_guard": Settings(reserved="rename"),
}


def _context(connection: sa.Connection) -> MigrationContext:
    return MigrationContext.configure(connection, opts=OPTIONS)


def _upgrade(engine: sa.Engine, metadata: sa.MetaData) -> str:
    """Plan, then run what would be written: upgrade, downgrade and upgrade again."""
    with engine.connect() as connection:
        script = produce_migrations(_context(connection), metadata)
    assert script.upgrade_ops is not None
    assert script.downgrade_ops is not None
    up, down = (render_python_code(each) for each in (script.upgrade_ops, script.downgrade_ops))
    for code in (up, down, up):
        with engine.begin() as connection, Operations.context(_context(connection)) as operations:
            body = textwrap.indent(textwrap.dedent(code), "    ")
            namespace: dict[str, Any] = {"op": operations, "sa": sa}
            exec(f"def run():\n{body}\n", namespace)
            namespace["run"]()
    return up


def _columns(engine: sa.Engine, table: str) -> set[str]:
    return {item["name"] for item in sa.inspect(engine).get_columns(table)}


def _users(metadata: sa.MetaData) -> sa.Table:
    return sa.Table("users", metadata, sa.Column("id", sa.Integer, primary_key=True))


def _sessions(metadata: sa.MetaData) -> sa.Table:
    """A table whose reserved column stands in everything that can name a column."""
    values: sa.Column[int] = sa.Column("values", sa.Integer, sa.ForeignKey("users.id"))
    return sa.Table(
        "sessions",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        values,
        sa.Column("note", sa.String(20)),
        sa.UniqueConstraint("values", "note", name="uq_sessions_values"),
        sa.CheckConstraint(values > 0, name="ck_sessions_values"),
        sa.Index("ix_sessions_values", "values", "note"),
    )


def test_a_new_table_is_created_with_all_that_names_the_column(engine: sa.Engine) -> None:
    metadata = sa.MetaData()
    _users(metadata)
    _sessions(metadata)
    _upgrade(engine, metadata)
    inspector = sa.inspect(engine)

    assert _columns(engine, "sessions") == {"id", "session_values", "note"}
    (index,) = [
        item for item in inspector.get_indexes("sessions") if item["name"] == "ix_sessions_values"
    ]
    assert index["column_names"] == ["session_values", "note"]
    (unique,) = inspector.get_unique_constraints("sessions")
    assert unique["column_names"] == ["session_values", "note"]
    (foreign_key,) = inspector.get_foreign_keys("sessions")
    assert foreign_key["constrained_columns"] == ["session_values"]


def test_an_added_column_takes_its_index_along(engine: sa.Engine) -> None:
    before = sa.MetaData()
    sa.Table("sessions", before, sa.Column("id", sa.Integer, primary_key=True))
    before.create_all(engine)
    metadata = sa.MetaData()
    sa.Table(
        "sessions",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("values", sa.Integer, index=True),
    )
    _upgrade(engine, metadata)

    assert _columns(engine, "sessions") == {"id", "session_values"}
    assert any(
        item["column_names"] == ["session_values"]
        for item in sa.inspect(engine).get_indexes("sessions")
    )


def test_an_existing_column_is_renamed_with_its_rows(engine: sa.Engine) -> None:
    metadata = sa.MetaData()
    users, sessions = _users(metadata), _sessions(metadata)
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(users.insert(), {"id": 7})
        connection.execute(sessions.insert(), [{"id": 1, "values": 7, "note": "kept"}])
    text = _upgrade(engine, metadata)

    assert 'op.rename_column("sessions", "values", "session_values")' in text.replace("'", '"')
    with engine.connect() as connection:
        row = connection.execute(sa.text("SELECT id, session_values, note FROM sessions")).one()
    assert tuple(row) == (1, 7, "kept")


@contextlib.contextmanager
def memory() -> Iterator[sa.Connection]:
    """A connection to an empty SQLite database, closed with its pool."""
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        (sa.CheckConstraint("values > 0"), "SQL text of the table names it"),
        (sa.Index("ix_some", "note", sqlite_where=sa.text("values > 1")),
         "SQL text of the table names it"),
    ],
    ids=["check", "index"],
)  # fmt: skip
def test_what_sql_text_names_is_only_warned_of(
    extra: sa.SchemaItem, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    metadata = sa.MetaData()
    sa.Table("sessions", metadata, sa.Column("values", sa.String(9), primary_key=True),
             sa.Column("note", sa.Integer), extra)  # fmt: skip
    with (
        memory() as connection,
        caplog.at_level(logging.WARNING, "alembic_guard"),
    ):
        script = produce_migrations(_context(connection), metadata)

    assert reason in caplog.text
    assert script.upgrade_ops is not None
    assert "session_values" not in render_python_code(script.upgrade_ops)


def test_what_a_foreign_key_points_at_is_only_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    metadata = sa.MetaData()
    sa.Table("sessions", metadata, sa.Column("values", sa.Integer, primary_key=True))
    sa.Table("notes", metadata, sa.Column("at", sa.ForeignKey("sessions.values"), primary_key=True))
    with (
        memory() as connection,
        caplog.at_level(logging.WARNING, "alembic_guard"),
    ):
        script = produce_migrations(_context(connection), metadata)

    assert "a foreign key of notes points at it" in caplog.text
    assert script.upgrade_ops is not None
    assert "session_values" not in render_python_code(script.upgrade_ops)


def test_a_new_table_takes_its_index_along(new_database: Any) -> None:
    """A table called `user` is the login in `SELECT * FROM user` on PostgreSQL."""
    engine = sa.create_engine(new_database("postgresql"), poolclass=sa.NullPool)
    metadata = sa.MetaData()
    sa.Table(
        "user",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("email", sa.String(50), index=True),
    )
    _upgrade(engine, metadata)
    inspector = sa.inspect(engine)

    assert inspector.get_table_names() == ["users"]
    assert [item["column_names"] for item in inspector.get_indexes("users")] == [["email"]]
    engine.dispose()
