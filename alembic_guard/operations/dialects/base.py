"""Renames in standard SQL, and what every dialect shares."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import DDLElement

from ...errors import NameMissing, NameTaken, NameTooLong, RenameRefused

if TYPE_CHECKING:
    from alembic.ddl.impl import DefaultImpl
    from alembic.operations import ops as alembic_ops
    from sqlalchemy.sql.compiler import DDLCompiler

    from ..ops import RenameOp

log = logging.getLogger("alembic_guard.operations")


class Statement(DDLElement):
    """Literal SQL whose percent signs and colons mean themselves, online and in ``--sql`` mode."""

    inherit_cache = False

    def __init__(self, sql: str) -> None:
        self.sql = sql


@compiles(Statement)
def _compile_statement(element: Statement, compiler: DDLCompiler, **_: Any) -> str:
    doubles = getattr(compiler.preparer, "_double_percents", False)
    return element.sql.replace("%", "%%") if doubles else element.sql


class Renamer:
    """Write and run the renames of one dialect.

    :param impl: Alembic's implementation for the dialect; it holds the connection, or the
     script that ``--sql`` mode writes.
    """

    longest_name: ClassVar[int | None] = None
    """How long a name may be, in the unit `name_length` counts."""

    length_unit: ClassVar[str] = "characters"

    needs_catalog: ClassVar[frozenset[str]] = frozenset()
    """Kinds that have no statement here and are renamed from what the catalog says of them."""

    def __init__(self, impl: DefaultImpl) -> None:
        self.impl = impl
        self.dialect = impl.dialect
        self.connection = None if impl.as_sql else impl.connection

    def rename(self, op: RenameOp) -> None:
        """Check the new name, then rename."""
        if op.old_name == op.new_name:
            return
        self.check_length(op.kind, op.table_name, op.old_name, op.new_name)
        getattr(self, f"rename_{op.kind}")(op)

    def rename_table(self, op: alembic_ops.RenameTableOp) -> None:
        """Rename a table the way Alembic does, once the new name is known to be fine."""
        old, new = op.table_name, op.new_table_name
        if old == new:
            return
        self.check_length("table", None, old, new)
        self.check_table(op)
        self.run_table_rename(op)

    def check_table(self, op: alembic_ops.RenameTableOp) -> None:
        """Refuse what the catalog shows to be impossible; most databases say so themselves."""

    def run_table_rename(self, op: alembic_ops.RenameTableOp) -> None:
        """Emit the statement."""
        self.impl.rename_table(op.table_name, op.new_table_name, schema=op.schema)

    def rename_column(self, op: RenameOp) -> None:
        """``ALTER TABLE .. RENAME COLUMN .. TO ..``."""
        self.run(
            f"ALTER TABLE {self.name(op.table_name, op.schema)} "
            f"RENAME COLUMN {self.quote(op.old_name)} TO {self.quote(op.new_name)}"
        )

    def rename_index(self, op: RenameOp) -> None:
        """``ALTER INDEX .. RENAME TO ..``."""
        self.run(
            f"ALTER INDEX {self.name(op.old_name, op.schema)} RENAME TO {self.quote(op.new_name)}"
        )

    def rename_constraint(self, op: RenameOp) -> None:
        """``ALTER TABLE .. RENAME CONSTRAINT .. TO ..``."""
        self.run(
            f"ALTER TABLE {self.name(op.table_name, op.schema)} "
            f"RENAME CONSTRAINT {self.quote(op.old_name)} TO {self.quote(op.new_name)}"
        )

    def rename_sequence(self, op: RenameOp) -> None:
        """``ALTER SEQUENCE .. RENAME TO ..``."""
        self.run(
            f"ALTER SEQUENCE {self.name(op.old_name, op.schema)} "
            f"RENAME TO {self.quote(op.new_name)}"
        )

    def rename_schema(self, op: RenameOp) -> None:
        """Refuse: moving a table between schemas is not standard SQL."""
        raise self.refused(op, f"{self.dialect.name} cannot move {op.table_name} to {op.new_name}.")

    def rename_statistics(self, op: RenameOp) -> None:
        """Nothing to do: only PostgreSQL has extended statistics with a name of their own."""
        log.info("%s has no named statistics: %s stays", self.dialect.name, op.old_name)

    def rename_enum_type(self, op: RenameOp) -> None:
        """Nothing to do: only PostgreSQL has enum types with a name of their own."""
        log.info(
            "%s has no named enum types: nothing to rename for %s", self.dialect.name, op.old_name
        )

    def rename_enum_value(self, op: RenameOp) -> None:
        """Refuse: elsewhere the values are part of each column's definition and of its rows."""
        raise self.refused(
            op,
            f"{self.dialect.name} has no enum types with values to rename; change "
            f"{op.old_name!r} into {op.new_name!r} in the columns that use {op.table_name}: "
            "alter the column, update its rows, alter it again.",
        )

    def run(self, sql: str) -> None:
        """Execute literal SQL, or write it into the script."""
        self.impl.execute(Statement(sql))

    def rows(self, sql: str, parameters: Mapping[str, Any] = {}) -> list[Any]:
        """Read from the catalog; nothing in ``--sql`` mode, where there is none to read."""
        if self.connection is None:
            return []
        return list(self.connection.execute(sa.text(sql), dict(parameters)))

    def quote(self, name: str) -> str:
        """An identifier, quoted where it must be; percent signs are doubled only on compiling."""
        preparer = self.dialect.identifier_preparer
        quoted = preparer.quote(name)
        return quoted.replace("%%", "%") if getattr(preparer, "_double_percents", False) else quoted

    def name(self, name: str, schema: str | None) -> str:
        """A table, index or type with its schema in front."""
        if not schema:
            return self.quote(name)
        parts = [schema] if hasattr(schema, "quote") else schema.split(".")
        return ".".join(self.quote(part) for part in (*parts, name))

    def name_length(self, name: str) -> int:
        """The length that counts against `longest_name`."""
        return len(name)

    def check_length(self, kind: str, owner: str | None, old: str, new: str) -> None:
        """Refuse a name the database would cut: two cut names may become one."""
        longest = self.longest_name
        if longest is not None and self.name_length(new) > longest:
            raise NameTooLong(
                f"The new {kind} name {new!r} has {self.name_length(new)} {self.length_unit}; "
                f"{self.dialect.name} allows {longest}.",
                kind=kind,
                owner=owner,
                old=old,
                new=new,
            )

    def refused(self, op: RenameOp, message: str) -> RenameRefused:
        """The error for `op` with its fields filled in."""
        return RenameRefused(
            message, kind=op.kind, owner=op.table_name, old=op.old_name, new=op.new_name
        )

    def taken(self, op: RenameOp) -> NameTaken:
        """The error when the new name belongs to something else."""
        where = f" in {op.table_name}" if op.table_name else ""
        return NameTaken(
            f"Cannot rename {op.kind} {op.old_name!r} to {op.new_name!r}: "
            f"there is already a {op.kind} {op.new_name!r}{where}.",
            kind=op.kind,
            owner=op.table_name,
            old=op.old_name,
            new=op.new_name,
        )

    def missing(self, op: RenameOp, *, is_done: bool = False) -> NameMissing:
        """The error when there is nothing to rename.

        :param is_done: there is something with the new name, so somebody may have been faster.
        """
        where = f"{op.table_name} has" if op.table_name else "there is"
        done = (
            f", but there is a {op.new_name!r}. If it was renamed by hand, mark the revision as "
            "applied (alembic stamp)."
        )
        return NameMissing(
            f"Cannot rename {op.kind} {op.old_name!r} to {op.new_name!r}: {where} no such "
            f"{op.kind}{done if is_done else '.'}",
            kind=op.kind,
            owner=op.table_name,
            old=op.old_name,
            new=op.new_name,
        )

    def check_table_names(
        self, op: alembic_ops.RenameTableOp, has_old: bool, has_new: bool
    ) -> None:
        """Refuse a table rename whose new name is taken, or which seems to be done already."""
        old, new = op.table_name, op.new_table_name
        if has_new and has_old:
            raise NameTaken(
                f"Cannot rename table {old!r}: there is already something called {new!r}.",
                kind="table",
                old=old,
                new=new,
            )
        if has_new:
            raise NameMissing(
                f"Cannot rename table {old!r}: it does not exist, but {new!r} does. If it was "
                "renamed by hand, mark the revision as applied (alembic stamp).",
                kind="table",
                old=old,
                new=new,
            )
