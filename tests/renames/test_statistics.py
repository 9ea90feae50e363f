"""Statistics objects follow where their names were made from what is renamed."""

from __future__ import annotations

import pytest

from alembic_guard.renames.model import NameMap
from alembic_guard.renames.statistics import StatisticsFacts, statistics_renames

NAMES = NameMap(
    {(None, "runs"): (None, "jobs")},
    {(None, "runs"): {"owner_id": "user_id", "a_b": "c", "c": "renamed"}},
)
CASES = {
    "a table": ("runs_x_stat", ("x",), "jobs_x_stat"),
    "columns in any order": ("runs_x_owner_id_stat", ("owner_id", "x"), "jobs_x_user_id_stat"),
    "a column that is another's start": ("runs_a_a_b_stat", ("a", "a_b"), "jobs_a_c_stat"),
    "an expression": ("runs_expr_owner_id_stat", ("owner_id",), "jobs_expr_user_id_stat"),
    "a prefix, and one of its columns": ("st_owner_id", ("owner_id", "x"), "st_user_id"),
    "a word of its own": ("runs_speed_stat", ("x",), None),
    "a column of no concern": ("runs_owner_id_stat", ("x",), None),
    "nothing renamed": ("stat_x", ("x",), None),
    "a name that would be too long": (f"c_{'x' * 60}", ("x" * 60, "c"), None),
}


@pytest.mark.parametrize(("name", "columns", "new"), CASES.values(), ids=CASES.keys())
def test_a_name_made_from_the_table_follows(
    name: str, columns: tuple[str, ...], new: str | None
) -> None:
    found = statistics_renames([StatisticsFacts(name, (None, "runs"), columns)], NAMES)

    assert [(item.kind, item.old, item.new) for item in found] == (
        [("statistics", name, new)] if new else []
    )
