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
