"""Indexes, constraints, tables, sequences, enums: a new name and nothing else."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.operations import Operations

from alembic_guard.errors import NameMissing, NameTaken, NameTooLong, RenameRefused
from alembic_guard.operations import RenameIndexOp
from alembic_guard.operations.dialects.mysql import MySQLRenamer
from tests.operations.catalog import catalog, rows
from tests.operations.test_columns import TABLES, create

INDEXES = {
    "postgresql": ("ix_t_x", "ix_part", "ix_expr"),
    "sqlite": ("ix_t_x", "ix_part", "ix_expr"),
    "mariadb": ("ix_t_x", "uq_t_x", "ft"),
    "mysql": ("ix_t_x", "uq_t_x", "ft", "ix_expr"),
}
CONSTRAINTS = {
    "postgresql": (("t", "ck_named"), ("t", "uq_t_x"), ("t", "t_pkey"), ("c", "c_tx_fkey")),
    "sqlite": (("t", "ck_named"), ("t", "uq_t_x")),
    "mariadb": (("t", "ck_named"), ("t", "uq_t_x"), ("c", "fk_c")),
    "mysql": (("t", "ck_named"), ("t", "ck_off"), ("t", "uq_t_x"), ("c", "fk_c")),
}
NAMES = ["renamed", "we\"ir`d's %:x"]


@pytest.mark.parametrize("new", NAMES)
def test_index_there_and_back(
    connection: sa.Connection, op: Operations, kind: str, new: str
) -> None:
    """Partial, expression, descending, prefix and full-text indexes keep their definition."""
    create(connection, TABLES[kind])
    before = catalog(connection)
    for index in INDEXES[kind]:
        op.rename_index("t", index, new)

        assert new in _index_names(connection)
        assert index not in _index_names(connection)
        op.rename_index("t", new, index)
        assert _plain(catalog(connection)) == _plain(before)


def _index_names(connection: sa.Connection) -> set[str]:
    queries = {
        "postgresql": "SELECT indexname FROM pg_indexes WHERE tablename = 't'",
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index'",
        "mysql": "SELECT index_name FROM information_schema.statistics "
        "WHERE table_schema = database() AND table_name = 't'",
    }
    return {row[0] for row in connection.exec_driver_sql(queries[connection.dialect.name])}


def _plain(found: dict[str, str]) -> dict[str, str]:
    return {name: (sql or "").replace('"', "") for name, sql in found.items()}


@pytest.mark.parametrize("new", NAMES)
def test_constraint_there_and_back(
    connection: sa.Connection, op: Operations, kind: str, new: str
) -> None:
    """Definitions, rows and the index behind a foreign key stay."""
    create(connection, TABLES[kind])
    before, data = catalog(connection), rows(connection, "t")
    for table, constraint in CONSTRAINTS[kind]:
        op.rename_constraint(table, constraint, new)

        assert _plain(catalog(connection)) != _plain(before)
        op.rename_constraint(table, new, constraint)
        assert _plain(catalog(connection)) == _plain(before)
        assert rows(connection, "t") == data


@pytest.mark.parametrize("kind", ["sqlite"])
def test_sqlite_constraint_is_still_enforced_and_only_its_name_is_edited(
    engine: sa.Engine, connection: sa.Connection, op: Operations
) -> None:
    """Words like it in strings, comments and other constraints are left alone."""
    script = (
        "CREATE TABLE t (id integer PRIMARY KEY, x text DEFAULT 'CONSTRAINT ck' "
        "CONSTRAINT ck CHECK (x <> 'ck') /* CONSTRAINT ck */, "
        "CONSTRAINT ck_2 CHECK (x <> 'CONSTRAINT ck'));; INSERT INTO t (x) VALUES ('a')"
    )
    create(connection, script)

    op.rename_constraint("t", "ck", "ck_new")
    connection.commit()

    stored = catalog(connection)["table t"]
    assert stored == script.split(";;")[0].replace("CONSTRAINT ck CHECK", "CONSTRAINT ck_new CHECK")
    with engine.connect() as other:
        assert other.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        with pytest.raises(sa.exc.IntegrityError, match="ck_new"):
            other.exec_driver_sql("INSERT INTO t (x) VALUES ('ck')")
    assert connection.exec_driver_sql("PRAGMA writable_schema").scalar() == 0


@pytest.mark.parametrize("kind", ["sqlite"])
def test_sqlite_objects_of_an_attached_database(connection: sa.Connection, op: Operations) -> None:
    """The schema stands before the index, not before the table."""
    create(
        connection,
        "ATTACH ':memory:' AS aux;; CREATE TABLE aux.t (x, CONSTRAINT ck CHECK (x > 0));; "
        "create unique index aux.ix on t (x) where x > 5",
    )

    op.rename_index("t", "ix", "ix new", schema="aux")
    op.rename_constraint("t", "ck", "ck new", schema="aux")

    found = connection.exec_driver_sql("SELECT sql FROM aux.sqlite_master").scalars().all()
    assert list(found) == [
        'CREATE TABLE t (x, CONSTRAINT "ck new" CHECK (x > 0))',
        'CREATE UNIQUE INDEX "ix new" on t (x) where x > 5',
    ]


@pytest.mark.parametrize("kind", ["sqlite"])
def test_sqlite_index_is_still_there_when_it_cannot_be_created_again(
    connection: sa.Connection, op: Operations
) -> None:
    """Drop and create happen both or not at all."""
    create(connection, "CREATE TABLE t (x);; CREATE INDEX ix ON t (x)")
    before = catalog(connection)

    with pytest.raises(sa.exc.OperationalError):
        op.rename_index("t", "ix", "sqlite_reserved")

    assert catalog(connection) == before


@pytest.mark.mariadb
@pytest.mark.parametrize("kind", ["mariadb"])
def test_an_index_is_dropped_and_added_on_old_servers(
    connection: sa.Connection, op: Operations, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MariaDB before 10.5.2 has no RENAME INDEX."""
    create(connection, TABLES["mariadb"])
    before = catalog(connection)
    monkeypatch.setattr(MySQLRenamer, "_is_at_least", lambda *_, **__: False)
    renamer = MySQLRenamer(op.impl)
    for index in ("ix_t_x", "ft"):
        rename = RenameIndexOp("t", index, "renamed")

        renamer.rename(rename)
        assert "renamed" in _index_names(connection)

        renamer.rename(rename.reverse())
        assert catalog(connection) == before


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda op: op.rename_index("t", "ix_t_x", "ix_other"), NameTaken),
        (lambda op: op.rename_constraint("t", "ck_named", "uq_t_x"), RenameRefused),
        (lambda op: op.rename_constraint("t", "gone", "other"), NameMissing),
        (lambda op: op.rename_table("t", "c"), NameTaken),
        (lambda op: op.rename_table("t", "x" * 65), NameTooLong),
        (lambda op: op.rename_index("t", "ix_t_x", "x" * 65), NameTooLong),
    ],
    ids=["index", "constraint", "missing constraint", "table", "long table", "long index"],
)
def test_what_cannot_work_is_refused(
    connection: sa.Connection,
    op: Operations,
    kind: str,
    call: object,
    error: type[Exception],
) -> None:
    """By us with the names, or by the server, which then has changed nothing."""
    create(connection, TABLES[kind] + ";; CREATE INDEX ix_other ON t (id)")
    before = catalog(connection)
    if error is NameTooLong and kind == "sqlite":
        pytest.skip("SQLite has no limit")
    if error is RenameRefused and kind == "mysql":
        pytest.skip("a check and an index may have the same name")

    with pytest.raises((error, sa.exc.DBAPIError)):
        call(op)  # type: ignore[operator]

    connection.rollback()
    assert catalog(connection) == before


