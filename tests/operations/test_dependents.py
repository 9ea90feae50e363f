"""What does not follow a rename is found, and a certain fix works, both ways."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.operations import Operations

from alembic_guard.facts import Rename
from alembic_guard.operations import RenameColumnOp, RenameTableOp
from alembic_guard.operations.dependents import Dependent, find_dependents

COLUMN = RenameColumnOp("t", "x", "y")


def _run(connection: sa.Connection, *statements: str) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement.replace("%", "%%"))


def _only(found: list[Dependent], name: str) -> Dependent:
    (dependent,) = [item for item in found if item.name.split("(")[0].split(".")[-1] == name]
    return dependent


def _view_columns(connection: sa.Connection) -> list[str]:
    return list(connection.exec_driver_sql("SELECT * FROM v").keys())


@pytest.fixture(name="tables")
def _tables(connection: sa.Connection) -> sa.Connection:
    _run(
        connection,
        "CREATE TABLE t (id integer primary key, x integer, other integer)",
        "CREATE TABLE p (id integer primary key, x integer)",
        "INSERT INTO t (id, x) VALUES (1, 5), (2, 7)",
    )
    connection.commit()
    return connection


class TestPostgreSQL:
    """Views keep their output names, bodies are text."""

    pytestmark = [pytest.mark.parametrize("kind", ["postgresql"]), pytest.mark.postgresql]

    @pytest.mark.parametrize(
        ("created", "certain"),
        [
            ("CREATE VIEW v AS SELECT id, x FROM t WHERE x > 1", True),
            ("CREATE VIEW v AS SELECT * FROM t", True),
            ("CREATE MATERIALIZED VIEW v AS SELECT t.x FROM t JOIN p USING (id)", True),
            ("CREATE VIEW v AS SELECT x + 1 AS x, id FROM t", False),
            ("CREATE VIEW v AS SELECT x FROM t UNION SELECT x FROM p", False),
            ("CREATE VIEW v AS SELECT x, id AS y FROM t", False),
        ],
    )
    def test_output_column_of_a_view(
        self, tables: sa.Connection, op: Operations, created: str, certain: bool
    ) -> None:
        """It is renamed when it is the renamed column and nothing else."""
        _run(tables, created)

        found = _only(find_dependents(tables, COLUMN), "v")

        assert found.certain is certain
        if certain:
            op.invoke(COLUMN)
            _run(tables, *found.statements)
            assert "y" in _view_columns(tables)
            op.invoke(COLUMN.reverse())
            _run(tables, *found.undo)
            assert "x" in _view_columns(tables)

    def test_a_view_on_a_view_is_found_through_it(self, tables: sa.Connection) -> None:
        """The chain is followed as far as the name is handed on."""
        _run(
            tables,
            "CREATE VIEW v AS SELECT x FROM t",
            "CREATE VIEW w AS SELECT x FROM v",
            "CREATE VIEW unrelated AS SELECT x AS z FROM t",
        )

        found = find_dependents(tables, COLUMN)

        assert [item.name for item in found] == ["v", "w"]

    @pytest.mark.parametrize(
        ("body", "certain"),
        [
            ("BEGIN RETURN (SELECT max(x) FROM t); END", True),
            (
                "BEGIN RETURN (SELECT max(a.x) FROM t AS a LEFT JOIN p AS b ON a.id = b.id); END",
                True,
            ),
            ("BEGIN RETURN (SELECT max(t.x) FROM t, p WHERE p.x > 'x'::text::int); END", False),
            ("BEGIN RETURN (SELECT max(x) FROM t, p); END", False),
            ("DECLARE x int; BEGIN SELECT max(x) INTO x FROM t; RETURN x; END", False),
            ("DECLARE m int; BEGIN SELECT max(x) INTO m FROM t; /* x */ RETURN m; END", True),
            ("DECLARE m int; BEGIN EXECUTE 'SELECT max(x) FROM t' INTO m; RETURN m; END", None),
        ],
    )
    def test_plpgsql_function(
        self, tables: sa.Connection, op: Operations, body: str, certain: bool | None
    ) -> None:
        """A certain fix makes the function work again; after the undo it still does."""
        _run(tables, f"CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $${body}$$")

        found = _only(find_dependents(tables, COLUMN), "f")

        assert found.certain is bool(certain)
        assert bool(found.statements) is (certain is not None)
        if certain:
            op.invoke(COLUMN)
            _run(tables, *found.statements)
            assert tables.exec_driver_sql("SELECT f()").scalar() == 7
            op.invoke(COLUMN.reverse())
            _run(tables, *found.undo)
            assert tables.exec_driver_sql("SELECT f()").scalar() == 7

    def test_trigger_function_uses_new(self, tables: sa.Connection, op: Operations) -> None:
        """Left alone, every INSERT would fail."""
        _run(
            tables,
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN NEW.x := coalesce(NEW.x, 1) + 1; RETURN NEW; END$$",
            "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
        )

        found = _only(find_dependents(tables, COLUMN), "f")

        assert (found.kind, found.certain) == ("trigger function", True)
        op.invoke(COLUMN)
        _run(tables, *found.statements, "INSERT INTO t (id, y) VALUES (3, 41)")
        assert tables.exec_driver_sql("SELECT y FROM t WHERE id = 3").scalar() == 42

    def test_trigger_function_of_two_tables_is_not_certain(self, tables: sa.Connection) -> None:
        """Its NEW.x is also the other table's x."""
        _run(
            tables,
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN NEW.x := (SELECT max(x) FROM t); RETURN NEW; END$$",
            "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
            "CREATE TRIGGER tr BEFORE INSERT ON p FOR EACH ROW EXECUTE FUNCTION f()",
        )

        assert not _only(find_dependents(tables, COLUMN), "f").certain

    def test_standard_body_and_strangers_are_left_out(self, tables: sa.Connection) -> None:
        """A BEGIN ATOMIC body follows by itself; a function of another table has no part in it."""
        _run(
            tables,
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT max(x) FROM t; END",
            "CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT max(x) FROM p'",
        )

        assert find_dependents(tables, COLUMN) == []

    def test_table_and_column_together_give_one_fix(
        self, tables: sa.Connection, op: Operations
    ) -> None:
        """Both names change in the same text."""
        _run(
            tables,
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT max(t.x) FROM public.t'",
        )
        renames = [RenameTableOp("t", "u"), RenameColumnOp("u", "x", "y")]

        (found,) = find_dependents(tables, *renames)

        for rename in renames:
            op.invoke(rename)
        _run(tables, *found.statements)
        assert found.certain
        assert tables.exec_driver_sql("SELECT f()").scalar() == 7


