"""Whatever is renamed: upgrade, downgrade, upgrade, with rows and catalog to compare."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table
from sqlalchemy.engine import URL

from alembic_guard import Settings, renamed_from
from tests.scenarios.round_trip import ALL, Case, Models, Project, check_round_trip, comparable

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def was(*names: str) -> dict[str, object]:
    """The keyword that says what something was called before."""
    return {"info": renamed_from(*names)}


def t(*items: object, name: str = "t", **keywords: object) -> Models:
    """One table with an id; items are made anew for each metadata."""

    def make(metadata: MetaData) -> Table:
        made = [item() if callable(item) else item for item in items]
        return Table(name, metadata, Column("id", Integer, primary_key=True), *made, **keywords)

    return make


def both(*models: Models) -> Models:
    """Several tables."""

    def make(metadata: MetaData) -> list[object]:
        return [one(metadata) for one in models]

    return make


def col(
    name: str, type_: object = Integer, *rest: object, **keywords: object
) -> Callable[[], object]:
    """A column that can be made more than once."""

    def make() -> Column[object]:
        made = [item() if callable(item) else item for item in rest]
        return Column(name, type_, *made, **keywords)  # type: ignore[arg-type]

    return make


def renames(*pairs: tuple[str, str], table: str = "t") -> tuple[str, ...]:
    """The calls a revision has for these columns."""
    return tuple(f"op.rename_column('{table}', {old!r}, {new!r})" for old, new in pairs)


def of_mysql(*statements: str) -> dict[str, tuple[str, ...]]:
    """Statements that MariaDB and MySQL both know."""
    return {"mariadb": statements, "mysql": statements}


PARENT = t(col("code", String(20), unique=True), name="p")
CASES = [
    Case("plain column", t(col("a")), t(col("b", **was("a"))), renames(("a", "b"))),
    Case(
        "reserved name and what it is derived to",
        t(col("metadata", sa.JSON), name="sessions"),
        t(col("session_metadata", sa.JSON), name="sessions"),
        renames(("metadata", "session_metadata"), table="sessions"),
    ),
    Case(
        "not null with a default",
        t(col("a", String(20), nullable=False, server_default="some text")),
        t(col("b", String(20), nullable=False, server_default="some text", **was("a"))),
    ),
    Case(
        "comment",
        t(col("a", comment="it's a: 100%")),
        t(col("b", comment="it's a: 100%", **was("a"))),
        kinds=("postgresql", "mariadb", "mysql"),
    ),
    Case(
        "index and unique constraint named after the column",
        t(col("a", Integer, index=True), col("c", Integer, unique=True)),
        t(col("b", Integer, index=True, **was("a")), col("d", Integer, unique=True, **was("c"))),
        renames(("a", "b"), ("c", "d")),
        convention=CONVENTION,
    ),
    Case(
        "index named after the column",
        t(col("a", Integer, index=True)),
        t(col("b", Integer, index=True, **was("a"))),
        ("op.rename_column('t', 'a', 'b')", "op.rename_index('t', 'ix_t_a', 'ix_t_b')"),
        convention=CONVENTION,
    ),
    Case(
        "unique constraint that keeps its name",
        t(col("a"), lambda: sa.UniqueConstraint("a", name="one_a")),
        t(col("b", **was("a")), lambda: sa.UniqueConstraint("b", name="one_a")),
        renames(("a", "b")),
    ),
    Case(
        "primary key column",
        lambda m: Table("t", m, Column("code", String(20), primary_key=True), Column("n", Integer)),
        lambda m: Table(
            "t", m, Column("key", String(20), primary_key=True, **was("code")), Column("n", Integer)
        ),
        renames(("code", "key")),
    ),
    Case(
        "foreign key column",
        both(PARENT, t(col("p_id", Integer, lambda: ForeignKey("p.id")))),
        both(PARENT, t(col("parent_id", Integer, lambda: ForeignKey("p.id"), **was("p_id")))),
        renames(("p_id", "parent_id")),
    ),
    Case(
        "column that others refer to",
        both(
            t(col("code", Integer, unique=True), name="p"),
            t(col("p_code", Integer, lambda: ForeignKey("p.code", onupdate="CASCADE"))),
        ),
        both(
            t(col("key", Integer, unique=True, **was("code")), name="p"),
            t(col("p_code", Integer, lambda: ForeignKey("p.key", onupdate="CASCADE"))),
        ),
        renames(("code", "key"), table="p"),
    ),
    Case(
        "foreign key to the table itself",
        t(col("up", Integer, lambda: ForeignKey("t.id"))),
        t(col("parent", Integer, lambda: ForeignKey("t.id"), **was("up"))),
        renames(("up", "parent")),
    ),
    Case(
        "composite keys on both sides",
        both(
            lambda m: Table(
                "p",
                m,
                Column("a", Integer, primary_key=True),
                Column("b", Integer, primary_key=True),
            ),
            t(
                col("pa"),
                col("pb"),
                lambda: sa.ForeignKeyConstraint(["pa", "pb"], ["p.a", "p.b"], name="fk_p"),
            ),
        ),
        both(
            lambda m: Table(
                "p",
                m,
                Column("x", Integer, primary_key=True, **was("a")),
                Column("b", Integer, primary_key=True),
            ),
            t(
                col("px", **was("pa")),
                col("pb"),
                lambda: sa.ForeignKeyConstraint(["px", "pb"], ["p.x", "p.b"], name="fk_p"),
            ),
        ),
    ),
    Case(
        "with a change of type",
        t(col("a", String(20))),
        t(col("b", String(40), **was("a"))),
        ("op.rename_column('t', 'a', 'b')", "alter_column("),
    ),
    Case(
        "with a change of nullability",
        t(col("a", String(20))),
        t(col("b", String(20), nullable=False, **was("a"))),
        ("op.rename_column('t', 'a', 'b')", "nullable=False"),
    ),
    Case(
        "with a change of default",
        t(col("a", String(20), server_default="old")),
        t(col("b", String(20), server_default="new", **was("a"))),
        ("op.rename_column('t', 'a', 'b')", "server_default='new'"),
    ),
    Case(
        "with a change of comment",
        t(col("a", comment="old")),
        t(col("b", comment="new", **was("a"))),
        ("op.rename_column('t', 'a', 'b')", "comment='new'"),
        kinds=("postgresql", "mariadb", "mysql"),
    ),
    Case(
        "shift",
        t(col("a", String(9)), col("b", String(9))),
        t(col("b", String(9), **was("a")), col("c", String(9), **was("b"))),
        renames(("b", "c"), ("a", "b")),
    ),
    Case(
        "shift of different types",
        t(col("a", String(9)), col("b", Integer)),
        t(col("b", String(9), **was("a")), col("c", Integer, **was("b"))),
        renames(("b", "c"), ("a", "b")),
    ),
    Case(
        "swap",
        t(col("a", String(9)), col("b", String(9))),
        t(col("b", String(9)), col("a", String(9))),
        renames(("a", "alembic_guard_swap_1"), ("b", "a"), ("alembic_guard_swap_1", "b")),
        answers=("rename=t.a:b", "rename=t.b:a"),
    ),
    Case(
        "swap of different types",
        t(col("a", String(9)), col("b", Integer)),
        t(col("b", String(9)), col("a", Integer)),
        renames(("a", "alembic_guard_swap_1"), ("b", "a"), ("alembic_guard_swap_1", "b")),
        answers=("rename=t.a:b", "rename=t.b:a"),
    ),
    Case(
        "cycle of three",
        t(col("a", String(9)), col("b", String(9)), col("c", String(9))),
        t(col("b", String(9)), col("c", String(9)), col("a", String(9))),
        answers=("rename=t.a:b", "rename=t.b:c", "rename=t.c:a"),
    ),
    Case(
        "rename and another column under the old name",
        t(col("a", String(9))),
        t(col("b", String(9)), col("a", Integer)),
        answers=("rename=t.a:b", "new=t.a"),
        same_rows=False,
    ),
    Case(
        "rename beside a drop and an add",
        t(col("a", String(9)), col("gone", sa.Date)),
        t(col("b", String(9), **was("a")), col("fresh", sa.Boolean)),
        same_rows=False,
    ),
    Case(
        "table",
        t(col("a"), name="t"),
        t(col("a"), name="u", **was("t")),
        ("op.rename_table('t', 'u')",),
        moved={"t": "u"},
    ),
    Case(
        "table with columns inside",
        t(col("a"), col("c", String(9))),
        t(col("b", **was("a")), col("d", String(9), **was("c")), name="u", **was("t")),
        ("op.rename_table('t', 'u')", "op.rename_column('u', 'a', 'b')"),
        moved={"t": "u"},
    ),
    Case(
        "table whose names follow a convention",
        t(col("a", Integer, index=True), col("c", Integer, unique=True)),
        t(col("a", Integer, index=True), col("c", Integer, unique=True), name="u", **was("t")),
        ("op.rename_table('t', 'u')",),
        moved={"t": "u"},
        convention=CONVENTION,
    ),
    Case(
        "keys and checks whose names follow a convention",
        both(
            PARENT,
            t(
                col("p_id", Integer, lambda: ForeignKey("p.id", ondelete="CASCADE")),
                col("c", Integer),
                lambda: sa.CheckConstraint("c < 1000", name="small"),
            ),
        ),
        both(
            PARENT,
            t(
                col("q_id", Integer, lambda: ForeignKey("p.id", ondelete="CASCADE"), **was("p_id")),
                col("c", Integer),
                lambda: sa.CheckConstraint("c < 1000", name="small"),
                name="u",
                **was("t"),
            ),
        ),
        (
            "op.rename_table('t', 'u')",
            "op.rename_column('u', 'p_id', 'q_id')",
            "op.rename_constraint('u', 'ck_t_small', 'ck_u_small'",
            "op.rename_constraint('u', 'fk_t_p_id_p', 'fk_u_q_id_p'",
        ),
        moved={"t": "u"},
        convention=CONVENTION,
    ),
    Case(
        "table that others refer to",
        both(t(col("code"), name="p"), t(col("p_id", Integer, lambda: ForeignKey("p.id")))),
        both(
            t(col("code"), name="q", **was("p")),
            t(col("q_id", Integer, lambda: ForeignKey("q.id"), **was("p_id"))),
        ),
        moved={"p": "q"},
    ),
    Case(
        "table that refers to itself",
        t(col("up", Integer, lambda: ForeignKey("t.id"))),
        t(col("up", Integer, lambda: ForeignKey("u.id")), name="u", **was("t")),
        moved={"t": "u"},
    ),
    Case(
        "only the case of a column",
        t(col("Name", String(9))),
        t(col("name", String(9), **was("Name"))),
    ),
    Case(
        "only the case of a table",
        t(col("a"), name="Things"),
        t(col("a"), name="things", **was("Things")),
        moved={"Things": "things"},
    ),
    Case(
        "reserved words and odd characters",
        t(col("select", String(9)), col("a b", String(9)), col("it's", String(9))),
        t(
            col("from", String(9), **was("select")),
            col('c"d', String(9), **was("a b")),
            col("naïve", String(9), **was("it's")),
        ),
    ),
    Case(
        "the longest name there may be",
        t(col("a", String(9))),
        t(col("b" * 63, String(9), **was("a"))),
    ),
    Case(
        "named check",
        t(col("a"), lambda: sa.CheckConstraint("a < 1000", name="small")),
        t(col("b", **was("a")), lambda: sa.CheckConstraint("b < 1000", name="small")),
    ),
    Case(
        "partial and expression indexes",
        t(
            col("a", String(9)),
            lambda: sa.Index(
                "ix_part",
                "id",
                postgresql_where=sa.text("a <> ''"),
                sqlite_where=sa.text("a <> ''"),
            ),
        ),
        t(
            col("b", String(9), **was("a")),
            lambda: sa.Index(
                "ix_part",
                "id",
                postgresql_where=sa.text("b <> ''"),
                sqlite_where=sa.text("b <> ''"),
            ),
        ),
        kinds=("sqlite", "postgresql"),
        extra={"postgresql": ("CREATE STATISTICS st ON id, a FROM t",)},
    ),
    Case(
        "generated column that uses it",
        t(col("a"), col("g", Integer, lambda: sa.Computed("a * 2", persisted=True))),
        t(col("b", **was("a")), col("g", Integer, lambda: sa.Computed("b * 2", persisted=True))),
    ),
    Case(
        "everything else that computes with it",
        t(
            col("a"),
            col("v", Integer, lambda: sa.Computed("a + 1")),
            col("vv", Integer, lambda: sa.Computed("v + 1")),
        ),
        t(
            col("b", **was("a")),
            col("v", Integer, lambda: sa.Computed("b + 1")),
            col("vv", Integer, lambda: sa.Computed("v + 1")),
        ),
        renames(("a", "b")),
        kinds=("mysql",),
        extra={
            "mysql": (
                "ALTER TABLE t ADD d int DEFAULT (a + 1), ADD CHECK (a <> 7) NOT ENFORCED",
                "CREATE INDEX ix ON t (v, (a * 2))",
            )
        },
        options={"include_name": lambda name, *_: name not in ("d", "ix")},
    ),
    Case(
        "generated column itself",
        t(col("a"), col("g", Integer, lambda: sa.Computed("a * 2", persisted=True))),
        t(col("a"), col("h", Integer, lambda: sa.Computed("a * 2", persisted=True), **was("g"))),
        renames(("g", "h")),
    ),
    Case(
        "identity column",
        t(col("n", Integer, lambda: sa.Identity(always=False, start=5))),
        t(col("m", Integer, lambda: sa.Identity(always=False, start=5), **was("n"))),
        renames(("n", "m")),
        kinds=("postgresql",),
    ),
    Case(
        "counting primary key",
        lambda m: Table("t", m, Column("id", Integer, primary_key=True), Column("a", Integer)),
        lambda m: Table(
            "t", m, Column("t_id", Integer, primary_key=True, **was("id")), Column("a", Integer)
        ),
        renames(("id", "t_id")),
    ),
    Case(
        "enum type and one of its values",
        t(col("state", sa.Enum("open", "shut", name="state"))),
        t(
            col(
                "state",
                sa.Enum("open", "closed", name="door_state"),
                info=renamed_from(enum="state", values={"shut": "closed"}),
            )
        ),
        kinds=("postgresql",),
        same_rows=False,
    ),
    Case(
        "column of an enum type",
        t(col("state", sa.Enum("open", "shut", name="state"))),
        t(col("door", sa.Enum("open", "shut", name="state"), **was("state"))),
        renames(("state", "door")),
    ),
    Case(
        "the same column in several tables",
        both(*[t(col("created", sa.DateTime), name=f"t{n}") for n in range(4)]),
        both(
            *[t(col("created_at", sa.DateTime, **was("created")), name=f"t{n}") for n in range(4)]
        ),
    ),
    Case(
        "trigger that watches it",
        both(t(col("a")), t(col("note"), name="log")),
        both(t(col("b", **was("a"))), t(col("note"), name="log")),
        extra={
            "sqlite": (
                """CREATE TRIGGER tr AFTER UPDATE OF a ON t BEGIN
                INSERT INTO log (note) VALUES (new.a); END""",
            ),
            "postgresql": (
                """CREATE FUNCTION tr() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
                INSERT INTO log (id, note) VALUES (NEW.a + 50, NEW.a); RETURN NEW; END$$""",
                "CREATE TRIGGER tr AFTER UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION tr()",
            ),
            **of_mysql(
                """CREATE TRIGGER tr AFTER UPDATE ON t FOR EACH ROW
                INSERT INTO log (note) VALUES (new.a)""",
            ),
        },
        probe=lambda connection: connection.exec_driver_sql("UPDATE t SET b = 50 WHERE id = 1"),
    ),
    Case(
        "view that shows it",
        t(col("a", String(9))),
        t(col("b", String(9), **was("a"))),
        extra=dict.fromkeys(ALL, ("CREATE VIEW v AS SELECT id, a FROM t WHERE a <> ''",)),
        probe=lambda connection: connection.exec_driver_sql("SELECT b FROM v").one_or_none,
    ),
    Case(
        "function that reads it",
        t(col("a")),
        t(col("b", **was("a"))),
        extra={
            "postgresql": (
                "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT max(a) FROM t'",
            ),
            **of_mysql(
                "CREATE FUNCTION f() RETURNS int READS SQL DATA RETURN (SELECT max(a) FROM t)",
            ),
        },
        kinds=("postgresql", "mariadb", "mysql"),
        probe=lambda connection: connection.exec_driver_sql("SELECT f()").scalar_one(),
    ),
    Case(
        "collation, charset and invisible columns",
        t(col("a", String(9))),
        t(col("b", String(9), **was("a"))),
        kinds=("mariadb", "mysql"),
        extra=of_mysql(
            "ALTER TABLE t MODIFY a varchar(9) CHARACTER SET latin1 COLLATE latin1_bin INVISIBLE"
        ),
        options={"compare_type": False},
    ),
    Case(
        "collation of SQLite",
        t(col("a", String(9, collation="NOCASE"))),
        t(col("b", String(9, collation="NOCASE"), **was("a"))),
        kinds=("sqlite",),
    ),
    Case(
        "row level security, grants and policies",
        t(col("a")),
        t(col("b", **was("a"))),
        kinds=("postgresql",),
        extra={
            "postgresql": (
                "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY pol ON t USING (a > 0)",
                "GRANT SELECT (a) ON t TO public",
            )
        },
    ),
    Case(
        "partitions",
        lambda m: Table(
            "t",
            m,
            Column("id", Integer),
            Column("a", Integer),
            postgresql_partition_by="RANGE (id)",
        ),
        lambda m: Table(
            "t",
            m,
            Column("id", Integer),
            Column("b", Integer, **was("a")),
            postgresql_partition_by="RANGE (id)",
        ),
        kinds=("postgresql",),
        extra={"postgresql": ("CREATE TABLE t_low PARTITION OF t FOR VALUES FROM (0) TO (9)",)},
        options={"include_name": lambda name, type_, _: not (type_ == "table" and name == "t_low")},
    ),
    Case(
        "text with a default that mentions it",
        t(col("a", String(9), server_default="a")),
        t(col("b", String(9), server_default="a", **was("a"))),
        renames(("a", "b")),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_there_back_and_there_again(
    case: Case, kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Rows and catalog are equal after the way back, and the next autogenerate is empty."""
    if kind not in case.kinds:
        pytest.skip("not a thing of this database")
    url: URL = request.getfixturevalue("database_url")

    check_round_trip(tmp_path / "migrations", url, kind, case)


