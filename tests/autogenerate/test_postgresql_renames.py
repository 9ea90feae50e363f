"""Renames only PostgreSQL has: enum types and values, sequences, schemas."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from alembic_guard import UnresolvedRenames, renamed_from
from tests.autogenerate.planning import apply, diffs, kinds, planned

pytestmark = pytest.mark.postgresql


@pytest.fixture(name="connection")
def _connection(new_database: Callable[[str], URL]) -> Iterator[sa.Connection]:
    """A connection to an empty database."""
    engine = sa.create_engine(new_database("postgresql"), poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _runs(table: str, key: str, enum: str, *values: str, schema: str | None = None) -> sa.MetaData:
    metadata = sa.MetaData()
    sa.Table(
        table,
        metadata,
        sa.Column(key, sa.Integer, primary_key=True),
        sa.Column("state", sa.Enum(*values, name=enum)),
        sa.Column("started", sa.DateTime),
        sa.Column("owner", sa.String(40)),
        schema=schema,
    )
    return metadata


def _create(connection: sa.Connection, metadata: sa.MetaData) -> None:
    metadata.create_all(connection)
    connection.commit()


def test_a_serial_column_keeps_its_sequence_and_shows_no_default(
    connection: sa.Connection,
) -> None:
    _create(connection, _runs("runs", "id", "state", "new", "done"))
    target = _runs("crucible_runs", "run_id", "state", "new", "done")
    script = planned(connection, target)
    apply(connection, script.upgrade_ops)

    assert set(kinds(script)) <= {
        "rename_table", "rename_column", "rename_sequence", "rename_constraint",
    }  # fmt: skip
    assert sa.inspect(connection).get_sequence_names() == ["crucible_runs_run_id_seq"]
    assert diffs(planned(connection, target)) == []
    connection.execute(sa.text("INSERT INTO crucible_runs (owner) VALUES ('me')"))


def test_an_enum_type_of_the_same_values_is_renamed(connection: sa.Connection) -> None:
    _create(connection, _runs("runs", "id", "state", "new", "done"))
    target = _runs("runs", "id", "run_state", "new", "done")
    script = planned(connection, target)
    apply(connection, script.upgrade_ops)

    assert kinds(script) == ["rename_enum_type"]
    assert diffs(planned(connection, target)) == []
    apply(connection, script.downgrade_ops)
    assert diffs(planned(connection, _runs("runs", "id", "state", "new", "done"))) == []


def test_an_enum_type_of_other_values_is_not(connection: sa.Connection) -> None:
    _create(connection, _runs("runs", "id", "state", "new", "done"))
    script = planned(connection, _runs("runs", "id", "phase", "draft", "final"))

    assert "rename_enum_type" not in kinds(script)


def test_an_enum_value_that_changed_in_its_place_is_renamed(connection: sa.Connection) -> None:
    _create(connection, _runs("runs", "id", "state", "new", "in_progress", "done"))
    script = planned(connection, _runs("runs", "id", "state", "new", "progress", "done"))
    apply(connection, script.upgrade_ops)

    (enum,) = sa.inspect(connection).get_enums()
    assert kinds(script) == ["rename_enum_value"]
    assert enum["labels"] == ["new", "progress", "done"]


def test_a_table_that_moved_to_another_schema_is_moved(connection: sa.Connection) -> None:
    connection.execute(sa.text("CREATE SCHEMA audit"))
    connection.execute(sa.text("CREATE SCHEMA archive"))
    _create(connection, _runs("runs", "id", "state", "new", schema="audit"))
    target = _runs("old_runs", "id", "state", "new", schema="archive")
    script = planned(connection, target, include_schemas=True)
    apply(connection, script.upgrade_ops)

    assert {"move_table", "rename_table"} <= set(kinds(script))
    assert diffs(planned(connection, target, include_schemas=True)) == []
    apply(connection, script.downgrade_ops)
    back = _runs("runs", "id", "state", "new", schema="audit")
    assert diffs(planned(connection, back, include_schemas=True)) == []


def test_tables_of_one_name_in_two_schemas_stay_apart(connection: sa.Connection) -> None:
    def both(column: str) -> sa.MetaData:
        metadata = sa.MetaData()
        for schema, name in ((None, "owner"), ("audit", column)):
            sa.Table(
                "runs",
                metadata,
                sa.Column("id", sa.Integer, primary_key=True),
                sa.Column(name, sa.String(40)),
                schema=schema,
            )
        return metadata

    connection.execute(sa.text("CREATE SCHEMA audit"))
    _create(connection, both("owner"))
    script = planned(connection, both("owner_name"), include_schemas=True)

    assert diffs(script) == [("rename_column", "audit", "runs", "owner", "owner_name")]


def test_a_swap_is_done_when_the_command_line_says_so(connection: sa.Connection) -> None:
    """The model cannot say it: before and after look the same."""
    metadata = sa.MetaData()
    sa.Table(
        "runs",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.String(40), info=renamed_from("b")),
        sa.Column("b", sa.String(40), info=renamed_from("a")),
    )
    _create(connection, metadata)

    with pytest.raises(Exception, match="swapped"):
        planned(connection, metadata)


def test_a_foreign_key_to_another_table_is_never_followed(connection: sa.Connection) -> None:
    def build(key: str, target: str) -> sa.MetaData:
        metadata = sa.MetaData()
        for name in ("builds", "groups"):
            sa.Table(name, metadata, sa.Column("id", sa.Integer, primary_key=True))
        sa.Table(
            "packages",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column(key, sa.ForeignKey(f"{target}.id")),
        )
        return metadata

    _create(connection, build("koji_build_id", "builds"))
    with pytest.raises(UnresolvedRenames) as caught:
        planned(connection, build("koji_build_group_id", "groups"))

    assert "different tables" in caught.value.questions[0].candidates[0].evidence[0]


def _statistics(connection: sa.Connection) -> set[str]:
    names = connection.execute(sa.text("SELECT stxname FROM pg_statistic_ext"))
    return set(names.scalars())


def test_statistics_named_after_the_table_and_its_columns_follow(
    connection: sa.Connection,
) -> None:
    _create(connection, _runs("runs", "id", "state", "new"))
    for name in ("runs_owner_id_expr_stat", "runs_by_hand"):
        connection.execute(sa.text(f"CREATE STATISTICS {name} ON owner, id FROM runs"))
    connection.commit()
    script = planned(connection, _runs("crucible_runs", "run_id", "state", "new"))
    apply(connection, script.upgrade_ops)

    assert _statistics(connection) == {"crucible_runs_owner_run_id_expr_stat", "runs_by_hand"}
    apply(connection, script.downgrade_ops)
    assert _statistics(connection) == {"runs_owner_id_expr_stat", "runs_by_hand"}


def test_a_foreign_key_left_under_a_former_name_is_renamed_alone(
    connection: sa.Connection,
) -> None:
    def build(key: str | None) -> sa.MetaData:
        metadata = _runs("runs", "id", "state", "new")
        sa.Table(
            "logs",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("run_id", sa.Integer),
            sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=key),
        )
        return metadata

    _create(connection, build("messages_run_id_fkey"))

    assert diffs(planned(connection, build(None))) == []
    script = planned(connection, build("logs_run_id_fkey"), "ask")
    assert diffs(script) == [
        ("rename_constraint", None, "logs", "messages_run_id_fkey", "logs_run_id_fkey")
    ]
    apply(connection, script.upgrade_ops)
    assert diffs(planned(connection, build("logs_run_id_fkey"))) == []
