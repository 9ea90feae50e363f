"""How renames look in a revision file."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.render import _render_cmd_body
from alembic.operations import MigrateOperation, Operations
from alembic.operations import ops as alembic_ops
from alembic.runtime.migration import MigrationContext

from alembic_guard.errors import RenameRefused
from alembic_guard.facts import Rename
from alembic_guard.operations import (
    FixDependentOp,
    MoveTableOp,
    RenameColumnOp,
    RenameConstraintOp,
    RenameEnumTypeOp,
    RenameEnumValueOp,
    RenameIndexOp,
    RenameSequenceOp,
    RenameStatisticsOp,
    RenameTableOp,
    operation_for,
)
from alembic_guard.settings import Settings


def _render(
    *ops: MigrateOperation, dialect: str = "sqlite", batch: bool = False, plain: bool = False
) -> list[str]:
    """The lines of the body, without Alembic's own first and last comment."""
    opts = {
        "render_as_batch": batch,
        "alembic_module_prefix": "op.",
        "sqlalchemy_module_prefix": "sa.",
        "alembic_guard": Settings(render="plain" if plain else "rename"),
    }
    context = MigrationContext.configure(dialect_name=dialect, opts=opts)
    autogen = AutogenContext(context, sa.MetaData(), opts=opts, autogenerate=False)
    return _render_cmd_body(alembic_ops.UpgradeOps(list(ops)), autogen).strip().split("\n")[1:-1]


EACH = [
    (RenameColumnOp("t", "a", "b"), "op.rename_column('t', 'a', 'b')"),
    (RenameColumnOp("t", "a", "b", schema="s"), "op.rename_column('t', 'a', 'b', schema='s')"),
    (
        RenameColumnOp(sa.quoted_name("T", True), sa.quoted_name("a", True), 'it\'s "b"'),
        "op.rename_column('T', 'a', 'it\\'s \"b\"')",
    ),
    (RenameTableOp("t", "u", schema="s"), "op.rename_table('t', 'u', schema='s')"),
    (alembic_ops.RenameTableOp("t", "u"), "op.rename_table('t', 'u')"),
    (RenameIndexOp("t", "a", "b"), "op.rename_index('t', 'a', 'b')"),
    (
        RenameConstraintOp("t", "a", "b", type_="unique", schema="s"),
        "op.rename_constraint('t', 'a', 'b', type_='unique', schema='s')",
    ),
    (RenameSequenceOp("a", "b", schema="s"), "op.rename_sequence('a', 'b', schema='s')"),
    (RenameStatisticsOp("a", "b"), "op.rename_statistics('a', 'b')"),
    (RenameEnumTypeOp("a", "b"), "op.rename_enum_type('a', 'b')"),
    (RenameEnumValueOp("mood", "a", "b"), "op.rename_enum_value('mood', 'a', 'b')"),
    (MoveTableOp("t", "one", "two"), "op.move_table('t', 'one', 'two')"),
]


@pytest.mark.parametrize(("op", "expected"), EACH, ids=[expected for _, expected in EACH])
def test_each_rename_is_one_call(op: MigrateOperation, expected: str) -> None:
    """And that call makes an equal operation again."""
    made: list[MigrateOperation] = []

    class Recorder(Operations):
        def invoke(self, operation: MigrateOperation) -> None:  # type: ignore[override]
            made.append(operation)

    lines = _render(op)

    assert lines == [expected]
    context = MigrationContext.configure(dialect_name="sqlite")
    exec(expected, {"op": Recorder(context)})
    if not isinstance(op, RenameTableOp):
        assert vars(made[0]).items() <= {**vars(op), **vars(made[0])}.items()
    if type(op) is not alembic_ops.RenameTableOp:
        assert op.reverse().reverse().to_diff_tuple() == op.to_diff_tuple()
        assert op.to_diff_tuple()[0] in expected


def test_evidence_stands_above_the_call() -> None:
    """As comments, whatever it contains, and only on the way there."""
    rename = Rename("column", None, "t", "a", "b", "B", ("a is reserved:", "two\nlines"))
    op = operation_for(rename)

    assert _render(op) == [
        "# renamed (class B): a is reserved:",
        "# renamed (class B): two",
        "# lines",
        "op.rename_column('t', 'a', 'b')",
    ]
    assert _render(op.reverse()) == ["op.rename_column('t', 'b', 'a')"]


def test_renames_stand_outside_batch_blocks() -> None:
    """Inside one, SQLite would copy the table and lose triggers and collations."""
    modify = alembic_ops.ModifyTableOps(
        "t",
        [
            RenameColumnOp("t", "a", "b"),
            alembic_ops.AlterColumnOp("t", "b", modify_nullable=False, existing_type=sa.Integer()),
            RenameIndexOp("t", "ix_a", "ix_b"),
        ],
    )

    lines = _render(modify, batch=True)

    assert [line.strip() for line in lines] == [
        "op.rename_column('t', 'a', 'b')",
        "with op.batch_alter_table('t', schema=None) as batch_op:",
        "batch_op.alter_column('b',",
        "existing_type=sa.Integer(),",
        "nullable=False)",
        "",
        "op.rename_index('t', 'ix_a', 'ix_b')",
    ]


