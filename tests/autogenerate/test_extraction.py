"""Both sides of one schema give the same facts, and different schemas different ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from alembic_guard.autogenerate.expressions import normal_text
from tests.autogenerate.planning import kinds, planned

pytestmark = pytest.mark.postgresql


@pytest.fixture(name="connection")
def _connection(new_database: Callable[[str], URL]) -> Iterator[sa.Connection]:
    """A connection to an empty database."""
    engine = sa.create_engine(new_database("postgresql"), poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _jobs(*more: Callable[[sa.Table], object], **key: Any) -> sa.MetaData:
    metadata = sa.MetaData()
    sa.Table("teams", metadata, sa.Column("id", sa.Integer, primary_key=True))
    table = sa.Table(
        "jobs",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("title", sa.String(40)),
        sa.Column("team_id", sa.Integer),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], **{"name": "jobs_team_fkey", **key}),
    )
    for add in more:
        add(table)
    return metadata


ORDERS: dict[str, Callable[[sa.Table], sa.ColumnElement[object]]] = {
    "ascending": lambda table: table.c.title,
    "said to be ascending": lambda table: table.c.title.asc(),
    "descending": lambda table: table.c.title.desc(),
    "descending, NULLs last": lambda table: table.c.title.desc().nulls_last(),
    "ascending, NULLs first": lambda table: table.c.title.nulls_first(),
    "an expression": lambda table: sa.func.lower(table.c.title),
    "an expression, descending": lambda table: sa.func.lower(table.c.title).desc(),
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS.keys())
def test_an_index_in_the_same_order_is_renamed(
    connection: sa.Connection, order: Callable[[sa.Table], sa.ColumnElement[object]]
) -> None:
    _jobs(lambda table: sa.Index("ix_1", order(table))).create_all(connection)
    script = planned(connection, _jobs(lambda table: sa.Index("ix_jobs_title", order(table))))

    assert kinds(script) == ["rename_index"]


@pytest.mark.parametrize("order", list(ORDERS)[2:5])
def test_an_index_in_another_order_is_not(connection: sa.Connection, order: str) -> None:
    _jobs(lambda table: sa.Index("ix_1", ORDERS["ascending"](table))).create_all(connection)
    target = _jobs(lambda table: sa.Index("ix_jobs_title", ORDERS[order](table)))

    assert "rename_index" not in kinds(planned(connection, target))


def test_a_key_that_is_checked_at_another_time_is_not_the_same(connection: sa.Connection) -> None:
    _jobs(name="tasks_team_fkey").create_all(connection)

    same = planned(connection, _jobs(name="jobs_team_fkey"))
    other = planned(connection, _jobs(name="jobs_team_fkey", initially="DEFERRED", deferrable=True))
    assert kinds(same) == ["rename_constraint"]
    assert "rename_constraint" not in kinds(other)


SAME = {
    "brackets and casts": ("((state)::text = 'new'::text)", "state = 'new'"),
    "a type of two words": ("(x)::character varying(40) IS NULL", "x IS NULL"),
    "a time zone": ("made > '2020-01-01'::timestamp without time zone", "made>'2020-01-01'"),
    "an own type": ("(state = 'a'::auth.\"State\")", "state = 'a'"),
    "an argument": ("lower((title)::text)", "lower(title)"),
    "two sides": ("((a) + (b))", "a + b"),
}
DIFFERENT = {
    "what follows a cast": ("(a)::text IS NULL", "(a)::text IS NOT NULL"),
    "brackets that do not match": ("(a or b) and (c or d)", "a or b) and (c or d"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME.keys())
def test_expressions_that_say_the_same_are_spelt_the_same(one: str, other: str) -> None:
    assert normal_text(one) == normal_text(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT.keys())
def test_expressions_that_differ_stay_different(one: str, other: str) -> None:
    assert normal_text(one) != normal_text(other)


def test_an_index_under_the_same_condition_is_renamed(connection: sa.Connection) -> None:
    def target(name: str) -> sa.MetaData:
        return _jobs(
            lambda table: sa.Index(name, table.c.id, postgresql_where=table.c.title == "urgent"),
        )

    target("ix_1").create_all(connection)

    assert kinds(planned(connection, target("ix_urgent"))) == ["rename_index"]