PAIR = (
    t(col("a", String(9), index=True), col("c", Integer)),
    t(col("b", String(9), index=True, **was("a")), col("d", Integer, **was("c"))),
)


def test_plain_revisions_need_nothing_of_ours(kind: str, database_url: URL, tmp_path: Path) -> None:
    """And they go there and back like all others."""
    case = Case("plain", *PAIR, settings=Settings(render="plain"))

    text = check_round_trip(tmp_path / "migrations", database_url, kind, case)

    assert "op.rename_" not in text
    assert "alembic_guard" not in text


@pytest.mark.parametrize("kind", ["postgresql", "mariadb", "mysql"])
def test_the_script_of_sql_mode_does_what_the_command_does(
    kind: str, new_database: Callable[[str], URL], tmp_path: Path
) -> None:
    """Two equal databases, one upgraded online and one by the script."""
    case = Case("script", *PAIR, convention=CONVENTION)
    projects = [Project(tmp_path / str(number), new_database(kind), case) for number in range(2)]
    for project in projects:
        project.create(kind)
    online, scripted = projects
    online.generate()
    (file,) = online.versions.glob("*.py")
    (scripted.versions / file.name).write_text(file.read_text())
    script = scripted.script()
    online.upgrade()

    with scripted.engine.begin() as connection:
        for statement in script.split(";"):
            if statement.strip() and "BEGIN" not in statement and "COMMIT" not in statement:
                connection.exec_driver_sql(statement.strip().replace("%", "%%"))

    assert "RENAME COLUMN a TO b" in script
    assert comparable(scripted.picture()[0]) == comparable(online.picture()[0])
