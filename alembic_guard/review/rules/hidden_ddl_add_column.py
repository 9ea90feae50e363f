"""GRD125: an added column that brings an index or constraint along."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.wording import index_name, listed, quoted, short
from ..place import Place
from ..specs import ColumnSpec
from ..statements import AddColumn
from . import Rule, rule


@rule
class HiddenDdlAddColumn(Rule):
    """An added column that brings an index or constraint along.

    What it does
    ------------
    Finds ``op.add_column`` whose Column has index=True, unique=True or a ForeignKey: Alembic
    emits further statements for them.

    Why it matters
    --------------
    The line looks like a harmless new column; the hidden statement builds an index or checks a
    reference while the table is locked.

    Instead
    -------
    Add the bare column, and the index or constraint by its online steps in later revisions.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/ops.html#alembic.operations.Operations.add_column
    """

    code = "GRD125"
    name = "hidden-ddl-add-column"
    hazard = "L25"
    dialects = ("postgresql", "mysql", "mariadb")
    on = (AddColumn,)
    bad = (
        'op.add_column("orders", sa.Column("region", sa.String(), index=True))',
        'op.add_column("orders", sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id")))',
    )
    good = (
        'op.add_column("orders", sa.Column("region", sa.String()))',
        """
        op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True))
        op.add_column("orders", sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id")))
        """,
    )

    def check(self, statement: AddColumn, at: Place) -> Iterator[Finding]:
        column, table = statement.column, statement.table
        if at.is_new(table) or column.identity:
            return
        hidden = list(self._hidden(column, at, statement.via == "sql"))
        if not hidden:
            return
        yield self.finding(
            at,
            statement,
            f"Adding {table}.{column.name} also {' and '.join(hidden)}, and {table} stays locked meanwhile.",
            self._instead(table, column, at),
            objects=[f"{table}.{column.name}"],
        )

    def _hidden(self, column: ColumnSpec, at: Place, sql: bool) -> Iterator[str]:
        """What else happens; on MySQL building a plain index blocks nobody."""
        postgresql = at.dialect == "postgresql"
        if column.unique and postgresql:
            yield "builds a unique index under lock"
        elif column.index and postgresql:
            yield "builds an index under lock"
        if column.foreign is not None and not sql:
            target = column.foreign.ref_table or "the referenced table"
            yield f"adds a foreign key that locks {target} against writes while every row is checked"

    def _instead(self, table: str, column: ColumnSpec, at: Place) -> str:
        if column.foreign is not None and not (column.index or column.unique):
            name = column.foreign.name or index_name(table, (column.name,), "fk")
            return f"""
                Add the column without the ForeignKey, then the reference in two revisions:

                    op.create_foreign_key({quoted(name)}, {quoted(short(table))},
                                          {quoted(short(column.foreign.ref_table or "table"))},
                                          {listed([column.name])}, {listed(column.foreign.ref_columns or ["id"])},
                                          postgresql_not_valid=True)
                    # next revision
                    op.execute("ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
                """
        unique = "unique=True, " if column.unique else ""
        name = index_name(table, (column.name,), "uq" if column.unique else "ix")
        return f"""
            Add the bare column, then the index in a revision of its own:

                with op.get_context().autocommit_block():
                    op.create_index({quoted(name)}, {quoted(short(table))}, {listed([column.name])},
                                    {unique}postgresql_concurrently=True)
            """