@pytest.mark.parametrize("new", ["u", "T", "we\"ir`d's %:x"])
def test_table_there_and_back(
    connection: sa.Connection, op: Operations, kind: str, new: str
) -> None:
    """Foreign keys of others, views and triggers of SQLite and PostgreSQL follow."""
    create(connection, TABLES[kind])
    if kind == "sqlite":
        connection.exec_driver_sql("PRAGMA legacy_alter_table = ON")
    before, data = catalog(connection), rows(connection, "t")

    op.rename_table("t", new)

    assert rows(connection, new) == data
    op.rename_table(new, "t")
    assert _plain(catalog(connection)) == _plain(before)


@pytest.mark.parametrize("kind", ["postgresql"])
@pytest.mark.postgresql
class TestPostgreSQL:
    """What only PostgreSQL has."""

    def test_sequence_enum_and_statistics(self, connection: sa.Connection, op: Operations) -> None:
        """Defaults, columns and rows follow."""
        create(connection, TABLES["postgresql"])
        before, data = catalog(connection), rows(connection, "t")

        op.rename_sequence("t_id_seq", "t 'id' seq")
        op.rename_enum_type("mood", "feeling")
        op.rename_enum_value("feeling", "a", "it's %:a")
        op.rename_statistics("st_x", "st_y")

        found = catalog(connection)
        assert found["enum feeling"] == "it's %:a,b"
        assert "nextval('\"t ''id'' seq\"'::regclass)" in found["column t.id"]
        assert {row[5] for row in rows(connection, "t")} == {"it's %:a"}
        op.rename_statistics("st_y", "st_x")
        op.rename_enum_value("feeling", "it's %:a", "a")
        op.rename_enum_type("feeling", "mood")
        op.rename_sequence("t 'id' seq", "t_id_seq")
        assert (catalog(connection), rows(connection, "t")) == (before, data)

    def test_table_moves_to_another_schema_and_back(
        self, connection: sa.Connection, op: Operations
    ) -> None:
        """Its indexes and its own sequence move along."""
        create(connection, TABLES["postgresql"] + ";; CREATE SCHEMA other")
        before = catalog(connection)

        op.move_table("t", "public", "other")

        assert connection.exec_driver_sql("SELECT count(*) FROM other.t").scalar() == 2
        op.move_table("t", "other", "public")
        assert catalog(connection) == before

    def test_an_index_of_the_same_name_in_another_schema_is_not_in_the_way(
        self, connection: sa.Connection, op: Operations
    ) -> None:
        """Names are taken per schema, whatever the search path."""
        create(
            connection,
            "CREATE SCHEMA s;; CREATE TABLE s.t (x int);; CREATE INDEX ix ON s.t (x);; "
            "CREATE TABLE t (x int);; CREATE INDEX ix_new ON t (x)",
        )

        op.rename_index("t", "ix", "ix_new", schema="s")

        with pytest.raises(NameMissing, match="stamp"):
            op.rename_index("t", "ix", "ix_new", schema="s")


@pytest.mark.parametrize("kind", ["mariadb"])
@pytest.mark.mariadb
def test_mariadb_sequence_is_renamed(connection: sa.Connection, op: Operations) -> None:
    """It is a kind of table there."""
    create(connection, "CREATE SEQUENCE a START WITH 5")

    op.rename_sequence("a", "b")

    assert connection.exec_driver_sql("SELECT nextval(b)").scalar() == 5


@pytest.mark.parametrize("kind", ["sqlite", "mariadb", "mysql"])
def test_enum_types_without_names_stay_and_values_are_refused(op: Operations) -> None:
    """A revision for several databases may rename the type; rows are never left behind."""
    op.rename_enum_type("mood", "feeling")
    op.rename_statistics("a", "b")

    with pytest.raises(RenameRefused, match="update its rows"):
        op.rename_enum_value("mood", "a", "b")
