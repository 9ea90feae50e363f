"""The oracle itself holds: it parses, and a real server agrees with what it calls correct."""

from __future__ import annotations

import ast

import pytest
import sqlalchemy as sa

from tests.review.casebook import Case, cases
from tests.review.playground import _database, _server_engine, run_function, set_up

__all__ = ["_database", "_server_engine"]

POSTGRESQL_GOOD = cases("postgresql/good")
POSTGRESQL_BAD = cases("postgresql/bad")
ALL = cases(
    "postgresql/bad",
    "postgresql/good",
    "mysql/bad",
    "mysql/good",
    "sqlite/bad",
    "sqlite/good",
    "graph",
)


def _id(case: Case) -> str:
    return case.id


@pytest.mark.parametrize("case", ALL, ids=_id)
def test_case_is_python_with_both_functions(case: Case) -> None:
    for path in case.files:
        names = {
            node.name
            for node in ast.parse(path.read_text()).body
            if isinstance(node, ast.FunctionDef)
        }

        assert {"upgrade", "downgrade"} <= names


def test_correct_cases_expect_nothing() -> None:
    marked = [case.id for case in ALL if "/good/" in case.id and case.marks]

    assert marked == []


def test_hazard_cases_expect_something() -> None:
    bare = [case.id for case in ALL if "/bad/" in case.id and not case.marks]

    assert bare == []


@pytest.mark.postgresql
@pytest.mark.parametrize("case", POSTGRESQL_GOOD, ids=_id)
def test_correct_case_runs_up_down_up_on_postgresql(case: Case, database: sa.Engine) -> None:
    set_up(case, database)
    for path in case.files:
        run_function(database, path, "upgrade")
    if "NotImplementedError" not in case.files[-1].read_text():
        for path in reversed(case.files):
            run_function(database, path, "downgrade")
        for path in case.files:
            run_function(database, path, "upgrade")


@pytest.mark.postgresql
@pytest.mark.parametrize("case", POSTGRESQL_BAD, ids=_id)
def test_hazard_case_runs_or_fails_as_it_says(case: Case, database: sa.Engine) -> None:
    set_up(case, database)
    runs = case.header("runs", "yes")
    for path in case.files:
        if runs == "no":
            return
        run_function(database, path, "upgrade")
        if runs == "yes" and "NotImplementedError" not in path.read_text():
            run_function(database, path, "downgrade")