class TestMariaDB:
    """Everything with a body is text, views included."""

    pytestmark = [pytest.mark.parametrize("kind", ["mariadb", "mysql"]), pytest.mark.mariadb]

    @pytest.mark.parametrize(
        ("created", "check", "certain"),
        [
            ("CREATE VIEW v AS SELECT id, x FROM t WHERE x > 1", "SELECT max(y) FROM v", True),
            (
                "CREATE VIEW v AS SELECT a.x, b.id FROM t a LEFT JOIN p b ON a.id = b.id",
                "SELECT max(y) FROM v",
                True,
            ),
            ("CREATE VIEW v AS SELECT x AS z FROM t", "SELECT max(z) FROM v", True),
            ("CREATE FUNCTION v() RETURNS int RETURN (SELECT max(x) FROM t)", "SELECT v()", True),
            (
                "CREATE FUNCTION v(x int) RETURNS int RETURN (SELECT max(x) FROM t)",
                "SELECT v(1)",
                False,
            ),
        ],
    )
    def test_views_and_functions(
        self, tables: sa.Connection, op: Operations, created: str, check: str, certain: bool
    ) -> None:
        """The fix makes them work; the undo gives back the very definition they had."""
        _run(tables, created)
        kind = "VIEW" if "VIEW" in created else "FUNCTION"
        before = tables.exec_driver_sql(f"SHOW CREATE {kind} v").one()

        found = _only(find_dependents(tables, COLUMN), "v")

        assert found.certain is certain
        if certain:
            op.invoke(COLUMN)
            _run(tables, *found.statements)
            assert tables.exec_driver_sql(check).scalar() == 7
            op.invoke(COLUMN.reverse())
            _run(tables, *found.undo)
            assert tables.exec_driver_sql(f"SHOW CREATE {kind} v").one() == before

    def test_trigger_and_procedure(self, tables: sa.Connection, op: Operations) -> None:
        """A trigger's NEW is the row of its own table."""
        _run(
            tables,
            "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET new.x = new.x + 1",
            "CREATE PROCEDURE pr() SELECT max(x) FROM t",
        )

        found = find_dependents(tables, COLUMN)

        assert [(item.kind, item.certain) for item in found] == [
            ("trigger", True),
            ("procedure", True),
        ]
        op.invoke(COLUMN)
        for item in found:
            _run(tables, *item.statements)
        _run(tables, "INSERT INTO t (id, y) VALUES (3, 41)")
        assert tables.exec_driver_sql("CALL pr()").scalar() == 42

    def test_one_of_two_triggers_of_an_event_is_not_certain(self, tables: sa.Connection) -> None:
        """Created again, it would run last."""
        _run(
            tables,
            "CREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW SET new.x = new.x + 1",
            "CREATE TRIGGER b BEFORE INSERT ON t FOR EACH ROW SET new.other = 2",
        )

        assert [item.certain for item in find_dependents(tables, COLUMN)] == [False]

    def test_view_on_a_renamed_table(self, tables: sa.Connection, op: Operations) -> None:
        """The server does not follow the rename of a table either."""
        _run(tables, "CREATE VIEW v AS SELECT t.x FROM t JOIN p ON t.id = p.id")
        rename = RenameTableOp("t", "u")

        (found,) = find_dependents(tables, rename)

        op.invoke(rename)
        _run(tables, *found.statements)
        assert found.certain
        assert tables.exec_driver_sql("SELECT count(*) FROM v").scalar() == 0


