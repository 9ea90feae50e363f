"""Fixes and comments for dependents find their place in an upgrade."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.operations import Operations
from alembic.operations import ops as alembic_ops

from alembic_guard.operations import FixDependentOp, RenameColumnOp
from alembic_guard.operations.dependents.attaching import attach_dependents


def _script(*renames: alembic_ops.MigrateOperation) -> alembic_ops.UpgradeOps:
    add = alembic_ops.AddColumnOp("t", sa.Column("fresh", sa.Integer))
    return alembic_ops.UpgradeOps([*renames, alembic_ops.ModifyTableOps("t", [add])])


@pytest.fixture(name="view")
def _view(connection: sa.Connection) -> sa.Connection:
    connection.exec_driver_sql("CREATE TABLE t (id integer, x integer)")
    connection.exec_driver_sql("CREATE VIEW v AS SELECT x FROM t")
    return connection


@pytest.mark.postgresql
@pytest.mark.parametrize("kind", ["postgresql"])
def test_a_certain_fix_runs_after_the_rename_in_both_directions(
    view: sa.Connection, op: Operations
) -> None:
    """Going down the list runs backwards, so the way back stands before the rename."""
    upgrade = _script(RenameColumnOp("t", "x", "y"))

    (found,) = attach_dependents(upgrade, view)

    kinds = [type(item).__name__ for item in upgrade.ops]
    assert kinds == ["FixDependentOp", "RenameColumnOp", "FixDependentOp", "ModifyTableOps"]
    assert [item.sql for item in upgrade.ops if isinstance(item, FixDependentOp)] == [
        "",
        found.statement,
    ]
    down = [item for item in upgrade.reverse().ops if not isinstance(item, alembic_ops.OpContainer)]
    assert [getattr(item, "sql", "rename") for item in down] == ["", "rename", *found.undo]
    for item in (*upgrade.ops[:3], *down):
        op.invoke(item)
    assert list(view.exec_driver_sql("SELECT * FROM v").keys()) == ["x"]


@pytest.mark.postgresql
@pytest.mark.parametrize("kind", ["postgresql"])
def test_a_second_call_changes_nothing(view: sa.Connection) -> None:
    """Whoever plans the revision may call it, and so may env.py."""
    upgrade = _script(RenameColumnOp("t", "x", "y"))
    attach_dependents(upgrade, view)

    assert attach_dependents(upgrade, view) == []
    assert len(upgrade.ops) == 4


@pytest.mark.parametrize("kind", ["sqlite"])
def test_what_is_not_certain_becomes_a_comment(connection: sa.Connection) -> None:
    """With the statement that would mend it."""
    connection.exec_driver_sql("CREATE TABLE t (id integer, x integer)")
    connection.exec_driver_sql("CREATE VIEW bad AS SELECT gone FROM t")
    rename = RenameColumnOp("t", "x", "y")

    attach_dependents(_script(rename), connection)

    assert rename.notes[0].startswith("CHECK view bad: it is broken (no such column: gone)")
    assert "  DROP VIEW bad" in rename.notes[-1]


@pytest.mark.parametrize("kind", ["sqlite"])
def test_without_renames_the_catalog_is_not_read(connection: sa.Connection) -> None:
    """An ordinary revision costs nothing."""
    read: list[str] = []
    sa.event.listen(
        connection, "before_cursor_execute", lambda *arguments: read.append(arguments[2])
    )

    assert attach_dependents(_script(), connection) == []
    assert read == []
