"""GRD108: A PRIMARY KEY that builds its index under lock."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.wording import listed, quoted, short
from ..place import Place
from ..statements import AddColumn, AddConstraint
from . import Example, Rule, rule


@rule
class PkLock(Rule):
    """A PRIMARY KEY that builds its index under lock.

    What it does
    ------------
    Finds primary keys added to existing tables that are not made from an index, or whose columns
    may still be NULL.

    Why it matters
    --------------
    The index is built, and the columns are searched for NULLs, while ACCESS EXCLUSIVE is held
    (MySQL rebuilds the whole table): all reads and writes wait.

    Instead
    -------
    Make the columns NOT NULL by way of a validated CHECK, build a unique index concurrently, then
    ``ADD PRIMARY KEY USING INDEX``.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX
    """

    code = "GRD108"
    name = "pk-lock"
    hazard = "L08"
    dialects = ("postgresql", "mysql", "mariadb")
    on = (
        AddConstraint,
        AddColumn,
    )
    bad = (
        'op.create_primary_key("pk_events", "events", ["id"])',
        'op.execute("ALTER TABLE events ADD PRIMARY KEY (id)")',
        Example(
            (
                'op.create_table("events", sa.Column("id", sa.Integer, nullable=True))',
                """
                with op.get_context().autocommit_block():
                    op.create_index("pk_events", "events", ["id"], unique=True, postgresql_concurrently=True)
                op.execute("ALTER TABLE events ADD CONSTRAINT pk_events PRIMARY KEY USING INDEX pk_events")
                """,
            )
        ),
    )
    good = (
        """
        with op.get_context().autocommit_block():
            op.create_index("pk_events", "events", ["id"], unique=True, postgresql_concurrently=True)
        op.execute("ALTER TABLE events ADD CONSTRAINT pk_events PRIMARY KEY USING INDEX pk_events")
        """,
    )

    def check(self, statement: AddConstraint | AddColumn, at: Place) -> Iterator[Finding]:
        table = statement.table
        if at.is_new(table):
            return
        if isinstance(statement, AddColumn):
            column = statement.column
            if (
                column.primary_key
                and not column.identity
                and (column.default or statement.via == "sql")
            ):
                yield self._found(at, statement, f"pk_{short(table)}", (column.name,))
            return
        spec = statement.constraint
        if spec.kind == "primary" and not spec.using_index:
            yield self._found(at, statement, spec.name or f"pk_{short(table)}", spec.columns)
        elif spec.kind == "primary" and at.dialect == "postgresql":
            nullable = _nullable_columns(spec.using_index, at)
            if nullable:
                yield self._scanned(at, statement, nullable)

    def _scanned(self, at: Place, statement: AddConstraint, columns: list[str]) -> Finding:
        table, column = statement.table, columns[0]
        return self.finding(
            at,
            statement,
            f"The index is there, but {table}.{column} may be NULL: all rows are read to make it NOT NULL "
            f"under ACCESS EXCLUSIVE, and every read and write of {table} waits.",
            f"""
            Prove it beforehand, without blocking:

                op.execute("ALTER TABLE {table} ADD CONSTRAINT {column}_nn CHECK ({column} IS NOT NULL) NOT VALID")
                # next revision
                op.execute("ALTER TABLE {table} VALIDATE CONSTRAINT {column}_nn")
            """,
            objects=[table, column],
        )

    def _found(
        self, at: Place, statement: AddConstraint | AddColumn, name: str, columns: tuple[str, ...]
    ) -> Finding:
        table = statement.table
        if at.dialect != "postgresql":
            message = (
                f"Adding the primary key {name} rebuilds {table}: its rows are stored in key order."
            )
            instead = (
                f"Run it when {table} is quiet, or online with gh-ost or pt-online-schema-change."
            )
        else:
            message = (
                f"The primary key {name} builds its index, and looks for NULLs, under ACCESS EXCLUSIVE: "
                f"every read and write of {table} waits."
            )
            instead = f"""
                Build the index first, without blocking; {", ".join(columns)} must be NOT NULL by then:

                    with op.get_context().autocommit_block():
                        op.create_index({quoted(name)}, {quoted(short(table))}, {listed(columns)},
                                        unique=True, postgresql_concurrently=True)
                    op.execute("ALTER TABLE {table} ADD CONSTRAINT {name} PRIMARY KEY USING INDEX {name}")
                """
        return self.finding(at, statement, message, instead, objects=[table, name])


def _nullable_columns(index: str | None, at: Place) -> list[str]:
    """Columns of the index that the history left nullable, without a CHECK that proves otherwise."""
    spec, table = at.schema.index(index), at.table(at.schema.index_table(index))
    if spec is None or table is None:
        return []
    found = (table.columns.get(name) for name in spec.columns)
    nullable = [column.name for column in found if column and column.line and column.nullable]
    proofs = {name: table.proves_not_null(name) for name in nullable}
    return [name for name in nullable if not ((proof := proofs[name]) and proof.valid)]
