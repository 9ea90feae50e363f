"""GRD326: a column definition that MySQL refuses."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ...record import replace
from ..knowledge.mysql_ddl import is_long
from ..place import Place
from ..specs import ColumnSpec, Default, TypeSpec, Unset
from ..statements import AddColumn, AlterColumn, CreateTable
from . import Rule, rule


@rule
class MysqlRefusedColumn(Rule):
    """A column definition that MySQL refuses.

    What it does
    ------------
    Finds ``sa.String()`` without a length, and on MySQL a literal default of a TEXT, BLOB or JSON
    column.

    Why it matters
    --------------
    SQLAlchemy stops with "VARCHAR requires a length on dialect mysql", the server with "BLOB, TEXT,
    GEOMETRY or JSON column can't have a default value": the deployment fails.

    Instead
    -------
    ``sa.String(255)``; ``server_default=sa.text("('x')")``, an expression since MySQL 8.0.13.

    References
    ----------
    https://dev.mysql.com/doc/refman/8.4/en/data-type-defaults.html#data-type-defaults-explicit
    """

    code = "GRD326"
    name = "mysql-refused-column"
    hazard = "F26"
    severity = "error"
    dialects = ("mysql", "mariadb")
    supersedes = ("GRD127", "GRD128")
    on = (
        AddColumn,
        AlterColumn,
        CreateTable,
    )
    directions = ("upgrade", "downgrade")
    bad = (
        'op.create_table("tags", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String()))',
        'op.add_column("tags", sa.Column("note", sa.Text(), server_default="none"))',
    )
    good = (
        'op.create_table("tags", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(80)))',
        """
        op.create_table(
            "tags",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("note", sa.Text(), server_default=sa.text("('none')")),
        )
        """,
    )

    def check(
        self, statement: AddColumn | AlterColumn | CreateTable, at: Place
    ) -> Iterator[Finding]:
        for column in _columns(statement, at):
            kind, name = column.type, f"{statement.table}.{column.name}"
            if kind is not None and kind.unsized:
                yield self.finding(
                    at,
                    statement,
                    f"{name} is a {kind.text} without a length: SQLAlchemy refuses to write it for MySQL.",
                    f"Give it a length, sa.{kind.text}(255), or use sa.Text().",
                    objects=[name],
                )
            elif at.dialect == "mysql" and _is_refused(kind, column.default):
                yield self.finding(
                    at,
                    statement,
                    f"{name} is {kind}, which cannot have a literal default: MySQL refuses it.",
                    "Write the default as an expression, in parentheses (MySQL 8.0.13): "
                    "server_default=sa.text(\"('...')\").",
                    objects=[name],
                )


def _columns(statement: AddColumn | AlterColumn | CreateTable, at: Place) -> tuple[ColumnSpec, ...]:
    """What is defined; MODIFY states the existing type again, SET DEFAULT does not."""
    if isinstance(statement, CreateTable):
        return statement.columns
    if isinstance(statement, AddColumn):
        return (statement.column,)
    kind, default = statement.type, statement.server_default
    if kind is None and statement.nullable is not None:
        kind = statement.existing_type
    if default is None or isinstance(default, Unset):
        return (ColumnSpec(statement.column, kind),)
    old = at.old_type(statement)
    known = kind or (old and replace(old, unsized=False))
    return (ColumnSpec(statement.column, known, default=default),)


def _is_refused(kind: TypeSpec | None, default: Default | None) -> bool:
    return (
        default is not None and default.kind == "literal" and not default.wrapped and is_long(kind)
    )
