"""Hand-written SQL: rewritten by table, result names kept, doubt listed."""

from __future__ import annotations

import sqlite3

import pytest

from tests.fix.project import plan, use

sqlglot = pytest.importorskip("sqlglot")

from alembic_guard.reserved.rewrite.sql import SqlRename, rewrite_sql  # noqa: E402  after the skip

RENAME = SqlRename(frozenset({"sessions"}), "metadata", "extra")


def rewrite(text: str) -> str:
    changes = rewrite_sql(text, [RENAME])

    assert not [change for change in changes if change.reason], changes
    for change in sorted(changes, key=lambda item: (-item.start, -item.end)):
        text = text[: change.start] + change.text + text[change.end :]
    return text


REWRITTEN = [
    ("CREATE TABLE sessions (id int, metadata jsonb NOT NULL)",
     "CREATE TABLE sessions (id int, extra jsonb NOT NULL)"),
    ("CREATE TABLE sessions (id int, metadata int, UNIQUE (id, metadata), CHECK (metadata > 0))",
     "CREATE TABLE sessions (id int, extra int, UNIQUE (id, extra), CHECK (extra > 0))"),
    ("CREATE TABLE other (metadata int REFERENCES sessions (metadata))",
     "CREATE TABLE other (metadata int REFERENCES sessions (extra))"),
    ("CREATE INDEX ix ON sessions (metadata)", "CREATE INDEX ix ON sessions (extra)"),
    ("CREATE INDEX ix ON events (metadata)", "CREATE INDEX ix ON events (metadata)"),
    ("SELECT id, metadata FROM sessions", "SELECT id, extra AS metadata FROM sessions"),
    ("SELECT metadata AS m FROM sessions", "SELECT extra AS m FROM sessions"),
    ('SELECT "metadata" FROM "sessions"', 'SELECT "extra" AS "metadata" FROM "sessions"'),
    ("SELECT s.metadata, e.metadata FROM sessions s JOIN events e ON e.s = s.id",
     "SELECT s.extra AS metadata, e.metadata FROM sessions s JOIN events e ON e.s = s.id"),
    ("SELECT 1 FROM sessions WHERE metadata->>'metadata' = :metadata",
     "SELECT 1 FROM sessions WHERE extra->>'metadata' = :metadata"),
    ("SELECT metadata::text FROM sessions", "SELECT extra::text AS metadata FROM sessions"),
    ("SELECT max(metadata) FROM sessions GROUP BY metadata",
     "SELECT max(extra) FROM sessions GROUP BY extra"),
    ("INSERT INTO sessions (id, metadata) VALUES (%(id)s, %(metadata)s)",
     "INSERT INTO sessions (id, extra) VALUES (%(id)s, %(metadata)s)"),
    (("INSERT INTO sessions (metadata) VALUES (1) ON CONFLICT (metadata) DO UPDATE "
     "SET metadata = EXCLUDED.metadata RETURNING metadata"),
     ("INSERT INTO sessions (extra) VALUES (1) ON CONFLICT (extra) DO UPDATE "
     "SET extra = EXCLUDED.extra RETURNING extra AS metadata")),
    (("INSERT INTO `sessions` (`metadata`) VALUES (%s) ON DUPLICATE KEY UPDATE metadata = "
     "VALUES(metadata)"),
     "INSERT INTO `sessions` (`extra`) VALUES (%s) ON DUPLICATE KEY UPDATE extra = VALUES(extra)"),
    ("UPDATE sessions SET metadata = NULL WHERE metadata = ''",
     "UPDATE sessions SET extra = NULL WHERE extra = ''"),
    ("UPDATE sessions SET metadata = e.metadata FROM events e WHERE e.s = sessions.id",
     "UPDATE sessions SET extra = e.metadata FROM events e WHERE e.s = sessions.id"),
    ("DELETE FROM sessions WHERE metadata IS NULL", "DELETE FROM sessions WHERE extra IS NULL"),
    ("WITH x AS (SELECT metadata FROM sessions) SELECT metadata FROM x",
     "WITH x AS (SELECT extra AS metadata FROM sessions) SELECT metadata FROM x"),
    ("SELECT metadata FROM sessions UNION SELECT metadata FROM events ORDER BY metadata",
     "SELECT extra AS metadata FROM sessions UNION SELECT metadata FROM events ORDER BY metadata"),
    ("WITH sessions AS (SELECT 1 AS metadata) SELECT metadata FROM sessions",
     "WITH sessions AS (SELECT 1 AS metadata) SELECT metadata FROM sessions"),
    ("SELECT 1 AS metadata FROM sessions ORDER BY metadata",
     "SELECT 1 AS metadata FROM sessions ORDER BY metadata"),
    ("ALTER TABLE sessions ALTER COLUMN metadata SET NOT NULL",
     "ALTER TABLE sessions ALTER COLUMN extra SET NOT NULL"),
    ("COMMENT ON COLUMN sessions.metadata IS 'metadata'",
     "COMMENT ON COLUMN sessions.extra IS 'metadata'"),
    ("-- metadata\nSELECT 1 FROM sessions /* metadata */", "-- metadata\nSELECT 1 FROM sessions /* metadata */"),
    ("\\connect app\nDELETE FROM public.sessions WHERE metadata = 1;\n",
     "\\connect app\nDELETE FROM public.sessions WHERE extra = 1;\n"),
    ("CREATE VIEW v AS SELECT id, metadata FROM sessions",
     "CREATE VIEW v AS SELECT id, extra AS metadata FROM sessions"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), REWRITTEN, ids=[item[0][:60] for item in REWRITTEN])
