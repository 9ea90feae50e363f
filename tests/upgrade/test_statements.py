"""What a DDL statement says it does, in each dialect's words."""

from __future__ import annotations

import pytest

from alembic_guard.facts import SchemaChange as Change
from alembic_guard.upgrade.statements import is_ddl, parse_changes

CASES = {
    "ALTER TABLE s RENAME COLUMN a TO b": [Change("rename_column", None, "s", "a", "b")],
    "ALTER TABLE s RENAME a TO b": [Change("rename_column", None, "s", "a", "b")],
    'ALTER TABLE ONLY app."S t" RENAME "a""q" TO b;': [
        Change("rename_column", "app", "S t", 'a"q', "b")
    ],
    "alter table if exists s rename to t": [Change("rename_table", None, "s", "s", "t")],
    "ALTER TABLE s RENAME AS t": [Change("rename_table", None, "s", "s", "t")],
    "RENAME TABLE a TO b, c TO d": [
        Change("rename_table", None, "a", "a", "b"),
        Change("rename_table", None, "c", "c", "d"),
    ],
    "ALTER TABLE s CHANGE `metadata` session_metadata JSON NOT NULL": [
        Change("rename_column", None, "s", "metadata", "session_metadata"),
        Change("alter_column", None, "s", "session_metadata", "session_metadata"),
    ],
    "ALTER TABLE s MODIFY a INT": [Change("alter_column", None, "s", "a", "a")],
    "ALTER TABLE s ADD COLUMN IF NOT EXISTS n numeric(10, 2), DROP COLUMN IF EXISTS o CASCADE": [
        Change("add_column", None, "s", new="n"),
        Change("drop_column", None, "s", "o"),
    ],
    "ALTER TABLE s ADD (a INT, b VARCHAR(9))": [
        Change("add_column", None, "s", new="a"),
        Change("add_column", None, "s", new="b"),
    ],
    "ALTER TABLE s ADD CONSTRAINT c CHECK (a > 0)": [
        Change("other", None, "s", detail={"statement": "add constraint"})
    ],
    "ALTER TABLE s DROP PRIMARY KEY": [
        Change("other", None, "s", detail={"statement": "drop primary"})
    ],
    "ALTER TABLE s RENAME CONSTRAINT a TO b": [Change("rename_constraint", None, "s", "a", "b")],
    "ALTER TABLE s RENAME INDEX a TO b": [Change("rename_index", None, "s", "a", "b")],
    "ALTER TABLE s ALTER COLUMN a TYPE text USING a::text": [
        Change("alter_column", None, "s", "a", "a")
    ],
    "ALTER INDEX i RENAME TO j": [Change("rename_index", None, None, "i", "j")],
    "ALTER SEQUENCE i RENAME TO j": [Change("rename_sequence", None, None, "i", "j")],
    "ALTER TYPE mood RENAME TO feeling": [
        Change("rename_enum_type", None, None, "mood", "feeling")
    ],
    "ALTER TYPE mood RENAME VALUE 'sad' TO 'it''s bad'": [
        Change("rename_enum_value", None, "mood", "sad", "it's bad")
    ],
    "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON app.s (a)": [
        Change("other", "app", "s", detail={"statement": "create index"})
    ],
    "CREATE TEMPORARY TABLE IF NOT EXISTS s (id int)": [Change("add_table", None, "s", new="s")],
    "DROP TABLE IF EXISTS a, app.b CASCADE": [
        Change("drop_table", None, "a", "a"),
        Change("drop_table", "app", "b", "b"),
    ],
    "CREATE OR REPLACE VIEW v AS SELECT 1": [
        Change("other", None, "v", detail={"statement": "create view"})
    ],
    "-- why\n/* so */ ALTER TABLE s DROP a; UPDATE s SET b = 'ALTER TABLE x DROP y'": [
        Change("drop_column", None, "s", "a")
    ],
    "DO $$ BEGIN ALTER TABLE s DROP a; END $$": [],
    "INSERT INTO s VALUES ('DROP TABLE s')": [],
}


@pytest.mark.parametrize("sql", CASES)
def test_a_statement_says_what_it_does(sql: str) -> None:
    assert parse_changes(sql) == CASES[sql]


@pytest.mark.parametrize("sql", ["ALTER", "ALTER TABLE", "DROP TABLE", "CREATE", "RENAME TABLE a"])
def test_a_broken_statement_is_no_error(sql: str) -> None:
    parse_changes(sql)


def test_postgresql_folds_names_without_quotes() -> None:
    (change,) = parse_changes('ALTER TABLE Sessions RENAME "Old" TO New', "postgresql")

    assert (change.table, change.old, change.new) == ("sessions", "Old", "new")


@pytest.mark.parametrize(
    ("sql", "expected"),
    [("  -- note\n ALTER TABLE s", True), ("SELECT 1", False), ("UPDATE a SET b = 'DROP'", False)],
)
def test_only_ddl_is_worth_parsing(sql: str, expected: bool) -> None:
    assert is_ddl(sql) is expected