def test_batch_blocks_without_renames_are_alembic_s_own() -> None:
    """Not a byte differs."""
    modify = alembic_ops.ModifyTableOps("t", [alembic_ops.DropColumnOp("t", "a")])

    lines = _render(modify, batch=True)

    assert lines[0] == "with op.batch_alter_table('t', schema=None) as batch_op:"


def test_a_fix_is_written_in_the_direction_that_needs_it() -> None:
    """And several lines of SQL are several lines."""
    fix = FixDependentOp("CREATE VIEW v AS\nSELECT ':x'", why="view v does not follow")

    assert _render(fix) == [
        "# view v does not follow",
        "op.execute((",
        "    'CREATE VIEW v AS\\n'",
        "    \"SELECT '\\\\:x'\"",
        "))",
    ]
    assert _render(fix.reverse()) == ["pass"]
    assert fix.reverse().reverse().sql == fix.sql


INDEX = sa.Index("ix_b", sa.Table("t", sa.MetaData(), sa.Column("b", sa.Integer)).c.b)


@pytest.mark.parametrize(
    ("dialect", "op", "expected"),
    [
        ("postgresql", 0, "op.alter_column('t', 'a', new_column_name='b')"),
        ("sqlite", 0, "op.alter_column('t', 'a', new_column_name='b')"),
        ("mysql", 0, "op.execute('ALTER TABLE t RENAME COLUMN a TO b')"),
        ("postgresql", 1, "op.execute('ALTER INDEX ix_a RENAME TO ix_b')"),
        ("mysql", 1, "op.execute('ALTER TABLE t RENAME INDEX ix_a TO ix_b')"),
        ("postgresql", 2, "op.execute('ALTER TABLE t RENAME CONSTRAINT \"a:\" TO b')"),
        ("postgresql", 3, "op.rename_table('t', 'u')"),
        ("postgresql", 4, "op.execute(\"ALTER TYPE mood RENAME VALUE 'a' TO 'b'\")"),
    ],
)
def test_plain_writes_only_what_alembic_provides(dialect: str, op: int, expected: str) -> None:
    """CHANGE COLUMN would lose things on MySQL, so that is literal SQL there."""
    ops: list[MigrateOperation] = [
        RenameColumnOp("t", "a", "b"),
        RenameIndexOp("t", "ix_a", "ix_b"),
        RenameConstraintOp("t", "a:", "b"),
        RenameTableOp("t", "u"),
        RenameEnumValueOp("mood", "a", "b"),
    ]

    (line,) = _render(ops[op], dialect=dialect, plain=True)

    assert line == expected.replace('"a:"', r'"a\\:"')


def test_plain_drops_and_creates_where_no_statement_renames() -> None:
    """Alembic's own pair is kept for that; without it nothing is guessed."""
    rename = RenameIndexOp("t", "ix_a", "ix_b")
    with pytest.raises(RenameRefused):
        _render(rename, plain=True)
    rename.replaces = (
        alembic_ops.DropIndexOp("ix_a", table_name="t"),
        alembic_ops.CreateIndexOp.from_index(INDEX),
    )

    lines = _render(rename, plain=True)

    assert lines == [
        "op.drop_index('ix_a', table_name='t')",
        "op.create_index('ix_b', 't', ['b'], unique=False)",
    ]


@pytest.mark.parametrize("kind", ["sqlite"])
class TestBatch:
    """Renames inside a batch block that somebody wrote by hand."""

    def test_it_comes_after_what_stands_before_it(
        self, connection: sa.Connection, op: Operations
    ) -> None:
        """And what stands after it finds the new name."""
        connection.exec_driver_sql("CREATE TABLE t (a integer, c text COLLATE NOCASE)")
        connection.exec_driver_sql("CREATE INDEX ix_a ON t (a)")

        with op.batch_alter_table("t") as batch:
            batch.alter_column("a", existing_type=sa.Integer(), nullable=False)
            batch.rename_column("a", "b")
            batch.rename_index("ix_a", "ix_b")
            batch.add_column(sa.Column("d", sa.Integer()))

        found = {column["name"]: column for column in sa.inspect(connection).get_columns("t")}
        assert list(found) == ["b", "c", "d"]
        assert not found["b"]["nullable"]
        assert [index["name"] for index in sa.inspect(connection).get_indexes("t")] == ["ix_b"]

    def test_a_rename_alone_copies_nothing(self, connection: sa.Connection, op: Operations) -> None:
        """The collation, which a copy would lose, is proof."""
        connection.exec_driver_sql(
            "CREATE TABLE t (a text COLLATE NOCASE, CONSTRAINT ck CHECK (a > ''))"
        )

        with op.batch_alter_table("t") as batch:
            batch.rename_column("a", "b")
            batch.rename_constraint("ck", "ck_b")

        stored = connection.exec_driver_sql("SELECT sql FROM sqlite_master").scalar()
        assert stored == ("CREATE TABLE t (b text COLLATE NOCASE, CONSTRAINT ck_b CHECK (b > ''))")
