"""Predicted locks and rewrites equal what PostgreSQL holds, statement by statement."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from alembic_guard.review import statements as st
from alembic_guard.review.effects import apply
from alembic_guard.review.knowledge.locks import locks
from alembic_guard.review.knowledge.rewrites import rewritten_tables
from alembic_guard.review.place import Place
from alembic_guard.review.revision import Revision
from alembic_guard.review.sources.reader import read_revisions
from alembic_guard.review.sources.sql.parse import parse_sql
from alembic_guard.review.state import Schema
from alembic_guard.review.trace.gate import MODES
from alembic_guard.review.trace.run import trace_file
from tests.review.casebook import CASES, Case, cases
from tests.review.playground import _database, _server_engine, set_up

__all__ = ["_database", "_server_engine"]

WEAK = {"ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE"}
TRACED = [
    case
    for case in cases("postgresql/bad", "postgresql/good")
    if case.path.is_file() and case.header("runs", "yes") != "no"
]


@dataclass
class Seen:
    """What one case did: locks on tables that were there before, and rewrites."""

    locks: dict[str, str]
    rewritten: set[str]


@pytest.mark.postgresql
@pytest.mark.parametrize("case", TRACED, ids=lambda case: case.id)
def test_locks_and_rewrites_are_as_predicted(case: Case, database: sa.Engine) -> None:
    set_up(case, database)
    setup = (CASES / "postgresql/schema.sql").read_text()
    known = "\n".join([setup, *(f"{text};" for text in case.headers("setup"))])
    revision = read_revisions([str(case.path)], "postgresql")[0]
    predicted = _predicted(revision, known)
    tables = _tables(known)

    measured = _measured(case.path, database, tables)

    assert predicted == measured


def _predicted(revision: Revision, known: str) -> Seen:
    schema = _schema(known)
    tables = _tables(known)
    place = Place("postgresql", (15,), revision, "upgrade", revision.upgrade, schema, Schema())
    seen = Seen({}, set())
    for index, statement in enumerate(revision.upgrade):
        place.index = index
        _strengthen(seen, locks(statement, place), tables)
        seen.rewritten.update(t for t in rewritten_tables(statement, place) if t in tables)
        apply(statement, schema, place.key)
    return seen


def _measured(path: Path, engine: sa.Engine, tables: set[str]) -> Seen:
    seen = Seen({}, set())
    for traced in trace_file(engine, str(path)):
        _strengthen(seen, traced.locks, tables)
        seen.rewritten.update(table for table in traced.rewritten if table in tables)
    return seen


def _strengthen(seen: Seen, found: Iterable[tuple[str, str]], tables: set[str]) -> None:
    """Keep the strongest lock on each table that was there before."""
    for table, mode in found:
        if table in tables and mode not in WEAK:
            held = seen.locks.get(table, MODES[0])
            seen.locks[table] = max(held, mode, key=MODES.index)


def _schema(text: str) -> Schema:
    schema = Schema()
    for statement in parse_sql(text, lambda start, end: st.Origin("schema.sql", 1)):
        apply(statement, schema, "before")
    return schema


def _tables(text: str) -> set[str]:
    return {table.name for table in _schema(text).tables()}


AUTOCOMMIT = [
    "CREATE INDEX CONCURRENTLY ix_traced ON orders (reference)",
    "CREATE INDEX ix_traced ON orders (reference)",
    "DROP INDEX CONCURRENTLY ix_orders_status",
    "DROP INDEX ix_orders_status",
    "REINDEX INDEX CONCURRENTLY ix_orders_status",
    "REINDEX TABLE CONCURRENTLY orders",
    "REINDEX TABLE orders",
    "VACUUM orders",
    "VACUUM FULL orders",
    "ANALYZE orders",
    "ALTER TABLE measurements DETACH PARTITION measurements_2024 CONCURRENTLY",
    "ALTER TABLE orders ADD CONSTRAINT ck CHECK (quantity > 0) NOT VALID",
    "ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers",
    "ALTER TABLE orders ALTER COLUMN amount TYPE bigint",
    "TRUNCATE orders",
    "ALTER TYPE order_status ADD VALUE 'sent'",
    "DROP TABLE old_reports",
    "LOCK TABLE orders IN SHARE MODE",
]


def _autocommitted(tmp_path: Path, statement: str) -> Path:
    path = tmp_path / "a1.py"
    path.write_text(
        '"""Outside of the transaction."""\nfrom alembic import op\nrevision = "a1"\ndown_revision = None\n\n\n'
        "def upgrade():\n    with op.get_context().autocommit_block():\n"
        f'        op.execute("{statement}")\n\n\ndef downgrade():\n    pass\n'
    )
    return path


@pytest.mark.postgresql
@pytest.mark.parametrize("statement", AUTOCOMMIT)
def test_locks_in_autocommit_mode_are_as_predicted(
    statement: str, database: sa.Engine, tmp_path: Path
) -> None:
    """They are over when the statement returns, so it is made to wait for each of them."""
    known = (CASES / "postgresql/schema.sql").read_text()
    path = _autocommitted(tmp_path, statement)
    predicted = _predicted(read_revisions([str(path)], "postgresql")[0], known)

    if statement.startswith("LOCK"):
        with pytest.raises(sa.exc.DBAPIError, match="transaction block"):
            trace_file(database, str(path))
    else:
        assert predicted == _measured(path, database, _tables(known))
    assert [t.name for t in threading.enumerate() if t.name.startswith("guard-trace")] == []


@pytest.mark.postgresql
def test_trace_leaves_the_database_alone(new_database: Callable[..., URL], tmp_path: Path) -> None:
    from alembic_guard.review.history import build_history
    from alembic_guard.review.trace import trace_revisions

    url = new_database("postgresql")
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE orders (id integer PRIMARY KEY, total integer)")
    path = tmp_path / "a1.py"
    path.write_text(
        '"""grow"""\nimport sqlalchemy as sa\nfrom alembic import op\nrevision = "a1"\ndown_revision = None\n\n\n'
        'def upgrade():\n    op.alter_column("orders", "total", type_=sa.BigInteger())\n\n\ndef downgrade():\n    pass\n'
    )
    history = build_history(read_revisions([str(path)], "postgresql"), whole=False)

    traced = trace_revisions(url, history, [str(path)])

    assert [(t.line, t.locks, t.rewritten) for t in traced] == [
        (9, (("orders", "ACCESS EXCLUSIVE"),), ("orders",))
    ]
    with engine.connect() as connection:
        kind = connection.execute(
            sa.text("SELECT data_type FROM information_schema.columns WHERE column_name = 'total'")
        ).scalar()
    engine.dispose()
    assert kind == "integer"
