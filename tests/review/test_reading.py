"""The static reader: what is executed, on which line, under which circumstances."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from alembic_guard.review import statements as st
from alembic_guard.review.revision import Revision
from alembic_guard.review.sources import reader
from alembic_guard.review.sources.calls import MigrationCalls
from alembic_guard.review.sources.helper_modules import HelperModules
from alembic_guard.review.sources.module import Module
from alembic_guard.review.sources.reader import read_module, read_revisions

HEAD = """\
import sqlalchemy as sa
from alembic import op
revision = "a1"
down_revision = None
"""


def read(body: str, dialect: str = "postgresql") -> Revision:
    """A revision from the text below its header; its first line is line 5."""
    module = Module("a1.py", HEAD + textwrap.dedent(body).lstrip("\n"))
    revision = read_module(module, dialect, MigrationCalls(), HelperModules())
    assert revision is not None
    return revision


def facts(revision: Revision) -> list[tuple[str, int, Any]]:
    """Kind, line and table of everything `upgrade` does."""
    return [(type(s).__name__, s.line, getattr(s, "table", None)) for s in revision.upgrade]


STYLES = {
    "loop over a constant": """
        TABLES = ("a", "b")
        def upgrade():
            for table in TABLES:
                op.drop_column(table, "x")
        """,
    "helper function and alias": """
        from alembic import op as operations
        def drop(table, *, column="x"):
            operations.drop_column(table, column)
        def upgrade():
            drop("a")
            drop(table="b")
        """,
    "keyword dictionary": """
        def upgrade():
            for options in [{"table_name": "a"}, {"table_name": "b"}]:
                op.drop_column(column_name="x", **options)
        """,
    "f-string": """
        def upgrade():
            for table in ["a", "b"]:
                op.execute(f"ALTER TABLE {table} DROP COLUMN x")
        """,
    "format and percent": """
        def upgrade():
            op.execute("ALTER TABLE {} DROP COLUMN {name}".format("a", name="x"))
            op.execute("ALTER TABLE %s DROP COLUMN %s" % ("b", "x"))
        """,
    "join and script": """
        def upgrade():
            op.execute(";".join(f"ALTER TABLE {t} DROP x" for t in ("a", "b")))
        """,
    "batch blocks": """
        def upgrade():
            for table in ("a", "b"):
                with op.batch_alter_table(table) as batch_op:
                    batch_op.drop_column("x")
        """,
    "connection": """
        def upgrade():
            bind = op.get_bind()
            bind.execute(sa.text("ALTER TABLE a DROP COLUMN x"))
            bind.exec_driver_sql("ALTER TABLE b DROP COLUMN x")
        """,
    "getattr and partial": """
        from functools import partial
        def upgrade():
            drop = partial(getattr(op, "drop_column"), column_name="x")
            drop("a")
            drop("b")
        """,
}


@pytest.mark.parametrize("body", STYLES.values(), ids=STYLES.keys())
def test_every_style_gives_the_same_statements(body: str) -> None:
    revision = read(body)

    dropped = [(s.table, s.column) for s in revision.upgrade if isinstance(s, st.DropColumn)]
    assert dropped == [("a", "x"), ("b", "x")]


def test_line_is_that_of_the_statement_inside_its_string() -> None:
    revision = read(
        '''
        def upgrade():
            op.execute(
                """
                -- ALTER TABLE zero DROP COLUMN x;
                ALTER TABLE a DROP COLUMN x;

                COMMENT ON TABLE a IS 'DROP TABLE a; really';
                DROP TABLE b
                """
            )
            op.execute(
                "ALTER TABLE c DROP COLUMN x; "
                "ALTER TABLE d DROP COLUMN x"
            )
        '''
    )

    assert facts(revision) == [
        ("DropColumn", 9, "a"),
        ("CommentOn", 11, None),
        ("DropTable", 12, "b"),
        ("DropColumn", 16, "c"),
        ("DropColumn", 17, "d"),
    ]


def test_line_survives_formatting_and_dedent() -> None:
    revision = read(
        '''
        import textwrap
        NAME = "a"
        def upgrade():
            op.execute(textwrap.dedent(f"""
                SELECT 1;
                DROP TABLE {NAME}
            """).strip())
        '''
    )

    assert facts(revision)[-1] == ("DropTable", 10, "a")


def test_branches_of_other_dialects_are_left_out() -> None:
    body = """
        def upgrade():
            bind = op.get_bind()
            if bind.dialect.name == "postgresql":
                op.drop_table("pg")
            elif bind.dialect.name in ("mysql", "mariadb"):
                op.drop_table("my")
            else:
                op.drop_table("lite")
        """

    assert [facts(read(body, name))[0][2] for name in ("postgresql", "mysql", "sqlite")] == [
        "pg",
        "my",
        "lite",
    ]


def test_circumstances_are_known() -> None:
    revision = read(
        """
        def upgrade():
            op.drop_table("a")
            with op.get_context().autocommit_block():
                op.drop_table("b")
            if sa.inspect(op.get_bind()).has_table("c"):
                op.drop_table("c")
            for row in op.get_bind().execute(sa.text("SELECT 1")):
                op.drop_table("d")
        """
    )

    drops = [s.context for s in revision.upgrade if isinstance(s, st.DropTable)]
    assert [(c.autocommit, c.transaction, c.conditional, c.loop) for c in drops] == [
        (False, 0, False, False),
        (True, 1, False, False),
        (False, 2, True, False),
        (False, 2, False, True),
    ]


def test_what_cannot_be_known_is_said() -> None:
    revision = read(
        """
        def upgrade():
            op.execute(open("x.sql").read())
            unknown_helper(op)
        """
    )

    assert [(type(s).__name__, s.line) for s in revision.upgrade if isinstance(s, st.Opaque)] == [
        ("Opaque", 6),
        ("Opaque", 7),
    ]


def test_helpers_of_the_repository_are_followed(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "__init__.py").write_text("")
    (tmp_path / "shared" / "steps.py").write_text(
        "from alembic import op\n\ndef drop(table):\n    op.drop_table(table)\n"
    )
    versions = tmp_path / "versions"
    versions.mkdir()
    (versions / "a1.py").write_text(
        HEAD + 'from shared.steps import drop\n\ndef upgrade():\n    drop("gone")\n'
    )

    (revision,) = read_revisions([str(versions)], "postgresql")

    assert [s.table for s in revision.upgrade if isinstance(s, st.DropTable)] == ["gone"]


def test_one_bad_file_does_not_hide_another(tmp_path: Path) -> None:
    (tmp_path / "a1.py").write_text("revision = 'a1'\ndef upgrade(:\n")
    (tmp_path / "a2.py").write_text(HEAD + 'def upgrade():\n    op.drop_table("t")\n')

    broken, good = read_revisions([str(tmp_path)], "postgresql")

    assert broken.error is not None
    assert [s.line for s in good.upgrade] == [6]


def test_fault_of_the_reader_does_not_hide_another_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a1", "a2"):
        text = HEAD.replace("a1", name) + 'def upgrade():\n    op.drop_table("t")\n'
        (tmp_path / f"{name}.py").write_text(text)

    def fail(module: Module, *rest: Any) -> Revision | None:
        if module.path.endswith("a1.py"):
            raise LookupError("no such line")
        return read_module(module, *rest)

    monkeypatch.setattr(reader, "read_module", fail)

    broken, good = read_revisions([str(tmp_path)], "postgresql")

    assert broken.id == "a1"
    assert broken.error == (1, "alembic-guard itself failed on it (LookupError: no such line)")
    assert [s.line for s in good.upgrade] == [6]


def test_what_stands_in_a_helper_is_read_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "steps.py").write_text(
        "from alembic import op\n" + "\n" * 40 + "LIMITS = object().limits\n"
        "@LIMITS.watched\n"
        "def drop(table, why=LIMITS.why):\n"
        "    op.drop_table(table)\n"
    )
    (tmp_path / "a1.py").write_text(
        HEAD + 'from steps import drop\n\ndef upgrade():\n    drop("gone")\n'
    )

    (revision,) = read_revisions([str(tmp_path / "a1.py")], "postgresql")

    assert revision.error is None
    assert [s.table for s in revision.upgrade if isinstance(s, st.DropTable)] == ["gone"]


def test_labels_that_only_the_application_knows_are_labels_all_the_same() -> None:
    revision = read(
        """
        from shop.migrations import names
        branch_labels = (names.CONTRACT,)
        def upgrade():
            pass
        """
    )

    assert revision.branch_labels == ("{shop.migrations.names.CONTRACT}",)


def test_static_pass_imports_neither_alembic_nor_sqlalchemy(tmp_path: Path) -> None:
    path = tmp_path / "a1.py"
    path.write_text(HEAD + 'def upgrade():\n    op.drop_table("t")\n')
    program = (
        "import sys; from alembic_guard.cli import main; "
        f"main(['review', '--no-cache', {str(path)!r}]); "
        "print(sorted({n.partition('.')[0] for n in sys.modules} & {'alembic', 'sqlalchemy'}))"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[-1] == "[]"


def test_line_of_a_template_is_that_of_the_call_which_completes_it() -> None:
    revision = read(
        '''
        DROP = "DROP TABLE {name}"
        CHANGE = "ALTER TABLE %s DROP COLUMN x"
        PLAIN = "DROP TABLE c"
        LONG = """
            TRUNCATE {name};
            DROP TABLE {name}
        """
        def upgrade():
            op.execute(DROP.format(name="a"))
            for table in ("a", "b"):
                op.execute(CHANGE % table)
            op.execute(PLAIN)
            op.execute(LONG.format(name="d"))
        '''
    )

    assert facts(revision) == [
        ("DropTable", 13, "a"),
        ("DropColumn", 15, "a"),
        ("DropColumn", 15, "b"),
        ("DropTable", 7, "c"),
        ("Truncate", 9, None),
        ("DropTable", 10, "d"),
    ]


def test_context_managers_of_the_revision_surround_the_body() -> None:
    revision = read(
        """
        from contextlib import ExitStack, contextmanager
        @contextmanager
        def outside(timeout):
            with op.get_context().autocommit_block():
                op.execute(f"SET lock_timeout = '{timeout}'")
                yield "orders"
                op.execute("RESET lock_timeout")
        def upgrade():
            with outside("5s") as table:
                op.drop_column(table, "a")
            op.drop_column("b", "b")
            with ExitStack() as stack:
                stack.enter_context(op.get_context().autocommit_block())
                op.drop_column("c", "c")
            op.drop_column("d", "d")
        """
    )

    assert [(type(s).__name__, s.line, s.context.autocommit) for s in revision.upgrade] == [
        ("SetVariable", 9, True),
        ("DropColumn", 14, True),
        ("SetVariable", 11, True),
        ("DropColumn", 15, False),
        ("DropColumn", 18, True),
        ("DropColumn", 19, False),
    ]
    assert revision.upgrade[1].context.helper is None


def test_return_inside_a_context_manager_leaves_the_function() -> None:
    revision = read(
        """
        from contextlib import contextmanager
        @contextmanager
        def outside():
            yield
        def upgrade():
            with outside():
                op.drop_table("a")
                return
            op.drop_table("b")
        """
    )

    assert facts(revision) == [("DropTable", 11, "a")]


def test_operation_objects_are_what_they_do() -> None:
    revision = read(
        """
        from alembic.operations import ops
        from alembic.operations.ops import DropColumnOp
        LATER = [
            ops.AddColumnOp("a", sa.Column("x", sa.Integer())),
            ops.AlterColumnOp("a", "y", modify_type=sa.BigInteger(), modify_nullable=False),
        ]
        def upgrade():
            for operation in LATER:
                op.invoke(operation)
            op.invoke(DropColumnOp("a", "z", schema="s"))
            op.invoke(ops.ExecuteSQLOp("TRUNCATE b"))
            op.invoke(ops.CreateTableOp("c", [sa.Column("id", sa.Integer())]))
            op.invoke(ops.ModifyTableOps("d", [ops.DropConstraintOp("uq", "d", type_="unique")]))
            op.invoke(make())
        """
    )

    altered = revision.upgrade[1]
    assert facts(revision) == [
        ("AddColumn", 8, "a"),
        ("AlterColumn", 9, "a"),
        ("DropColumn", 14, "s.a"),
        ("Truncate", 15, None),
        ("CreateTable", 16, "c"),
        ("DropConstraint", 17, "d"),
        ("Opaque", 18, None),
    ]
    assert isinstance(altered, st.AlterColumn)
    assert altered.type is not None
    assert (altered.type.name, altered.nullable) == ("bigint", False)


def test_ddl_elements_of_sqlalchemy_are_what_they_do() -> None:
    revision = read(
        """
        users = sa.table("users", sa.column("a"))
        def upgrade():
            op.execute(sa.schema.DropSchema("staging", cascade=True))
            op.execute(sa.schema.CreateTable(sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer))))
            op.execute(sa.schema.AddConstraint(sa.UniqueConstraint(users.c.a, name="uq")))
            sa.Index("ix", users.c.a, unique=True).create(op.get_bind())
        """
    )

    assert facts(revision) == [
        ("SchemaStatement", 7, None),
        ("CreateTable", 8, "t"),
        ("AddConstraint", 9, "users"),
        ("CreateIndex", 10, "users"),
    ]
    created = revision.upgrade[3]
    assert isinstance(created, st.CreateIndex)
    assert (created.columns, created.unique) == (("a",), True)


def test_values_made_of_constants_are_known() -> None:
    revision = read(
        """
        import datetime
        from decimal import Decimal
        from uuid import UUID
        WHO = UUID("7d1f1a7e-9a39-4a6c-8a4c-b3ad53c1a1d0")
        DAY = datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc)
        def upgrade():
            op.execute(f"DELETE FROM a WHERE who = '{WHO}' AND day < '{DAY.isoformat()}' AND n > {Decimal('1.50')}")
        """
    )

    assert revision.upgrade[0].origin.text == (
        "DELETE FROM a WHERE who = '7d1f1a7e-9a39-4a6c-8a4c-b3ad53c1a1d0' "
        "AND day < '2026-01-02T00:00:00+00:00' AND n > 1.50"
    )


def test_operations_given_to_map_are_executed() -> None:
    revision = read(
        """
        from string import Template
        DROP = Template("DROP TABLE ${prefix}_old")
        def upgrade():
            list(map(op.drop_table, ["a", "b"]))
            op.execute(DROP.substitute(prefix="c"))
            made = op.create_table("d", sa.Column("id", sa.Integer))
            op.execute(made.update().values(id=1))
        """
    )

    assert facts(revision) == [
        ("DropTable", 8, "a"),
        ("DropTable", 8, "b"),
        ("DropTable", 9, "c_old"),
        ("CreateTable", 10, "d"),
        ("Dml", 11, "d"),
    ]


def test_dialect_is_known_however_it_is_asked_for() -> None:
    revision = read(
        """
        from sqlalchemy.dialects.mysql.base import MySQLDialect
        from sqlalchemy.dialects import postgresql
        def upgrade():
            if isinstance(op.get_bind().dialect, MySQLDialect):
                op.drop_table("a")
            if op.get_context().impl.__dialect__ == "sqlite":
                op.drop_table("b")
            if isinstance(op.get_bind().dialect, (postgresql.dialect, MySQLDialect)):
                op.drop_table("c")
        """
    )

    assert facts(revision) == [("DropTable", 13, "c")]


def test_defaults_made_of_constants_are_literals() -> None:
    revision = read(
        """
        def upgrade():
            op.add_column("a", sa.Column("x", sa.Integer(), server_default=sa.literal(5)))
            op.add_column("a", sa.Column("y", sa.Integer(), server_default=sa.cast(0, sa.Integer)))
            op.add_column("a", sa.Column("z", sa.DateTime(), server_default=sa.func.clock_timestamp()))
        """
    )

    kinds = [s.column.default for s in revision.upgrade if isinstance(s, st.AddColumn)]
    assert [(default.text, default.kind) for default in kinds if default is not None] == [
        ("5", "literal"),
        ("0", "literal"),
        ("clock_timestamp()", "expression"),
    ]


def test_file_that_is_not_python_keeps_its_place_in_the_history() -> None:
    module = Module("a1.py", 'revision: str = "a1"\ndown_revision = "a0"\n\n\ndef upgrade(:\n')

    revision = read_module(module, "postgresql", MigrationCalls(), HelperModules())

    assert revision is not None
    assert (revision.id, revision.down) == ("a1", ("a0",))
    assert revision.error is not None


def test_body_of_a_trigger_needs_no_begin() -> None:
    revision = read(
        '''
        def upgrade():
            op.execute("""
                CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW
                IF NEW.b IS NULL THEN
                    SET NEW.b = NEW.c;
                ELSEIF NEW.c IS NULL THEN
                    SET NEW.c = NEW.b;
                END IF
            """)
        ''',
        "mysql",
    )

    assert facts(revision) == [("CodeStatement", 7, "a")]


def test_connection_in_a_transaction_cannot_be_put_into_autocommit() -> None:
    """SQLAlchemy refuses it; only an engine's own connection can be."""
    revision = read(
        """
        def upgrade():
            op.get_bind().execution_options(isolation_level="AUTOCOMMIT").execute(sa.text("DROP TABLE a"))
            with op.get_bind().engine.connect().execution_options(isolation_level="AUTOCOMMIT") as own:
                own.execute(sa.text("DROP TABLE b"))
        """
    )

    assert [(s.table, s.context.autocommit) for s in revision.upgrade if hasattr(s, "table")] == [
        ("a", False),
        ("b", True),
    ]


