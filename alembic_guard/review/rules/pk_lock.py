"""GRD108: A PRIMARY KEY that builds its index under lock."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.wording import listed, quoted, short
from ..place import Place
from ..statements import AddColumn, AddConstraint
from . import Rule, rule


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
