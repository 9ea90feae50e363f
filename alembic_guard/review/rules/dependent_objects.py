"""GRD320: A drop or type change of something that another object needs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...facts import Finding
from .. import statements as st
from ..knowledge.conversions import is_same
from ..place import Place
from ..statements import AlterColumn, DropColumn, DropConstraint, DropIndex, DropTable, DropType
from . import Example, Rule, rule


@rule
class DependentObjects(Rule):
    """A drop or type change of something that another object needs.

    What it does
    ------------
    Finds columns and tables that a view created in the history reads, tables, columns and keys that
    a foreign key references, indexes that belong to a constraint, and types that a column has.

    Why it matters
    --------------
    PostgreSQL refuses it: the deployment fails.

    Instead
    -------
    Drop or replace the dependent object first, in the same revision.

    References
    ----------
    https://www.postgresql.org/docs/current/ddl-depend.html
    """

    code = "GRD320"
    name = "dependent-objects"
    hazard = "F20"
    severity = "error"
    dialects = ("postgresql",)
    on = (
        DropColumn,
        DropTable,
        AlterColumn,
        DropConstraint,
        DropIndex,
        DropType,
    )
    bad = (
        Example(
            (
                'op.execute("CREATE VIEW shipped AS SELECT id, shipped_at FROM orders")',
                'op.drop_column("orders", "shipped_at")',
            )
        ),
        Example(
            (
                'op.create_table("parcels", sa.Column("id", sa.Integer, primary_key=True), sa.Column("code", sa.Text, unique=True))',
                'op.create_table("labels", sa.Column("code", sa.Text, sa.ForeignKey("parcels.code")))',
                'op.drop_column("parcels", "code")',
            )
        ),
        Example(
            (
                'op.create_table("parcels", sa.Column("id", sa.Integer), sa.PrimaryKeyConstraint("id", name="pk_parcels"))',
                'op.create_table("labels", sa.Column("parcel_id", sa.Integer, sa.ForeignKey("parcels.id")))',
                'op.drop_constraint("pk_parcels", "parcels", type_="primary")',
            )
        ),
        Example(
            (
                'op.create_table("parcels", sa.Column("size", sa.Enum("s", "m", name="parcel_size")))',
                'op.execute("DROP TYPE parcel_size")',
            )
        ),
    )
    good = (
        Example(
            (
                'op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.Integer))',
                'op.execute("CREATE VIEW shipped AS SELECT id FROM orders")',
                'op.alter_column("orders", "a", existing_type=sa.Integer(), server_default="1")',
            )
        ),
        Example(
            """
            op.create_table("parcels", sa.Column("size", sa.Enum("s", "m", name="parcel_size")))
            op.drop_table("parcels")
            op.execute("DROP TYPE parcel_size")
            """
        ),
    )

    def check(self, statement: st.Statement, at: Place) -> Iterator[Finding]:
        if getattr(statement, "cascade", False):
            return
        found = self._dependent(statement, at)
        if found is not None:
            what, needed_by, instead = found
            yield self.finding(
                at,
                statement,
                f"{needed_by} needs {what}: PostgreSQL refuses this, and the deployment fails.",
                instead,
                objects=[what],
            )

    def _dependent(self, statement: st.Statement, at: Place) -> tuple[str, str, str] | None:
        if isinstance(statement, DropIndex):
            return self._constraint_of(statement, at)
        if isinstance(statement, DropType):
            return self._column_of(statement, at)
        if isinstance(statement, DropTable):
            view = self._view(at, statement.table, None)
            return (
                self._of_view(statement.table, view)
                if view
                else self._reference(statement.table, at)
            )
        if isinstance(statement, DropConstraint):
            return self._key_reference(statement, at)
        if isinstance(statement, AlterColumn):
            old = at.old_type(statement)
            if statement.type is None or (old is not None and is_same(old, statement.type)):
                return None
        assert isinstance(statement, (DropColumn, AlterColumn))
        view = self._view(at, statement.table, statement.column)
        name = f"{statement.table}.{statement.column}"
        if view:
            return self._of_view(name, view)
        if isinstance(statement, DropColumn):
            return self._reference(statement.table, at, (statement.column,), name)
        return None

    def _of_view(self, what: str, view: str) -> tuple[str, str, str]:
        return (
            what,
            f"The view {view}",
            f'op.execute("DROP VIEW {view}") before it, and create it again after it.',
        )

    def _view(self, at: Place, table: str, column: str | None) -> str | None:
        """A view that reads the table, and the column when one is given."""
        words = [table.rpartition(".")[2], *([column] if column else [])]
        for name, body in at.schema.views.items():
            if all(re.search(rf"\b{re.escape(word)}\b", body) for word in words):
                return name
        return None

    def _key_reference(self, statement: DropConstraint, at: Place) -> tuple[str, str, str] | None:
        """A foreign key that references what a primary key or unique constraint keeps unique."""
        table = at.table(statement.table)
        found = table.constraint(statement.name) if table is not None else None
        if found is None or found.kind not in ("primary", "unique") or not found.spec.columns:
            return None
        return self._reference(statement.table, at, found.spec.columns, found.name, whole=True)

    def _reference(
        self,
        table: str,
        at: Place,
        columns: Sequence[str] = (),
        what: str = "",
        *,
        whole: bool = False,
    ) -> tuple[str, str, str] | None:
        """A foreign key of another table that references the table, or these columns of it.

        :param whole: all the columns it references are these.
        """
        here = at.table(table)
        key = here.primary_key() if here is not None else ()
        for other in at.schema.tables():
            if other.name == table:
                continue
            for found in other.of_kind("foreign"):
                wanted = found.spec.ref_columns or key
                meant = set(columns) == set(wanted) if whole else set(columns) & set(wanted)
                if found.spec.ref_table == table and (meant or not columns):
                    name = f"The foreign key {found.name} of {other.name}"
                    return (
                        what or table,
                        name,
                        f'op.drop_constraint("{found.name}", "{other.name}") before it.',
                    )
        return None

    def _column_of(self, statement: DropType, at: Place) -> tuple[str, str, str] | None:
        """A column of the type; where two types share a name in the history, it may be the other."""
        if statement.name not in at.schema.types:
            return None
        for table in at.schema.tables():
            for column in table.columns.values():
                if column.type is not None and column.type.enum_name == statement.name:
                    instead = "Drop the column, or give it another type, before it."
                    return statement.name, f"The column {table.name}.{column.name}", instead
        return None

    def _constraint_of(self, statement: DropIndex, at: Place) -> tuple[str, str, str] | None:
        table = at.table(at.table_of(statement))
        found = table.constraint(statement.name) if table is not None else None
        if table is None or found is None or found.kind not in ("unique", "primary", "exclude"):
            return None
        instead = f'op.drop_constraint("{found.name}", "{table.name}") drops both.'
        return statement.name or "", f"The constraint {found.name} of {table.name}", instead
