"""What is said of a report in one line."""

from __future__ import annotations

from alembic_guard.live.comparison import Difference, ModelTable
from alembic_guard.live.report import SchemaReport

SESSIONS = ModelTable(None, "sessions", ())
ADDED = Difference("new_column", SESSIONS, database_name="note", bridge="add")
RENAMED = Difference("renamed_column", SESSIONS, "metadata", "session_metadata", bridge="rename")
MISSING = Difference("missing_column", SESSIONS, "kind")


def test_the_brief_names_the_first_difference_that_is_not_bridged() -> None:
    report = SchemaReport("drifted", "db", differences=(ADDED, RENAMED, MISSING))

    assert report.brief() == "sessions.kind is not in the database and 1 more"


def test_columns_that_only_the_database_has_are_not_worth_a_brief() -> None:
    report = SchemaReport("degraded", "db", differences=(ADDED, RENAMED))

    assert report.brief() == "sessions.metadata is called session_metadata in the database"


def test_another_database_is_the_brief_whatever_differs() -> None:
    report = SchemaReport("wrong_database", "db", differences=(MISSING,), message="another one")

    assert report.brief() == "another one"


def test_nothing_is_brief_where_all_is_well() -> None:
    assert SchemaReport("current", "db", message="agree").brief() == ""