def test_statements_of_a_raw_cursor_are_seen() -> None:
    revision = read(
        """
        def upgrade():
            op.get_bind().connection.cursor().execute("DROP TABLE a")
            raw = op.get_bind().connection.dbapi_connection
            with raw.cursor() as cursor:
                cursor.execute("DROP TABLE b")
        """
    )

    assert facts(revision) == [("DropTable", 6, "a"), ("DropTable", 9, "b")]


def test_methods_are_inherited() -> None:
    revision = read(
        """
        class Base:
            table = "a"
            def run(self):
                op.drop_table(self.table)
        class Child(Base):
            table = "b"
        def upgrade():
            Child().run()
        """
    )

    assert facts(revision) == [("DropTable", 8, "b")]


RECORDS = {
    "dataclass": """
        import dataclasses
        @dataclasses.dataclass(frozen=True)
        class Gone:
            table: str
            columns: list = dataclasses.field(default_factory=lambda: ["x"])
            @property
            def first(self):
                return self.columns[0]
        GONE = [Gone("a"), Gone(table="b", columns=["x"])]
        def upgrade():
            for gone in GONE:
                op.drop_column(gone.table, gone.first)
        """,
    "named tuple class": """
        from typing import NamedTuple
        class Gone(NamedTuple):
            table: str
            column: str = "x"
        def upgrade():
            for table, column in (Gone("a"), Gone("b", "x")):
                op.drop_column(table, column)
        """,
    "named tuple": """
        from collections import namedtuple
        Gone = namedtuple("Gone", "table column")
        GONE = [Gone(*line.split()) for line in ("a x", "b x")]
        def upgrade():
            for gone in GONE:
                op.drop_column(gone.table, **{"column_name": gone._asdict()["column"]})
        """,
    "enum": """
        from enum import Enum
        class Table(str, Enum):
            A = "a"
            B = "b"
        def upgrade():
            for table in Table:
                op.drop_column(table.value, "x")
        """,
    "state": """
        class Dropper:
            column = "x"
            def __init__(self, table):
                self.table = table
            def __call__(self):
                op.drop_column(self.table, self.column)
        def upgrade():
            for dropper in map(Dropper, ("a", "b")):
                dropper()
        """,
    "class method": """
        class Base:
            tables = ()
            @classmethod
            def run(cls):
                for table in cls.tables:
                    op.drop_column(table, "x")
        class Here(Base):
            tables = ("a", "b")
        def upgrade():
            Here.run()
        """,
    "two star imports": """
        from sqlalchemy import *
        from alembic.op import *
        def upgrade():
            for table in ("a", "b"):
                drop_column(table, "x")
        """,
}


