"""Any table, any renames: there and back on each database, and nothing left to autogenerate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.operations import ops as alembic_ops
from alembic.runtime.migration import MigrationContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alembic_guard.operations import RenameColumnOp, RenameIndexOp, RenameTableOp
from alembic_guard.operations.ordering import order_renames
from tests.operations.catalog import catalog, rows
from tests.scenarios.round_trip import comparable, fill

TYPES: list[Any] = [
    sa.Integer(),
    sa.String(20),
    sa.Boolean(),
    sa.JSON(),
    sa.DateTime(),
    sa.Numeric(10, 2),
    sa.Enum("one", "two", name="number"),
]
NAMES = ["a", "b", "c", "d", "user", "select", "Mixed", "with space", "it's", "naïve", "x%y", "p:q"]
Columns = list[tuple[str, str, int, bool]]


@st.composite
def tables(draw: st.DrawFn) -> tuple[Columns, str]:
    """Columns as (old name, new name, number of the type, indexed), and the new table name.

    Old and new names come from one pool, so that shifts, swaps and cycles are frequent.
    """
    olds = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique_by=str.lower))
    pool = st.permutations(olds) if draw(st.booleans()) else st.permutations(NAMES)
    news = draw(pool)[: len(olds)]
    columns = [
        (old, new, draw(st.integers(0, len(TYPES) - 1)), draw(st.booleans()))
        for old, new in zip(olds, news, strict=True)
    ]
    return columns, draw(st.sampled_from(["t", "u", "T t"]))


def _metadata(table: str, columns: list[tuple[str, int, bool]]) -> sa.MetaData:
    metadata = sa.MetaData()
    made = sa.Table(table, metadata, sa.Column("id", sa.Integer, primary_key=True))
    for number, (name, kind, is_indexed) in enumerate(columns):
        made.append_column(sa.Column(name, TYPES[kind], nullable=number % 2 == 0))
        if is_indexed and not isinstance(TYPES[kind], sa.JSON):
            sa.Index(f"ix_{name}", made.c[name])
    return metadata


@pytest.fixture(name="bound")
def _bound(engine: sa.Engine) -> Iterator[sa.Connection]:
    with engine.connect() as connection:
        yield connection


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(shape=tables())
def test_generated_renames_there_and_back(bound: sa.Connection, shape: tuple[Columns, str]) -> None:
    """Rows never change; the catalog is the first one after the way back."""
    columns, new_table = shape
    before = _metadata("t", [(old, kind, indexed) for old, _, kind, indexed in columns])
    after = _metadata(new_table, [(new, kind, indexed) for _, new, kind, indexed in columns])
    context = MigrationContext.configure(bound, opts={"compare_type": True})
    op = Operations(context)
    try:
        before.create_all(bound)
        fill(bound, before.tables["t"])
        bound.commit()
        first, data = comparable(catalog(bound)), rows(bound, "t")
        steps = _steps(columns, before.tables["t"], new_table)

        for step in steps:
            op.invoke(step)

        assert rows(bound, new_table) == data
        assert compare_metadata(context, after) == []
        for step in alembic_ops.UpgradeOps(steps).reverse().ops:
            op.invoke(step)
        assert rows(bound, "t") == data
        assert comparable(catalog(bound)) == first
    finally:
        bound.rollback()
        for metadata in (before, after):
            metadata.drop_all(bound)
        bound.commit()


def _steps(columns: Columns, table: sa.Table, new_table: str) -> list[Any]:
    renames: list[Any] = [RenameColumnOp("t", old, new) for old, new, _, _ in columns if old != new]
    indexed = {str(index.name) for index in table.indexes}
    renames += [
        RenameIndexOp("t", f"ix_{old}", f"ix_{new}")
        for old, new, _, _ in columns
        if old != new and f"ix_{old}" in indexed
    ]
    if new_table != "t":
        renames.append(RenameTableOp("t", new_table))
    return order_renames(renames)