def test_sql_is_rewritten_by_table(before: str, after: str) -> None:
    assert rewrite(before) == after


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT metadata FROM sessions s JOIN events e ON e.s = s.id",
        "SELECT 1 FROM sessions WHERE EXISTS (SELECT 1 FROM events WHERE metadata = 1)",
        "CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN new.metadata = 1; END $$ LANGUAGE plpgsql",
        "SELECT (metadata FROM sessions",
    ],
)
def test_doubtful_statements_are_only_listed(statement: str) -> None:
    changes = rewrite_sql(statement, [RENAME])

    assert changes
    assert all(change.reason for change in changes)


def test_one_doubtful_statement_leaves_the_others_alone() -> None:
    script = "DELETE FROM sessions WHERE metadata = 1;\nSELECT (metadata FROM sessions;\n"
    changes = rewrite_sql(script, [RENAME])

    assert [bool(change.reason) for change in changes] == [False, True]


def test_rewritten_sql_gives_equal_rows() -> None:
    """What the rewritten statements return is what the old ones returned, names included."""
    schema = "CREATE TABLE sessions (id integer, metadata text)"
    fill = "INSERT INTO sessions (id, metadata) VALUES (1, 'a'), (2, NULL)"
    queries = [
        "SELECT * FROM (SELECT id, metadata FROM sessions) x WHERE x.metadata IS NOT NULL",
        "SELECT metadata, count(*) FROM sessions GROUP BY metadata ORDER BY metadata",
        "SELECT s.metadata FROM sessions AS s WHERE s.metadata IN (SELECT metadata FROM sessions)",
    ]

    def rows(change: bool) -> list[object]:
        connection = sqlite3.connect(":memory:")
        for statement in (schema, fill):
            connection.execute(rewrite(statement) if change else statement)
        found: list[object] = []
        for query in queries:
            cursor = connection.execute(rewrite(query) if change else query)
            found += [[item[0] for item in cursor.description], *cursor.fetchall()]
        connection.close()
        return found

    assert rows(change=True) == rows(change=False)


def test_strings_in_python_are_sql_too() -> None:
    code = (
        'CREATE = """\n-- tables\nCREATE TABLE sessions (\n    metadata json  -- "metadata"\n);\n"""\n'
        "Q = text('SELECT metadata '\n         'FROM sessions')\n"
        'R = f"DELETE FROM sessions WHERE metadata = {Q}"\n'
        'S = "UPDATE sessions SET\\n metadata = 1"\n'
    )
    after, _ = use(code)

    assert '    session_metadata json  -- "metadata"\n' in after
    assert "'SELECT session_metadata AS metadata '\n" in after
    assert 'f"DELETE FROM sessions WHERE session_metadata = {Q}"' in after
    assert '"UPDATE sessions SET\\n session_metadata = 1"' in after


def test_prose_is_not_sql() -> None:
    code = 'x = "Select the metadata from sessions you like"\ny = "metadata FROM sessions"\n'
    after, _ = use(code)

    assert after == code


def test_a_script_of_another_table_is_left() -> None:
    script = "INSERT INTO events (metadata) VALUES ('x');\n"
    outcome = plan({"init.sql": script})

    assert "init.sql" not in outcome.changed
    assert [(item.path, item.probable) for item in outcome.listed if item.path == "init.sql"] == [
        ("init.sql", False)
    ]


def test_keeping_the_column_keeps_the_sql() -> None:
    outcome = plan(
        {"init.sql": "INSERT INTO sessions (metadata) VALUES ('x');\n"}, keep_column=True
    )

    assert list(outcome.changed) == ["app/models.py"]