class TestSQLite:
    """It rewrites views and triggers itself, unless one of them is broken."""

    pytestmark = pytest.mark.parametrize("kind", ["sqlite"])

    def test_broken_view_is_named_with_the_statement_that_removes_it(
        self, tables: sa.Connection, op: Operations
    ) -> None:
        """Once it is gone, the rename works."""
        _run(tables, "CREATE VIEW bad AS SELECT gone FROM t", "CREATE VIEW good AS SELECT x FROM t")

        (found,) = find_dependents(tables, COLUMN)

        assert (found.name, found.statement, found.certain) == ("bad", "DROP VIEW bad", False)
        _run(tables, *found.statements)
        op.invoke(COLUMN)
        assert tables.exec_driver_sql("SELECT max(y) FROM good").scalar() == 7

    def test_text_in_double_quotes_that_would_become_the_column(
        self, tables: sa.Connection
    ) -> None:
        """ "y" is a string while there is no column y."""
        _run(tables, 'CREATE VIEW v AS SELECT id FROM t WHERE other = "y"')

        (found,) = find_dependents(tables, COLUMN)

        assert found.name == "v"
        assert "double quotes" in found.problem


@pytest.mark.parametrize("kind", ["sqlite"])
def test_facts_and_operations_say_the_same(tables: sa.Connection) -> None:
    """A decided rename may be asked about before there is an operation."""
    _run(tables, "CREATE VIEW bad AS SELECT gone FROM t")
    fact = Rename("column", None, "t", "x", "y", "A")

    assert find_dependents(tables, fact) == find_dependents(tables, COLUMN)


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_swap_asks_for_its_net_effect(tables: sa.Connection) -> None:
    """The temporary name is nobody's."""
    _run(tables, 'CREATE VIEW v AS SELECT "tmp" AS z FROM t')
    steps = [("x", "tmp"), ("other", "x"), ("tmp", "other")]

    assert find_dependents(tables, *[RenameColumnOp("t", *step) for step in steps]) == []