@pytest.mark.parametrize("body", RECORDS.values(), ids=RECORDS)
def test_names_are_known_however_they_are_kept(body: str) -> None:
    drops = [s for s in read(body).upgrade if isinstance(s, st.DropColumn)]

    assert [(s.table, s.column) for s in drops] == [("a", "x"), ("b", "x")]


def test_state_set_under_an_unknown_condition_is_unknown() -> None:
    revision = read(
        """
        class Dropper:
            def __init__(self, table):
                self.table = table
                if sa.inspect(op.get_bind()).has_table("b"):
                    self.table = "b"
        def upgrade():
            op.drop_table(Dropper("a").table)
        """
    )

    assert facts(revision) == [("DropTable", 11, "{table}")]


def test_what_is_only_printed_matters_to_nobody() -> None:
    revision = read(
        """
        import datetime, json, logging, os
        log = logging.getLogger(__name__)
        def upgrade():
            print("done at", datetime.datetime.now())
            log.info("by %s", os.getenv("USER"))
            with open("rows.json") as file:
                rows = json.load(file)
        """
    )

    found = [(s.kind, s.line) for s in revision.upgrade if isinstance(s, st.PythonFact)]
    assert found == [("file", 10)]


UNCERTAIN = {
    "list": """
        bad = []
        for row in op.get_bind().execute(sa.text("SELECT 1")):
            if row.a:
                continue
            bad.append(row)
        if bad:
            raise RuntimeError(bad)
        """,
    "length": """
        bad = []
        for row in op.get_bind().execute(sa.text("SELECT 1")):
            bad.append(row)
        if len(bad) > 0:
            raise RuntimeError(bad)
        """,
    "counter": """
        n = 0
        for row in op.get_bind().execute(sa.text("SELECT 1")):
            n += 1
        if n:
            raise RuntimeError(n)
        """,
    "flag": """
        found = False
        for row in op.get_bind().execute(sa.text("SELECT 1")):
            if row.x == 1:
                found = True
                break
        if found:
            return
        """,
    "dict": """
        known = {}
        for row in op.get_bind().execute(sa.text("SELECT 1")):
            known[row.id] = row
        if known:
            raise RuntimeError(known)
        """,
    "raise in the loop": """
        for row in op.get_bind().execute(sa.text("SELECT 1")):
            raise RuntimeError(row)
        """,
    "flag of a branch": """
        there = False
        if sa.inspect(op.get_bind()).has_table("a"):
            there = True
        if there:
            return
        """,
    "list of a branch": """
        errors = []
        if sa.inspect(op.get_bind()).has_table("a"):
            errors.append("a")
        if errors:
            raise RuntimeError(errors)
        """,
    "branch that leaves": """
        mode = "keep"
        if sa.inspect(op.get_bind()).has_table("a"):
            mode = "leave"
            return
        if mode != "keep":
            return
        """,
}


