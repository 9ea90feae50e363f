"""The order of renames: chains from their end, swaps through a temporary name, both ways."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.operations import ops as alembic_ops
from hypothesis import given
from hypothesis import strategies as st

from alembic_guard.operations import (
    MoveTableOp,
    RenameColumnOp,
    RenameEnumTypeOp,
    RenameEnumValueOp,
    RenameIndexOp,
    RenameTableOp,
)
from alembic_guard.operations.ordering import order_renames

SWAP = "alembic_guard_swap_1"


def _columns(*pairs: tuple[str, str]) -> list[RenameColumnOp]:
    return [RenameColumnOp("t", old, new) for old, new in pairs]


def _pairs(ops: list[alembic_ops.MigrateOperation]) -> list[tuple[str, str]]:
    return [(op.old_name, op.new_name) for op in ops]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("given_pairs", "expected"),
    [
        pytest.param([("a", "b")], [("a", "b")], id="one"),
        pytest.param([("a", "b"), ("b", "c")], [("b", "c"), ("a", "b")], id="shift"),
        pytest.param([("b", "c"), ("a", "b")], [("b", "c"), ("a", "b")], id="shift in order"),
        pytest.param([("a", "b"), ("b", "a")], [("a", SWAP), ("b", "a"), (SWAP, "b")], id="swap"),
        pytest.param(
            [("a", "b"), ("b", "c"), ("c", "a")],
            [("a", SWAP), ("c", "a"), ("b", "c"), (SWAP, "b")],
            id="cycle of three",
        ),
        pytest.param([("a", "A")], [("a", "A")], id="case only"),
        pytest.param([("a", "B"), ("b", "c")], [("b", "c"), ("a", "B")], id="shift over case"),
    ],
)
def test_columns_run_when_their_new_name_is_free(
    given_pairs: list[tuple[str, str]], expected: list[tuple[str, str]]
) -> None:
    """Each step finds its old name and a free new one."""
    assert _pairs(order_renames(_columns(*given_pairs))) == expected


@given(st.permutations(range(7)), st.integers(0, 6))
def test_any_set_of_renames_ends_with_the_names_it_asks_for(names: list[int], fresh: int) -> None:
    """Replaying the steps on real names never hits a taken one, forwards and backwards."""
    pairs = [(f"c{old}", f"c{new}") for old, new in enumerate(names) if old != new]
    pairs = [(old, "fresh" if old == f"c{fresh}" else new) for old, new in pairs]
    steps = order_renames(_columns(*pairs))
    start = {f"c{number}": number for number in range(7)}

    after = _replayed(start, _pairs(steps))

    assert {old: after[new] for old, new in pairs} == {old: start[old] for old, _ in pairs}
    back = [(op.old_name, op.new_name) for op in alembic_ops.UpgradeOps(steps).reverse().ops]
    assert _replayed(after, back) == start


def _replayed(columns: dict[str, int], steps: list[tuple[str, str]]) -> dict[str, int]:
    columns = dict(columns)
    for old, new in steps:
        assert new not in columns, f"{new} is taken"
        columns[new] = columns.pop(old)
    return columns


def test_columns_of_a_renamed_table_are_renamed_under_its_new_name() -> None:
    """The table comes first, and the reverse list starts with the column."""
    ops = order_renames([RenameColumnOp("old_t", "a", "b"), RenameTableOp("old_t", "new_t")])

    assert [op.to_diff_tuple() for op in ops] == [
        ("rename_table", None, "old_t", "new_t"),
        ("rename_column", None, "new_t", "a", "b"),
    ]


def test_swapped_tables_keep_their_own_column_renames() -> None:
    """A rename names its table as it was before, so a swap does not mix the columns up."""
    ops = order_renames(
        [
            RenameTableOp("t", "u"),
            RenameTableOp("u", "t"),
            RenameColumnOp("t", "a", "b"),
            RenameIndexOp("u", "ix_u", "ix_t"),
        ]
    )

    assert [op.to_diff_tuple() for op in ops] == [
        ("rename_table", None, "t", SWAP),
        ("rename_table", None, "u", "t"),
        ("rename_table", None, SWAP, "u"),
        ("rename_column", None, "u", "a", "b"),
        ("rename_index", None, "t", "ix_u", "ix_t"),
    ]


def test_values_are_renamed_in_the_renamed_type() -> None:
    """The type comes first, whatever the order they were planned in."""
    ops = order_renames(
        [RenameEnumValueOp("state", "shut", "closed"), RenameEnumTypeOp("state", "door")]
    )

    assert [op.to_diff_tuple() for op in ops] == [
        ("rename_enum_type", None, "", "state", "door"),
        ("rename_enum_value", None, "door", "shut", "closed"),
    ]


def test_a_table_that_moves_and_is_renamed_moves_first() -> None:
    """The rename happens in the new schema, and so do the columns."""
    ops = order_renames(
        [
            RenameTableOp("t", "u", schema="one"),
            MoveTableOp("t", "one", "two"),
            RenameColumnOp("t", "a", "b", schema="one"),
        ]
    )

    assert [op.to_diff_tuple() for op in ops] == [
        ("move_table", None, "t", "one", "two"),
        ("rename_table", "two", "t", "u"),
        ("rename_column", "two", "u", "a", "b"),
    ]


def test_what_is_dropped_goes_first_and_what_is_added_last() -> None:
    """A column may take the name of a dropped one, and leave its own to an added one."""
    table = sa.Table("t", sa.MetaData(), sa.Column("b", sa.Integer), sa.Column("a", sa.Integer))
    index = sa.Index("ix_old", table.c.a)
    modify = alembic_ops.ModifyTableOps(
        "t",
        [
            alembic_ops.AddColumnOp("t", sa.Column("a", sa.Text)),
            RenameColumnOp("t", "a", "b"),
            alembic_ops.AlterColumnOp("t", "b", modify_nullable=False),
            alembic_ops.DropColumnOp.from_column_and_tablename(None, "t", table.c.b),
            alembic_ops.DropIndexOp.from_index(index),
        ],
    )

    ops = order_renames([modify])

    first, rename, last = ops
    assert isinstance(first, alembic_ops.ModifyTableOps)
    assert [type(op).__name__ for op in first.ops] == ["DropColumnOp", "DropIndexOp"]
    assert rename == RenameColumnOp("t", "a", "b")
    assert isinstance(last, alembic_ops.ModifyTableOps)
    assert [type(op).__name__ for op in last.ops] == ["AddColumnOp", "AlterColumnOp"]


def test_an_index_that_is_created_again_by_its_new_columns_is_dropped_after_the_rename() -> None:
    """Backwards it is created while the column still has the new name."""
    table = sa.Table("t", sa.MetaData(), sa.Column("b", sa.Integer))
    drop = alembic_ops.DropIndexOp.from_index(sa.Index("ix_old", table.c.b))

    ops = order_renames([alembic_ops.ModifyTableOps("t", [drop]), *_columns(("a", "b"))])

    assert [type(op).__name__ for op in ops] == ["RenameColumnOp", "ModifyTableOps"]


def test_without_renames_nothing_moves() -> None:
    """Alembic's own order stays as it is."""
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer))
    add = alembic_ops.AddColumnOp("t", sa.Column("z", sa.Text))
    drop = alembic_ops.DropColumnOp.from_column_and_tablename(None, "t", table.c.a)

    (only,) = order_renames([alembic_ops.ModifyTableOps("t", [add, drop])])

    assert isinstance(only, alembic_ops.ModifyTableOps)
    assert only.ops == [add, drop]


def test_a_thousand_chained_renames_are_ordered_at_once() -> None:
    """The order is found in one walk, not by trying."""
    steps = order_renames(_columns(*[(f"c{n}", f"c{n + 1}") for n in range(1000)]))

    assert _pairs(steps)[0] == ("c999", "c1000")
    assert len(steps) == 1000
