"""``--sql`` mode: the same statements, for servers that are not there, too."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from alembic_guard.errors import NameTooLong, RenameRefused

Call = Callable[[Operations], Any]


def _script(dialect: str, call: Call) -> str:
    buffer = io.StringIO()
    context = MigrationContext.configure(
        dialect_name=dialect,
        opts={"as_sql": True, "output_buffer": buffer},
        dialect_opts={"paramstyle": "named"},
    )
    call(Operations(context))
    return buffer.getvalue().strip()


def _column(op: Operations) -> None:
    op.rename_column("t", "user", "a'b c", schema="s")


def _index(op: Operations) -> None:
    op.rename_index("t", "ix a", "ix_b", schema="s")


def _constraint(op: Operations) -> None:
    op.rename_constraint("t", "uq", "uq'b", schema="s", type_="unique")


def _table(op: Operations) -> None:
    op.rename_table("a'b", "user", schema="s")


def _sequence(op: Operations) -> None:
    op.rename_sequence("a", "b", schema="s")


def _odd(op: Operations) -> None:
    op.rename_column("a]b", "c'd.e", 'f]"g%', schema="x.y'z")


def _odd_index(op: Operations) -> None:
    op.rename_index("t", "a]'b", "c]'d")


def _plain_table(op: Operations) -> None:
    op.rename_table("a", 'b"c', schema="s")


def _moved(op: Operations) -> None:
    op.move_table("t", "one", "two")


@pytest.mark.parametrize(
    ("dialect", "call", "expected"),
    [
        ("sqlite", _column, 'ALTER TABLE s.t RENAME COLUMN user TO "a\'b c";'),
        ("postgresql", _column, 'ALTER TABLE s.t RENAME COLUMN "user" TO "a\'b c";'),
        ("mysql", _column, "ALTER TABLE s.t RENAME COLUMN user TO `a'b c`;"),
        ("oracle", _column, 'ALTER TABLE s.t RENAME COLUMN "user" TO "a\'b c"'),
        ("mssql", _column, "EXEC sp_rename N'[s].[t].[user]', N'a''b c', 'COLUMN';"),
        ("postgresql", _index, 'ALTER INDEX s."ix a" RENAME TO ix_b;'),
        ("mysql", _index, "ALTER TABLE s.t RENAME INDEX `ix a` TO ix_b;"),
        ("oracle", _index, 'ALTER INDEX s."ix a" RENAME TO ix_b'),
        ("mssql", _index, "EXEC sp_rename N'[s].[t].[ix a]', N'ix_b', 'INDEX';"),
        ("postgresql", _constraint, 'ALTER TABLE s.t RENAME CONSTRAINT uq TO "uq\'b";'),
        ("mysql", _constraint, "ALTER TABLE s.t RENAME INDEX uq TO `uq'b`;"),
        ("oracle", _constraint, 'ALTER TABLE s.t RENAME CONSTRAINT uq TO "uq\'b"'),
        ("mssql", _constraint, "EXEC sp_rename N'[s].[uq]', N'uq''b', 'OBJECT';"),
        ("postgresql", _table, 'ALTER TABLE s."a\'b" RENAME TO "user";'),
        ("sqlite", _table, 'ALTER TABLE s."a\'b" RENAME TO user;'),
        ("mssql", _table, "EXEC sp_rename N'[s].[a''b]', N'user', 'OBJECT';"),
        ("postgresql", _sequence, "ALTER SEQUENCE s.a RENAME TO b;"),
        ("mariadb", _sequence, "RENAME TABLE s.a TO s.b;"),
        ("oracle", _sequence, "RENAME a TO b"),
        ("mssql", _sequence, "EXEC sp_rename N'[s].[a]', N'b', 'OBJECT';"),
        ("oracle", _odd, 'ALTER TABLE x."y\'z"."a]b" RENAME COLUMN "c\'d.e" TO "f]""g%"'),
        ("oracle", _plain_table, 'ALTER TABLE s.a RENAME TO "b""c"'),
        ("oracle", _odd_index, 'ALTER INDEX "a]\'b" RENAME TO "c]\'d"'),
        (
            "mssql",
            _odd,
            "EXEC sp_rename N'[x].[y''z].[a]]b].[c''d.e]', N'f]\"g%', 'COLUMN';",
        ),
        ("mssql", _odd_index, "EXEC sp_rename N'[t].[a]]''b]', N'c]''d', 'INDEX';"),
        ("mssql", _plain_table, "EXEC sp_rename N'[s].[a]', N'b\"c', 'OBJECT';"),
        ("postgresql", _moved, "ALTER TABLE one.t SET SCHEMA two;"),
        ("mysql", _moved, "ALTER TABLE one.t RENAME TO two.t;"),
        ("mssql", _moved, "ALTER SCHEMA two TRANSFER one.t;"),
    ],
)
def test_statement(dialect: str, call: Call, expected: str) -> None:
    """One statement a rename, quoted as the dialect wants it."""
    script = _script(dialect, call)

    assert script.removesuffix("\n\nGO").removesuffix("\n\n/").strip() == expected


@pytest.mark.parametrize(
    ("dialect", "call"),
    [
        ("sqlite", _index),
        ("sqlite", _constraint),
        ("sqlite", _sequence),
        ("sqlite", _moved),
        ("mysql", lambda op: op.rename_constraint("t", "fk", "fk2", type_="foreignkey")),
        ("mysql", lambda op: op.rename_constraint("t", "fk", "fk2")),
    ],
)
def test_what_needs_the_catalog_says_so(dialect: str, call: Call) -> None:
    """No half of a rename is ever written."""
    with pytest.raises(RenameRefused):
        _script(dialect, call)


@pytest.mark.parametrize(
    ("dialect", "longest", "unit"),
    [("oracle", "ä" * 64, "bytes"), ("mssql", "ä" * 128, "characters")],
)
def test_a_name_that_is_too_long_is_refused(dialect: str, longest: str, unit: str) -> None:
    """Oracle counts bytes, SQL Server characters; 128 is the limit of both."""
    _script(dialect, lambda op: op.rename_column("t", "a", longest))

    with pytest.raises(NameTooLong, match=f"{unit}; {dialect} allows 128"):
        _script(dialect, lambda op: op.rename_column("t", "a", f"{longest}x"))


def test_percent_and_colon_mean_themselves() -> None:
    """Nothing in a name is a parameter."""
    script = _script("postgresql", lambda op: op.rename_column("t", "a%b", "c:d"))

    assert script == 'ALTER TABLE t RENAME COLUMN "a%b" TO "c:d";'
