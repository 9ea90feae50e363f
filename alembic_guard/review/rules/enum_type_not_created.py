"""GRD307: an enum type that nothing creates, or that is created twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeGuard

from ...facts import Finding
from .. import statements as st
from ..place import Place
from ..specs import ColumnSpec, TypeSpec, is_known
from ..statements import AddColumn, AlterColumn, CreateTable, CreateType
from . import Rule, rule


@rule
class EnumTypeNotCreated(Rule):
    """An enum type that nothing creates, or that is created twice.

    What it does
    ------------
    Finds columns of an enum type that no statement before them creates, and enum types created
    when they exist.

    Why it matters
    --------------
    ``op.add_column`` and ``op.alter_column`` never create an enum type, and ``create_type=False``
    says not to: the deployment fails with "type does not exist". ``op.create_table`` always
    creates it and fails when it exists.

    Instead
    -------
    ``sa.Enum(..., name="x").create(op.get_bind(), checkfirst=True)`` first, and
    ``postgresql.ENUM(..., create_type=False)`` in the column.

    References
    ----------
    https://docs.sqlalchemy.org/en/20/dialects/postgresql.html#sqlalchemy.dialects.postgresql.ENUM
    """

    code = "GRD307"
    name = "enum-type-not-created"
    hazard = "F07"
    severity = "error"
    dialects = ("postgresql",)
    on = (
        AddColumn,
        AlterColumn,
        CreateTable,
        CreateType,
    )
    bad = (
        'op.add_column("orders", sa.Column("channel", sa.Enum("web", "shop", name="channel")))',
        """
        op.execute("CREATE TYPE channel AS ENUM ('web', 'shop')")
        op.create_table("visits", sa.Column("channel", sa.Enum("web", "shop", name="channel")))
        """,
    )
    good = (
        """
        sa.Enum("web", "shop", name="channel").create(op.get_bind(), checkfirst=True)
        op.add_column("orders", sa.Column("channel", sa.Enum("web", "shop", name="channel", create_type=False)))
        """,
        """
        op.create_table("visits", sa.Column("channel", sa.Enum("web", "shop", name="channel")))
        op.add_column("orders", sa.Column("channel", sa.Enum("web", "shop", name="channel")))
        """,
    )

    def check(
        self, statement: AddColumn | AlterColumn | CreateTable | CreateType, at: Place
    ) -> Iterator[Finding]:
        if isinstance(statement, CreateType):
            yield from self._created_again(statement, at)
        elif isinstance(statement, CreateTable):
            for column in statement.columns:
                if self._is_enum(column.type):
                    yield from self._in_table(statement, column, column.type, at)
        elif statement.via != "sql":
            kind = statement.type if isinstance(statement, AlterColumn) else statement.column.type
            stated = isinstance(statement, AlterColumn) and _is_same(statement.existing_type, kind)
            if self._is_enum(kind) and not stated and not self._exists(kind, at):
                yield self._missing(statement, kind, at)

    def _is_enum(self, kind: TypeSpec | None) -> TypeGuard[TypeSpec]:
        return kind is not None and kind.name == "enum" and kind.native and is_known(kind.enum_name)

    def _exists(self, kind: TypeSpec, at: Place) -> bool:
        """Whether it is known, or an enum of unknown name was created that may be this one."""
        name = kind.enum_name or ""
        if any(isinstance(s, CreateType) and not is_known(s.name) for s in at.earlier):
            return True
        return name in at.schema.types or name.rpartition(".")[2] in at.schema.types

    def _in_table(
        self, statement: CreateTable, column: ColumnSpec, kind: TypeSpec, at: Place
    ) -> Iterator[Finding]:
        """CREATE TABLE makes the type itself unless told not to, once for each migration."""
        where = column.line or statement
        if kind.create_type is False:
            if not self._exists(kind, at) and statement.via != "sql":
                yield self._missing(where, kind, at)
            return
        known = at.schema.types.get(kind.enum_name or "")
        if known is None or statement.via == "sql" or statement.if_not_exists:
            return
        explicit = any(isinstance(s, CreateType) and s.name == kind.enum_name for s in at.earlier)
        if known.created_in is not None and (known.created_in != at.key or explicit):
            yield self._twice(where, kind.enum_name or "", at)

    def _created_again(self, statement: CreateType, at: Place) -> Iterator[Finding]:
        known = at.schema.types.get(statement.name)
        if known is None or known.created_in is None or statement.checkfirst:
            return
        if statement.kind == "enum" and not statement.context.conditional:
            yield self._twice(statement, statement.name, at)

    def _missing(self, where: st.Statement | int, kind: TypeSpec, at: Place) -> Finding:
        name, values = kind.enum_name or "", ", ".join(f'"{value}"' for value in kind.values)
        return self.finding(
            at,
            where,
            f"Nothing creates the enum type {name}: this fails with 'type \"{name}\" does not exist'.",
            f"""
            Create it first:

                sa.Enum({values}, name="{name}").create(op.get_bind(), checkfirst=True)
            """,
            objects=[name],
        )

    def _twice(self, where: st.Statement | int, name: str, at: Place) -> Finding:
        return self.finding(
            at,
            where,
            f"The enum type {name} exists already: this fails with 'type \"{name}\" already exists'.",
            f"""
            Use the existing type in the column:

                postgresql.ENUM(..., name="{name}", create_type=False)
            """,
            objects=[name],
        )


def _is_same(old: TypeSpec | None, new: TypeSpec | None) -> bool:
    """Whether the column has this enum type already, by its own account."""
    return old is not None and new is not None and old.enum_name == new.enum_name