@pytest.mark.parametrize("body", UNCERTAIN.values(), ids=UNCERTAIN.keys())
def test_what_may_have_happened_is_not_taken_for_certain(body: str) -> None:
    revision = read(
        "def upgrade():\n"
        + textwrap.indent(textwrap.dedent(body), "    ")
        + "    op.drop_table('z')\n"
    )

    assert facts(revision)[-1][::2] == ("DropTable", "z")


def test_statements_collected_in_a_loop_are_still_read() -> None:
    revision = read(
        """
        def upgrade():
            todo = ["DROP TABLE a"]
            for row in op.get_bind().execute(sa.text("SELECT 1")):
                todo.append("DROP TABLE b")
            else:
                op.drop_table("c")
            for statement in todo:
                op.execute(statement)
        """
    )

    assert [fact[2] for fact in facts(revision)[1:]] == ["c", "a", "b"]


def test_names_of_a_star_import_are_those_of_its_module() -> None:
    revision = read(
        """
        from alembic.op import *
        def upgrade():
            drop_table("a")
        """
    )

    assert facts(revision) == [("DropTable", 7, "a")]


def test_end_of_a_savepoint_is_not_the_end_of_the_transaction() -> None:
    revision = read(
        """
        def upgrade():
            inner = op.get_bind().begin_nested()
            inner.commit()
            outer = op.get_bind().begin()
            outer.commit()
        """
    )

    assert [(s.kind, s.line) for s in revision.upgrade if isinstance(s, st.PythonFact)] == [
        ("commit", 9)
    ]
